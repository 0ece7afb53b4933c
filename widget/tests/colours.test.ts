/** Any colour of a clinic stays readable. */

import { describe, expect, it } from 'vitest'

import { accent, contrast, readColour } from '../src/colours'

const rgb = (colour: string) => readColour(colour) as readonly [number, number, number]
const steps = ['00', '33', '66', '99', 'cc', 'ff']
const every = steps.flatMap(r => steps.flatMap(g => steps.map(b => `#${r}${g}${b}`)))

describe.each([['day', ['#ffffff', '#faf7f2'], false], ['night', ['#1b1917', '#272420'], true]] as const)('by %s', (_, grounds, dark) => {
  it.each(every)('%s', colour => {
    const { fill, onFill, ink } = accent(colour, grounds, dark) ?? { fill: '', onFill: '', ink: '' }
    expect(contrast(rgb(fill), rgb(onFill))).toBeGreaterThanOrEqual(4.5)
    for (const ground of grounds) expect(contrast(rgb(ink), rgb(ground))).toBeGreaterThanOrEqual(4.5)
  })
})

it('a colour that is readable by itself is left as the clinic has it', () => {
  expect(accent('#1f5d57', ['#ffffff'], false)).toEqual({ fill: '#1f5d57', onFill: '#ffffff', ink: '#1f5d57' })
})

it.each(['', 'red', '#12', '#12345', 'url(x)', '#fff;}'])('%s is no colour', text => {
  expect(readColour(text)).toBeNull()
})
