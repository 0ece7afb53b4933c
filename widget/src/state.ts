/** What a conversation is at one moment, and what may be told of it. */

import type { Config, Line } from './line'
import type { Pending } from './queue'

export interface State {
  readonly open: boolean
  readonly config: Config | null
  readonly lines: readonly Line[]
  readonly queue: readonly Pending[]
  /** `lost`: the last try to reach the server failed. */
  readonly link: 'none' | 'joining' | 'joined' | 'lost'
  readonly working: boolean
  readonly pace: 'quick' | 'slow' | 'very slow'
  readonly unread: number
  readonly urgentUnread: boolean
  /** Reply -> whether it was helpful. */
  readonly rated: Readonly<Record<number, boolean>>
  /** What is said when the patient's data was deleted. */
  readonly farewell: string | null
}

/** What a site may count. No words, no names, no topics. */
export type Told =
  | 'opened' | 'closed' | 'message-sent' | 'answer-shown' | 'urgent-shown' | 'comparison-shown' | 'request-started'
  | 'request-sent' | 'rated' | 'restarted' | 'deleted' | 'downloaded' | 'telephone-used' | 'unreachable'

export interface Ears {
  changed(state: State): void
  /** A line that came just now, not one of an earlier visit. */
  heard(line: Line): void
  tell(what: Told, detail?: Readonly<Record<string, string | boolean>>): void
}

export const EMPTY: State = {
  open: false, config: null, lines: [], queue: [], link: 'none', working: false, pace: 'quick',
  unread: 0, urgentUnread: false, rated: {}, farewell: null,
}
