/** A server that a test plays itself: what was sent, and what it answers, are in the test's hands. */

import { type Channel, type Happening, type Hear, type Message, Refused, type Session } from '../src/channel'
import { Conversation } from '../src/conversation'
import { type Drawer, Keep } from '../src/keep'
import type { Config, Line } from '../src/line'
import type { Told } from '../src/state'

export const CONFIG: Config = { name: 'The Karma Clinic', telephone: '020 7946 0123', privacy: '', greeting: 'Hello', starters: ['What are milia?'], most: 1000 }

export function line(n: number, role: Line['role'], text: string, rest: Partial<Line> = {}): Line {
  return { n, role, text, time: '2026-11-25T14:00:00+00:00', message: null, buttons: [], show: null, apology: false, ...rest }
}

export const refused = (status: number, code: string, after = 0): Refused => new Refused(status, code, 'sentence', after)

interface Sent {
  readonly message: Message
  readonly hear: Hear
  end(): void
  fail(error: unknown): void
}

export class FakeChannel implements Channel {
  current: Session = { session: 's1', last: 0 }
  reachable = true
  readonly sent: Sent[] = []
  readonly asked: number[] = []
  readonly rated: [number, boolean][] = []
  sessions = 0
  stream: ((happening: Happening) => void) | null = null
  breakStream: () => void = () => {}

  config(): Promise<Config> {
    return this.#answer(CONFIG)
  }

  session(): Promise<Session> {
    this.sessions += 1
    return this.#answer(this.current)
  }

  restart(): Promise<Session> {
    this.current = { session: 's2', last: 0 }
    return this.#answer(this.current)
  }

  forget(): Promise<string> {
    return this.#answer('All gone.')
  }

  async feedback(reply: number, helpful: boolean): Promise<void> {
    this.rated.push([reply, helpful])
  }

  send(message: Message, hear: Hear): Promise<void> {
    if (!this.reachable) return Promise.reject(new TypeError('no network'))
    return new Promise((end, fail) => this.sent.push({ message, hear, end, fail }))
  }

  listen(after: number, hear: Hear, signal: AbortSignal): Promise<void> {
    this.asked.push(after)
    if (!this.reachable) return Promise.reject(new TypeError('no network'))
    return new Promise((_, reject) => {
      this.stream = hear
      this.breakStream = () => reject(new TypeError('broken'))
      signal.addEventListener('abort', () => reject(new TypeError('aborted')))
      hear({ kind: 'session', ...this.current, working: false })
    })
  }

  /** The newest sending is stored, as the n-th line. */
  store(n: number, at = this.sent.length - 1): void {
    const { message, hear } = this.sent[at] as Sent
    hear({ kind: 'stored', session: this.current.session, line: line(n, 'patient', message.text, { message: message.id }) })
  }

  reply(n: number, text: string, rest: Partial<Line> = {}, at = this.sent.length - 1): void {
    const { message, hear } = this.sent[at] as Sent
    hear({ kind: 'line', line: line(n, 'bot', text, { message: message.id, ...rest }) })
  }

  done(at = this.sent.length - 1): void {
    const { hear, end } = this.sent[at] as Sent
    hear({ kind: 'done' })
    end()
  }

  #answer<Value>(value: Value): Promise<Value> {
    return this.reachable ? Promise.resolve(value) : Promise.reject(new TypeError('no network'))
  }
}

export class FakeDrawer implements Drawer {
  readonly kept = new Map<string, string>()
  getItem = (key: string): string | null => this.kept.get(key) ?? null
  setItem = (key: string, value: string): void => void this.kept.set(key, value)
  removeItem = (key: string): void => void this.kept.delete(key)
}

export interface Stage {
  readonly channel: FakeChannel
  readonly tab: FakeDrawer
  readonly all: FakeDrawer
  readonly heard: Line[]
  readonly told: Told[]
  readonly conversation: Conversation
}

export function stage(channel = new FakeChannel(), tab = new FakeDrawer(), all = new FakeDrawer()): Stage {
  const heard: Line[] = []
  const told: Told[] = []
  let ids = 0
  const ears = { changed: () => {}, heard: (one: Line) => void heard.push(one), tell: (what: Told) => void told.push(what) }
  const conversation = new Conversation(channel, new Keep('chat', tab, all), ears, () => `id-${++ids}`)
  return { channel, tab, all, heard, told, conversation }
}
