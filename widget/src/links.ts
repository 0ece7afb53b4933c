/** Finds what may be a link in a text. Only these schemes ever become one: https, http, mailto, tel. */

export interface Part {
  readonly text: string
  readonly href?: string
}

const SAFE = /^(https?:\/\/|mailto:|tel:)/i
const FOUND = /https?:\/\/[^\s<>"'“”]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g
// The numbers of the urgent cards.
const EMERGENCY = /\b(?:999|111|116 123)\b/g

export function safeLink(href: string): string | null {
  return SAFE.test(href.trim()) ? href.trim() : null
}

/** `020 7946 0123` -> `tel:02079460123`; null for what is no telephone number. */
export function telephoneLink(number: string): string | null {
  const digits = number.replace(/[^\d+]/g, '').replace(/(?!^)\+/g, '')
  return /^\+?\d{3,15}$/.test(digits) ? `tel:${digits}` : null
}

function webLink(found: string): Part {
  if (found.includes('@') && !SAFE.test(found)) return { text: found, href: `mailto:${found}` }
  return { text: found.replace(/^https?:\/\/(www\.)?/i, '').replace(/\/$/, ''), href: found }
}

function cut(text: string, pattern: RegExp, link: (found: string) => Part): Part[] {
  const parts: Part[] = []
  let from = 0
  for (const match of text.matchAll(pattern)) {
    const found = match[0].replace(/[.,;:!?)\]]+$/, '')
    if (match.index > from) parts.push({ text: text.slice(from, match.index) })
    parts.push(link(found))
    from = match.index + found.length
  }
  if (from < text.length) parts.push({ text: text.slice(from) })
  return parts
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

function numbers(text: string, pattern: RegExp): Part[] {
  return cut(text, pattern, found => {
    const href = telephoneLink(found)
    return href ? { text: found, href } : { text: found }
  })
}

/** A text in parts, each plain or a link: addresses, the clinic's telephone number, on urgent cards 999 and the like. */
export function parts(text: string, telephone = '', urgent = false): Part[] {
  const refine = (all: Part[], pattern: RegExp): Part[] =>
    all.flatMap(part => (part.href ? [part] : numbers(part.text, pattern)))
  let all = cut(text, FOUND, webLink)
  if (telephone) all = refine(all, new RegExp(escaped(telephone), 'g'))
  return urgent ? refine(all, EMERGENCY) : all
}

/** The emergency numbers that a text names, each once. */
export function emergencyNumbers(text: string): string[] {
  return [...new Set(text.match(EMERGENCY) ?? [])]
}
