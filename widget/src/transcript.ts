/** A conversation as plain text, to keep. */

import type { Line } from './line'
import { type Texts, fill } from './texts'

const SPEAKERS = { patient: 'you', bot: 'assistant', team: 'team' } as const

export function transcript(lines: readonly Line[], name: string, texts: Texts, language: string): string {
  const time = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' })
  const said = lines.map(({ role, text, time: at }) => {
    const when = Number.isNaN(Date.parse(at)) ? '' : `, ${time.format(new Date(at))}`
    return `${texts[SPEAKERS[role]]}${when}\n${text}\n`
  })
  return [fill(texts.downloadTitle, { name }), '', ...said].join('\n')
}
