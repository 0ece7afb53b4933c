/** Makes any accent colour of a clinic readable: 4.5 to 1 wherever text meets it, by day and by night. */

type Rgb = readonly [number, number, number]

export interface Accent {
  /** Behind text: the patient's own words, the first button. */
  readonly fill: string
  readonly onFill: string
  /** As text, on paper and on cards. */
  readonly ink: string
}

const ENOUGH = 4.5
const WHITE: Rgb = [255, 255, 255]
const BLACK: Rgb = [0, 0, 0]

export function readColour(text: string): Rgb | null {
  const hex = /^#([\da-f]{3}|[\da-f]{6})$/i.exec(text.trim())?.[1]
  if (!hex) return null
  const six = hex.length === 3 ? [...hex].map(digit => digit + digit).join('') : hex
  return [0, 2, 4].map(at => parseInt(six.slice(at, at + 2), 16)) as unknown as Rgb
}

const hex = (colour: Rgb): string => '#' + colour.map(part => Math.round(part).toString(16).padStart(2, '0')).join('')

function luminance(colour: Rgb): number {
  const [r, g, b] = colour.map(part => {
    const share = part / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  }) as unknown as Rgb
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

export function contrast(one: Rgb, other: Rgb): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

function mix(from: Rgb, to: Rgb, share: number): Rgb {
  return from.map((part, at) => Math.round(part + ((to[at] as number) - part) * share)) as unknown as Rgb
}

/** The colour itself, or as little of it darkened or lightened as makes it readable on every ground. */
function readable(colour: Rgb, grounds: readonly Rgb[], towards: Rgb): Rgb {
  for (let share = 0; share < 1; share += 0.04) {
    const tried = mix(colour, towards, share)
    if (grounds.every(ground => contrast(tried, ground) >= ENOUGH)) return tried
  }
  return towards
}

/** The accent for a page by day (`dark` false) or by night, on the given grounds. */
export function accent(colour: string, grounds: readonly string[], dark: boolean): Accent | null {
  const asked = readColour(colour)
  if (!asked) return null
  const ink = readable(asked, grounds.map(ground => readColour(ground) as Rgb), dark ? WHITE : BLACK)
  const fill = dark ? ink : asked
  const onFill = contrast(fill, WHITE) >= ENOUGH ? WHITE : mix(fill, BLACK, 0.88)
  const sure = contrast(fill, onFill) >= ENOUGH ? fill : readable(fill, [onFill], WHITE)
  return { fill: hex(sure), onFill: hex(onFill), ink: hex(ink) }
}
