/** What comes over the wire: one line of the conversation, and the clinic's own words. Nothing is believed unread. */

export interface Button {
  readonly id: string
  readonly title: string
}

export interface CheckRow {
  readonly label: string
  readonly value: string
  readonly change: Button | null
}

export type Show =
  | { readonly kind: 'answer' }
  | { readonly kind: 'urgent'; readonly heading: string; readonly text: string }
  | { readonly kind: 'comparison'; readonly columns: readonly string[]; readonly rows: readonly (readonly string[])[] }
  | { readonly kind: 'ask'; readonly field: string; readonly input: 'text' | 'tel' | 'email'; readonly autocomplete: string; readonly label: string }
  | { readonly kind: 'check'; readonly rows: readonly CheckRow[]; readonly consent: string }
  | { readonly kind: 'reference'; readonly reference: string }

export interface Line {
  readonly n: number
  readonly role: 'patient' | 'bot' | 'team'
  readonly text: string
  readonly time: string
  readonly message: string | null
  readonly buttons: readonly Button[]
  readonly show: Show | null
  readonly apology: boolean
}

export interface Config {
  readonly name: string
  readonly telephone: string
  readonly privacy: string
  readonly greeting: string
  readonly starters: readonly string[]
  readonly most: number
}

type Fields = Readonly<Record<string, unknown>>

export const fields = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {})
export const words = (value: unknown): string => (typeof value === 'string' ? value : '')
export const whole = (value: unknown): number => (typeof value === 'number' && Number.isFinite(value) ? Math.trunc(value) : 0)
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
const strings = (value: unknown): string[] => list(value).map(words)

function readButton(value: unknown): Button | null {
  const { id, title } = fields(value)
  return words(id) && words(title) ? { id: words(id), title: words(title) } : null
}

function readRow(value: unknown): CheckRow {
  const { label, value: said, change } = fields(value)
  return { label: words(label), value: words(said), change: readButton(change) }
}

function readAsk(show: Fields): Show {
  const input = show.input === 'tel' || show.input === 'email' ? show.input : 'text'
  const autocomplete = /^(name|tel|email)$/.test(words(show.autocomplete)) ? words(show.autocomplete) : 'off'
  return { kind: 'ask', field: words(show.field), input, autocomplete, label: words(show.label) }
}

/** How a line may be shown better than by its text; null where that is not known, or not whole. */
function readShow(value: unknown): Show | null {
  const show = fields(value)
  switch (show.kind) {
    case 'answer':
      return { kind: 'answer' }
    case 'urgent':
      return words(show.heading) ? { kind: 'urgent', heading: words(show.heading), text: words(show.text) } : null
    case 'comparison': {
      const rows = list(show.rows).map(strings)
      return rows.length ? { kind: 'comparison', columns: strings(show.columns), rows } : null
    }
    case 'ask':
      return readAsk(show)
    case 'check':
      return { kind: 'check', rows: list(show.rows).map(readRow), consent: words(show.consent) }
    case 'reference':
      return words(show.reference) ? { kind: 'reference', reference: words(show.reference) } : null
    default:
      return null
  }
}

/** A line, or null where what came is none. */
export function readLine(value: unknown): Line | null {
  const line = fields(value)
  const role = line.role === 'patient' || line.role === 'team' ? line.role : 'bot'
  if (whole(line.n) < 1) return null
  return {
    n: whole(line.n),
    role,
    text: words(line.text),
    time: words(line.time),
    message: words(line.message) || null,
    buttons: list(line.buttons).flatMap(one => readButton(one) ?? []),
    show: readShow(line.show),
    apology: line.apology === true,
  }
}

export function readConfig(value: unknown): Config {
  const config = fields(value)
  return {
    name: words(config.name),
    telephone: words(config.telephone),
    privacy: words(config.privacy_page),
    greeting: words(config.greeting),
    starters: strings(config.starters).filter(Boolean),
    most: whole(config.max_characters) || 1000,
  }
}

/** The lines with one more, in the order of their numbers; a line that is there already changes nothing. */
export function withLine(lines: readonly Line[], line: Line): readonly Line[] {
  let at = lines.length
  while (at > 0 && (lines[at - 1] as Line).n > line.n) at -= 1
  return lines[at - 1]?.n === line.n ? lines : [...lines.slice(0, at), line, ...lines.slice(at)]
}
