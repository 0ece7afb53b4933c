/** A text and its card never say the same twice, and never leave a sentence out. */

import { describe, expect, it } from 'vitest'

import { around, besides, unoffered } from '../src/ui/cards'

describe('around a table', () => {
  it('stands what leads up to the list and what follows it', () => {
    const text = 'It depends on the treatment:\n• Freezing: minimal\n• Extraction: 1 to 2 days\nFor the others, no time.\n\nFrom our milia page.'
    expect(around(text)).toEqual(['It depends on the treatment:', 'For the others, no time.\n\nFrom our milia page.'])
  })

  it('stands the whole text where it has no list', () => {
    expect(around('No list here.\n\nAt all.')).toEqual(['', 'No list here.\n\nAt all.'])
  })
})

describe('beside a check page', () => {
  const page = { rows: [{ label: 'Name', value: 'Priya', change: null }], consent: 'By sending this, you agree.' }

  it('stands what is neither row nor consent', () => {
    const text = 'I have changed that.\n\nPlease check your request:\nName: Priya\n\nBy sending this, you agree.\n\nIt is a request. Shall I send it?'
    expect(besides(text, page)).toEqual(['I have changed that.\n\nPlease check your request:', 'It is a request. Shall I send it?'])
  })

  it('stands the whole text where the rows are not in it', () => {
    expect(besides('Not sent yet.\n\nShall I send it?', page)).toEqual(['Not sent yet.\n\nShall I send it?', ''])
  })
})

describe('an offer', () => {
  const text = 'A little.\n\nFrom our page.\n\nWould you like to know more: “How long?”'

  it('that a button makes too is not made twice', () => {
    expect(unoffered({ text, buttons: [{ id: '1', title: 'How long?' }] })).toBe('A little.\n\nFrom our page.')
  })

  it('that no button makes stays', () => {
    expect(unoffered({ text, buttons: [] })).toBe(text)
    expect(unoffered({ text: '“How long?”', buttons: [{ id: '1', title: 'How long?' }] })).toBe('“How long?”')
  })
})
