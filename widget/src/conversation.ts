/** The state of one conversation, and what may happen to it. Knows no DOM. */

import { type Channel, type Happening, Refused, type Session } from './channel'
import type { Keep } from './keep'
import { type Button, type Line, withLine } from './line'
import { Link } from './link'
import { Pace } from './pace'
import { type Pending, Queue } from './queue'
import { EMPTY, type Ears, type State } from './state'

// A browser opens only six connections to one server: a tab that nobody looks at lets go of its own.
const HIDDEN = 30_000

export class Conversation {
  #state: State = EMPTY
  #session = ''
  // Lines up to here belong to an earlier visit: nobody is told of them anew.
  #before = 0
  #seen = 0
  #serverWorks = false
  readonly #turns = new Set<string>()
  readonly #mine = new Set<string>()
  readonly #pace = new Pace(pace => this.#set({ pace }))
  #hidden: ReturnType<typeof setTimeout> | undefined
  readonly #link: Link
  readonly #queue: Queue

  constructor(
    readonly channel: Channel,
    readonly keep: Keep,
    readonly ears: Ears,
    readonly newId: () => string,
  ) {
    this.#link = new Link(channel, {
      seen: () => this.#seen,
      joined: session => this.#joined(session),
      hear: happening => this.#hearStream(happening),
      lost: error => this.#lost(error),
    })
    this.#queue = new Queue(channel, keep.queue, {
      changed: items => this.#queued(items),
      hear: happening => this.#hear(happening),
      join: () => this.#link.join(),
      turn: (id, on) => this.#turn(id, on),
      // The stream may not know yet that the connection is gone: it is opened anew, and finds out.
      unreached: () => this.#link.renew(),
    })
    this.#state = { ...EMPTY, queue: this.#queue.items }
    for (const { id } of this.#queue.items) this.#mine.add(id)
  }

  get state(): State {
    return this.#state
  }

  open(): void {
    if (this.#state.open) return
    this.keep.opened = true
    this.#set({ open: true, unread: 0, urgentUnread: false })
    this.ears.tell('opened')
    if (this.#state.farewell === null) this.#start()
  }

  close(): void {
    if (!this.#state.open) return
    this.keep.opened = false
    this.#set({ open: false })
    this.ears.tell('closed')
  }

  say(text: string): void {
    this.#send(text.trim(), null, 'typed')
  }

  tap(button: Button): void {
    this.#send(button.title, button.id, 'button')
  }

  /** A button that stands for its words, such as those below the greeting. */
  choose(words: string): void {
    this.#send(words, null, 'button')
  }

  retry(): void {
    this.#queue.again()
    this.#link.wake()
  }

  dismiss(id: string): void {
    this.#queue.drop(id)
  }

  /** Sends the words of a failed turn once more, as a new message. */
  repeat(line: Line): void {
    const said = this.#state.lines.find(one => one.role === 'patient' && one.message === line.message)
    if (said) this.#send(said.text, null, 'button')
  }

  rate(reply: number, helpful: boolean): void {
    this.#set({ rated: { ...this.#state.rated, [reply]: helpful } })
    this.ears.tell('rated', { helpful })
    this.channel.feedback(reply, helpful).catch(() => {})
  }

  async restart(): Promise<void> {
    const session = await this.channel.restart()
    this.#queue.clear()
    this.keep.draft = ''
    this.#joined(session)
    this.#link.renew(true)
    this.ears.tell('restarted')
  }

  /** Deletes what is held on this patient, there and here. */
  async forget(): Promise<void> {
    this.#gone(await this.channel.forget())
    this.ears.tell('deleted')
  }

  /** After a farewell: a conversation of which nobody knows anything. */
  beginAgain(): void {
    this.#set({ farewell: null })
    this.#start()
  }

  visible(visible: boolean): void {
    clearTimeout(this.#hidden)
    if (visible) this.#link.wake()
    else this.#hidden = setTimeout(() => this.#link.rest(), HIDDEN)
  }

  /** The browser says that there is a connection, or none. */
  online(online: boolean): void {
    if (online) this.#link.renew()
    else if (this.#state.link !== 'none') this.#set({ link: 'lost' })
  }

  stop(): void {
    this.#link.stop()
    this.#pace.count(false)
    clearTimeout(this.#hidden)
  }

  #start(): void {
    if (this.#state.link === 'none') this.#set({ link: 'joining' })
    this.#learn()
    this.#link.start()
    this.#queue.again()
  }

  /** What the clinic says of itself; asked for again at the next connection where it did not come. */
  #learn(): void {
    if (!this.#state.config) this.channel.config().then(config => this.#set({ config }), error => this.#lost(error))
  }

  #send(text: string, button: string | null, how: string): void {
    if (!text) return
    const id = this.newId()
    this.#mine.add(id)
    this.#queue.add({ id, text, button })
    this.ears.tell('message-sent', { how })
    this.#link.wake()
  }

  #joined({ session, last }: Session): void {
    if (session !== this.#session) this.#adopt(session, last)
    this.#connected()
  }

  #connected(): void {
    if (this.#state.link === 'joined') return
    this.#set({ link: 'joined' })
    this.#learn()
    this.#queue.again()
  }

  /** Shows another session than before: an empty window, its history comes by the stream. */
  #adopt(session: string, last: number): void {
    const another = this.#session !== ''
    this.#session = session
    this.#before = last
    this.#seen = 0
    this.#serverWorks = false
    this.#turns.clear()
    if (another) this.#queue.forgetButtons()
    this.#set({ lines: [], rated: {}, unread: 0, urgentUnread: false, working: this.#works() })
  }

  #lost(error: unknown): void {
    if (this.#state.farewell !== null) return
    if (this.#state.link !== 'lost') this.ears.tell('unreachable')
    if (error instanceof Refused && error.code === 'origin') console.error('clinic chat: this page is not on the list of allowed origins')
    this.#serverWorks = false
    this.#set({ link: 'lost', working: this.#works() })
  }

  #hearStream(happening: Happening): void {
    if (happening.kind === 'line') this.#seen = Math.max(this.#seen, happening.line.n)
    this.#hear(happening)
  }

  #hear(happening: Happening): void {
    switch (happening.kind) {
      case 'session':
        if (happening.session !== this.#session) this.#another(happening)
        this.#serverWorks = happening.working
        this.#connected()
        return this.#setWorking()
      case 'stored':
        if (happening.session !== this.#session) this.#another({ ...happening, last: happening.line.n - 1 })
        return this.#line(happening.line)
      case 'line':
        return this.#line(happening.line)
      case 'working':
        this.#serverWorks = happening.working
        return this.#setWorking()
      case 'ended':
        return happening.reason === 'forgotten' ? this.#gone('') : undefined
    }
  }

  #another(session: Session): void {
    this.#adopt(session.session, session.last)
    this.#link.renew(true)
  }

  #line(line: Line): void {
    const lines = withLine(this.#state.lines, line)
    if (lines === this.#state.lines) return
    this.#set({ lines })
    if (line.role === 'patient') return line.message ? this.#queue.drop(line.message) : undefined
    this.#pace.count(this.#works())
    if (line.n > this.#before) this.#live(line)
  }

  #live(line: Line): void {
    if (!this.#state.open) {
      const urgentUnread = this.#state.urgentUnread || line.show?.kind === 'urgent'
      this.#set({ unread: this.#state.unread + 1, urgentUnread })
    }
    this.ears.heard(line)
    if (line.message && this.#mine.has(line.message)) this.#count(line)
  }

  #count({ show }: Line): void {
    if (show?.kind === 'answer') this.ears.tell('answer-shown')
    if (show?.kind === 'urgent') this.ears.tell('urgent-shown')
    if (show?.kind === 'comparison') this.ears.tell('comparison-shown')
    if (show?.kind === 'reference') this.ears.tell('request-sent')
    if (show?.kind === 'ask' && this.#asksFirst()) this.ears.tell('request-started')
  }

  /** True where the line before the last reply asked nothing: the form has just begun. */
  #asksFirst(): boolean {
    const replies = this.#state.lines.filter(line => line.role === 'bot')
    const before = replies[replies.length - 2]?.show?.kind
    return before !== 'ask' && before !== 'check'
  }

  #gone(sentence: string): void {
    this.#link.stop()
    this.#queue.clear()
    this.keep.forget()
    this.#session = ''
    this.#adopt('', 0)
    this.#set({ farewell: sentence, link: 'none' })
  }

  #queued(queue: readonly Pending[]): void {
    this.keep.queue = queue
    this.#set({ queue })
    this.#setWorking()
  }

  #turn(id: string, on: boolean): void {
    if (on) this.#turns.add(id)
    else this.#turns.delete(id)
    this.#setWorking()
  }

  #works(): boolean {
    return this.#serverWorks || this.#turns.size > 0 || this.#queue.items.some(({ state }) => state === 'sending')
  }

  #setWorking(): void {
    const working = this.#works()
    if (working === this.#state.working) return
    this.#set({ working })
    this.#pace.count(working)
  }

  #set(change: Partial<State>): void {
    this.#state = { ...this.#state, ...change }
    this.ears.changed(this.#state)
  }
}
