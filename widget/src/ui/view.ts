/** What every part of the window is drawn from. */

import type { Conversation } from '../conversation'
import { telephoneLink } from '../links'
import type { Options } from '../options'
import type { State } from '../state'
import { type Texts, fill } from '../texts'

export interface View {
  readonly state: State
  readonly conversation: Conversation
  readonly options: Options
  readonly texts: Texts
  /** Fills the screen: a phone, or a page at a high zoom. */
  readonly full: boolean
  announce(text: string): void
}

export const clinicName = ({ options, state }: View): string => options.name || state.config?.name || ''

/** `The Karma Clinic` -> `K`. */
export const initial = (view: View): string => clinicName(view).replace(/^the\s+/i, '').slice(0, 1)

export const privacyLink = ({ options, state }: View): string => options.privacy || state.config?.privacy || ''

/** The number on the page comes first: it is there when the server is not. */
export const telephone = ({ options, state }: View): string => options.telephone || state.config?.telephone || ''

export const telephoneHref = (view: View): string | null => telephoneLink(telephone(view))

export function title(view: View): string {
  const name = clinicName(view)
  return name ? fill(view.texts.chatWith, { name }) : view.texts.automated
}
