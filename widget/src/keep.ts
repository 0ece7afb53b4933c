/** What the browser keeps: nothing before the window was opened, and nothing that a patient has read. */

import type { Message, TokenPlace } from './channel'
import { fields, words } from './line'

/** As much of the browser's storage as is needed here. */
export interface Drawer {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
  removeItem(key: string): void
}

export class Keep implements TokenPlace {
  #open = false
  #token: string | null = null

  /** `tab` forgets when the tab is closed, `all` is shared by the tabs of the site. */
  constructor(
    readonly name: string,
    readonly tab: Drawer | null,
    readonly all: Drawer | null,
  ) {
    this.#open = this.#read(tab, 'open') === 'yes'
  }

  get opened(): boolean {
    return this.#open
  }

  set opened(open: boolean) {
    this.#open = open
    this.#write(this.tab, 'open', open ? 'yes' : null)
  }

  get token(): string | null {
    return this.#read(this.all, 'token') ?? this.#token
  }

  set token(token: string | null) {
    this.#token = token
    this.#write(this.all, 'token', token)
  }

  /** Messages that are not yet known to be stored by the server. */
  get queue(): Message[] {
    try {
      const kept: unknown = JSON.parse(this.#read(this.tab, 'queue') ?? '[]')
      return (Array.isArray(kept) ? kept : []).map(fields).map(({ id, text, button }) => ({ id: words(id), text: words(text), button: words(button) || null }))
    } catch {
      return []
    }
  }

  set queue(queue: readonly Message[]) {
    const kept = queue.map(({ id, text, button }) => ({ id, text, button }))
    this.#write(this.tab, 'queue', queue.length ? JSON.stringify(kept) : null)
  }

  get draft(): string {
    return this.#read(this.tab, 'draft') ?? ''
  }

  set draft(text: string) {
    this.#write(this.tab, 'draft', text || null)
  }

  forget(): void {
    this.token = null
    this.queue = []
    this.draft = ''
  }

  // A browser may refuse storage at any time: the window then works without it.
  #read(drawer: Drawer | null, what: string): string | null {
    try {
      return drawer?.getItem(`${this.name}-${what}`) ?? null
    } catch {
      return null
    }
  }

  #write(drawer: Drawer | null, what: string, value: string | null): void {
    try {
      if (value === null) drawer?.removeItem(`${this.name}-${what}`)
      else drawer?.setItem(`${this.name}-${what}`, value)
    } catch {
      // Full or forbidden.
    }
  }
}
