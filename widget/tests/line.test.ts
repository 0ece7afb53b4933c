/** What comes over the wire is read, never believed. */

import { describe, expect, it } from 'vitest'

import { readConfig, readLine, withLine } from '../src/line'

describe('a line', () => {
  it.each([null, 1, 'x', [], {}, { n: 0 }, { n: 'x' }, { n: NaN }])('of %j is none', value => {
    expect(readLine(value)).toBeNull()
  })

  it('of strange kinds of fields is read as far as it goes', () => {
    const line = readLine({ n: 3, role: 'admin', text: 7, buttons: [{ id: 1 }, null, { id: 'a', title: 'b' }], show: { kind: 'dance' }, apology: 'yes' })
    expect(line).toMatchObject({ n: 3, role: 'bot', text: '', message: null, buttons: [{ id: 'a', title: 'b' }], show: null, apology: false })
  })

  it.each([
    [{ kind: 'urgent', heading: '', text: 'x' }],
    [{ kind: 'comparison', columns: [], rows: [] }],
    [{ kind: 'reference' }],
  ])('shown as %j is shown by its text', show => {
    expect(readLine({ n: 1, text: 'x', show })?.show).toBeNull()
  })

  it('asks in known kinds of fields only', () => {
    const show = { kind: 'ask', field: 'x', input: 'password', autocomplete: 'cc-number', label: 'Card' }
    expect(readLine({ n: 1, show })?.show).toMatchObject({ input: 'text', autocomplete: 'off' })
  })

  it('that is there already changes nothing', () => {
    const one = readLine({ n: 1, text: 'a' })
    const lines = one ? [one] : []
    expect(withLine(lines, { ...lines[0]!, text: 'other' })).toBe(lines)
  })
})

it('what the clinic says of itself has a limit for messages, whatever came', () => {
  expect(readConfig('nonsense')).toMatchObject({ name: '', starters: [], most: 1000 })
})
