/** The style sheet of a window: the fixed part, and the clinic's colour and font. Made by script, which a strict policy allows. */

import { accent } from './colours'
import type { Options } from './options'
import fixed from './window.css?inline'

// The grounds on which the accent stands as text; as in window.css.
const DAY = ['#ffffff', '#faf7f2']
const NIGHT = ['#1b1917', '#272420']

function colours(colour: string, dark: boolean): string {
  const { fill, onFill, ink } = accent(colour, dark ? NIGHT : DAY, dark) ?? { fill: '', onFill: '', ink: '' }
  return `--fill:${fill};--on-fill:${onFill};--accent:${ink};`
}

export function sheet({ accent: colour, font, bottom }: Options): CSSStyleSheet {
  const made = new CSSStyleSheet()
  const face = font === 'inherit' ? getComputedStyle(document.body).fontFamily : font
  made.replaceSync(`${fixed}
.root{${colours(colour, false)}--bottom:${bottom}px;${face ? `--font:${face};` : ''}}
.root.dark{${colours(colour, true)}}`)
  return made
}
