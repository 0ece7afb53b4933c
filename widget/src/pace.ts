/** How long the patient has been waiting for a reply. */

import type { State } from './state'

const SLOW = 8_000
const VERY_SLOW = 25_000

export class Pace {
  #pace: State['pace'] = 'quick'
  #timers: ReturnType<typeof setTimeout>[] = []

  constructor(readonly changed: (pace: State['pace']) => void) {}

  /** Counts anew from now, or not at all. */
  count(on: boolean): void {
    this.#timers.forEach(clearTimeout)
    this.#timers = on ? [setTimeout(() => this.#become('slow'), SLOW), setTimeout(() => this.#become('very slow'), VERY_SLOW)] : []
    this.#become('quick')
  }

  #become(pace: State['pace']): void {
    if (pace !== this.#pace) this.changed(pace)
    this.#pace = pace
  }
}
