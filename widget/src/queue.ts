/** What the patient has sent and the server has not yet stored: in order, tried again, never doubled. */

import { type Channel, type Hear, type Message, Refused } from './channel'

export interface Pending extends Message {
  readonly state: 'waiting' | 'sending' | 'failed' | 'refused'
  readonly why: string
}

export interface Progress {
  changed(items: readonly Pending[]): void
  hear: Hear
  /** A session is needed before the next try. */
  join(): Promise<void>
  turn(id: string, on: boolean): void
  /** A message did not reach the server. */
  unreached(): void
}

const PAUSES = [1000, 3000]
const AFTER_TOO_MANY = 5000

const sleep = (milliseconds: number): Promise<void> => new Promise(resolve => setTimeout(resolve, milliseconds))

export class Queue {
  #items: readonly Pending[]
  #busy = false

  constructor(
    readonly channel: Channel,
    kept: readonly Message[],
    readonly progress: Progress,
  ) {
    this.#items = kept.map(message => ({ ...message, state: 'waiting', why: '' }))
  }

  get items(): readonly Pending[] {
    return this.#items
  }

  add(message: Message): void {
    this.#set([...this.#items, { ...message, state: 'waiting', why: '' }])
    void this.#pump()
  }

  /** Tries again what had failed, each under its first id. */
  again(): void {
    this.#set(this.#items.map(item => (item.state === 'failed' ? { ...item, state: 'waiting' } : item)))
    void this.#pump()
  }

  drop(id: string): void {
    if (this.#items.some(item => item.id === id)) this.#set(this.#items.filter(item => item.id !== id))
  }

  clear(): void {
    this.#set([])
  }

  /** In another session the buttons are unknown: their words are sent instead. */
  forgetButtons(): void {
    this.#set(this.#items.map(item => ({ ...item, button: null })))
  }

  #set(items: readonly Pending[]): void {
    this.#items = items
    this.progress.changed(items)
  }

  #change(id: string, change: Partial<Pending>): void {
    this.#set(this.#items.map(item => (item.id === id ? { ...item, ...change } : item)))
  }

  #find(id: string): Pending | undefined {
    return this.#items.find(item => item.id === id)
  }

  async #pump(): Promise<void> {
    if (this.#busy) return
    this.#busy = true
    for (let next = this.#next(); next; next = this.#next()) await this.#deliver(next.id)
    this.#busy = false
  }

  /** The oldest; while that one has failed, nothing overtakes it. */
  #next(): Pending | undefined {
    const oldest = this.#items.find(item => item.state !== 'refused')
    return oldest?.state === 'waiting' ? oldest : undefined
  }

  async #deliver(id: string): Promise<void> {
    for (let failed = 0; ; ) {
      const item = this.#find(id)
      if (!item) return
      this.#change(id, { state: 'sending' })
      try {
        return await this.#store(item)
      } catch (error) {
        if (!(error instanceof Refused)) this.progress.unreached()
        if (await this.#cured(id, error)) continue
        if (this.#find(id)?.state === 'refused') return
        const pause = PAUSES[failed++]
        if (pause === undefined) return this.#change(id, { state: 'failed' })
        await sleep(pause)
      }
    }
  }

  /** Resolves as soon as the server has stored it; its turn goes on. */
  #store(item: Pending): Promise<void> {
    return new Promise((resolve, reject) => {
      let stored = false
      const over = (error: unknown): void => {
        if (stored) this.progress.turn(item.id, false)
        else reject(error)
      }
      const sent = this.channel.send(item, happening => {
        if (happening.kind === 'stored') {
          stored = true
          this.progress.turn(item.id, true)
        }
        this.progress.hear(happening)
        if (happening.kind === 'stored') {
          this.drop(item.id)
          resolve()
        }
      })
      sent.then(() => over(new Error('not stored')), over)
    })
  }

  /** True where trying again at once makes sense. */
  async #cured(id: string, error: unknown): Promise<boolean> {
    if (!(error instanceof Refused)) return false
    if (error.status === 429) {
      this.#change(id, { state: 'waiting' })
      await sleep(error.after * 1000 || AFTER_TOO_MANY)
      return true
    }
    if (error.code === 'unknown_button' && this.#find(id)?.button) {
      this.#change(id, { button: null })
      return true
    }
    if (error.status === 401) return this.progress.join().then(() => true, () => false)
    if (error.status < 500) this.#change(id, { state: 'refused', why: error.sentence })
    return false
  }
}
