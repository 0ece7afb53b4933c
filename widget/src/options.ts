/** What a clinic may set, read from the data- attributes of its script tag. Nothing there is believed unread. */

import { readColour } from './colours'
import { safeLink, telephoneLink } from './links'

export interface Options {
  readonly server: string
  readonly name: string
  readonly telephone: string
  readonly privacy: string
  readonly greeting: string
  readonly launcher: string
  readonly language: string
  readonly accent: string
  readonly scheme: 'auto' | 'light' | 'dark'
  readonly side: 'left' | 'right'
  readonly bottom: number
  readonly font: string
  readonly headless: boolean
}

const ACCENT = '#1f5d57'

type Data = Readonly<Record<string, string | undefined>>

const oneOf = <T extends string>(value: string | undefined, allowed: readonly T[], otherwise: T): T =>
  allowed.find(one => one === value) ?? otherwise

/** The names of fonts and nothing else, since it becomes part of a style sheet. */
const fontNames = (value: string | undefined): string => (value && /^[\w\s,"'-]+$/.test(value) ? value : '')

export function readOptions(data: Data, source: string): Options {
  const telephone = data.telephone ?? ''
  return {
    server: (data.server ?? source.replace(/\/[^/]*$/, '')).replace(/\/$/, ''),
    name: data.name ?? '',
    telephone: telephoneLink(telephone) ? telephone : '',
    privacy: safeLink(data.privacy ?? '') ?? '',
    greeting: data.greeting ?? '',
    launcher: data.launcher ?? '',
    language: data.language ?? 'en',
    accent: readColour(data.accent ?? '') ? (data.accent as string) : ACCENT,
    scheme: oneOf(data.scheme, ['auto', 'light', 'dark'], 'auto'),
    side: oneOf(data.position, ['left', 'right'], 'right'),
    bottom: Math.min(Math.max(Number(data.bottom) || 0, 0), 400),
    font: fontNames(data.font),
    headless: data.headless !== undefined && data.headless !== 'false',
  }
}
