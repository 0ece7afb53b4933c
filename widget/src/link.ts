/** Holds on to the server: one session, and one stream of what happens in it, taken up again whenever it breaks. */

import { type Channel, type Happening, Refused, type Session } from './channel'

export interface Watch {
  /** The newest line that came by the stream: what comes after it is asked for. */
  seen(): number
  joined(session: Session): void
  hear(happening: Happening): void
  lost(error: unknown): void
}

const FIRST_PAUSE = 500
const LONGEST_PAUSE = 30_000

/** 0.5 s, 1 s, 2 s ... 30 s, a little different for each window so that not all come back at once. */
export function pauseAfter(tries: number, chance: number): number {
  return Math.min(FIRST_PAUSE * 2 ** tries, LONGEST_PAUSE) * (0.75 + chance / 2)
}

export class Link {
  #on = false
  #resting = false
  #known = false
  #hurry = false
  #stream = new AbortController()
  #joining: Promise<void> | null = null
  #wakeUp = (): void => {}

  constructor(
    readonly channel: Channel,
    readonly watch: Watch,
  ) {}

  start(): void {
    if (this.#on) return this.wake()
    this.#on = true
    void this.#run()
  }

  stop(): void {
    this.#on = false
    this.#known = false
    this.#stream.abort()
    this.#wakeUp()
  }

  /** Lets the stream go while nobody looks: a browser opens only six to one server. */
  rest(): void {
    this.#resting = true
    this.#stream.abort()
  }

  /** Tries now, however long the pause would have been. */
  wake(): void {
    this.#resting = false
    this.#wakeUp()
  }

  /** Breaks the stream off and begins one anew. */
  renew(known = this.#known): void {
    this.#known = known
    this.#hurry = true
    this.#stream.abort()
    this.wake()
  }

  /** Makes sure of a session; several at once are one. */
  join(): Promise<void> {
    this.#joining ??= this.#join().finally(() => {
      this.#joining = null
    })
    return this.#joining
  }

  async #join(): Promise<void> {
    const session = await this.channel.session()
    this.#known = true
    this.watch.joined(session)
  }

  async #run(): Promise<void> {
    for (let tries = 0; this.#on; tries += 1) {
      const heard = await this.#listen()
      if (heard) tries = 0
      if (this.#on) await this.#pause(pauseAfter(tries, Math.random()))
    }
  }

  /** True where the stream stood; false where it never came to that. */
  async #listen(): Promise<boolean> {
    let heard = false
    this.#stream = new AbortController()
    const { signal } = this.#stream
    try {
      if (!this.#known) await this.join()
      if (!this.#on || this.#resting) return true
      await this.channel.listen(this.watch.seen(), happening => {
        heard = true
        if (happening.kind === 'ended') this.#known = false
        if (!signal.aborted) this.watch.hear(happening)
      }, signal)
    } catch (error) {
      if (error instanceof Refused && error.status === 401) this.#known = false
      else if (!heard && !signal.aborted) this.watch.lost(error)
    }
    return heard
  }

  #pause(milliseconds: number): Promise<void> {
    if (this.#hurry) milliseconds = 0
    this.#hurry = false
    return new Promise(resolve => {
      const timer = this.#resting ? undefined : setTimeout(() => this.#wakeUp(), milliseconds)
      this.#wakeUp = () => {
        clearTimeout(timer)
        this.#wakeUp = () => {}
        resolve()
      }
    })
  }
}
