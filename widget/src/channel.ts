/** Talks to the clinic's server over HTTP. Knows no window: what comes back is handed on as lines and events. */

import { type Config, type Line, fields, readConfig, readLine, whole, words } from './line'

/** The server answered, and not as hoped. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly sentence: string,
    readonly after: number,
  ) {
    super(`${status} ${code}`)
  }
}

export interface Message {
  readonly id: string
  readonly text: string
  readonly button: string | null
}

export interface Session {
  readonly session: string
  readonly last: number
}

export type Happening =
  | { readonly kind: 'session'; readonly session: string; readonly last: number; readonly working: boolean }
  | { readonly kind: 'stored'; readonly session: string; readonly line: Line }
  | { readonly kind: 'line'; readonly line: Line }
  | { readonly kind: 'working'; readonly working: boolean }
  | { readonly kind: 'done' }
  | { readonly kind: 'later' }
  | { readonly kind: 'ended'; readonly reason: string }

export type Hear = (happening: Happening) => void

/** Where the token of a window on another origin is kept. */
export interface TokenPlace {
  token: string | null
}

export interface Channel {
  config(): Promise<Config>
  session(): Promise<Session>
  send(message: Message, hear: Hear): Promise<void>
  listen(after: number, hear: Hear, signal: AbortSignal): Promise<void>
  feedback(reply: number, helpful: boolean): Promise<void>
  restart(): Promise<Session>
  forget(): Promise<string>
}

const ANSWER_WITHIN = 15_000
// The server says something at least every 15 s, on an open stream of events.
const SILENCE = 40_000
// A turn may take 30 s.
const TURN = 60_000

function readHappening(kind: string, data: unknown): Happening | null {
  const found = fields(data)
  const line = readLine(found.line ?? data)
  const session = words(found.session)
  const working = found.working === true
  if (kind === 'session') return { kind, session, last: whole(found.last), working }
  if (kind === 'stored') return line && { kind, session, line }
  if (kind === 'reply' || kind === 'line') return line && { kind: 'line', line }
  if (kind === 'working') return { kind, working }
  if (kind === 'ended') return { kind, reason: words(found.reason) }
  return kind === 'done' || kind === 'later' ? { kind } : null
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** Aborts when the outer signal does, or when nobody has called `on` for so long. */
class Patience {
  readonly #stop = new AbortController()
  readonly signal = this.#stop.signal
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(readonly outer?: AbortSignal) {
    outer?.addEventListener('abort', this.end)
    if (outer?.aborted) this.end()
  }

  on(milliseconds: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(this.end, milliseconds)
  }

  readonly end = (): void => {
    clearTimeout(this.#timer)
    this.outer?.removeEventListener('abort', this.end)
    this.#stop.abort()
  }
}

async function refusal(answer: Response): Promise<Refused> {
  const { error, sentence, retry_after } = fields(parsed(await answer.text().catch(() => '')))
  return new Refused(answer.status, words(error), words(sentence), whole(retry_after))
}

export class HttpChannel implements Channel {
  readonly #foreign: boolean

  constructor(
    readonly server: string,
    page: string,
    readonly place: TokenPlace,
  ) {
    this.#foreign = new URL(server, page).origin !== new URL(page).origin
  }

  async config(): Promise<Config> {
    return readConfig(await this.#json('/config'))
  }

  session(): Promise<Session> {
    return this.#begin('/session')
  }

  restart(): Promise<Session> {
    return this.#begin('/restart')
  }

  async forget(): Promise<string> {
    const { sentence } = fields(await this.#json('/forget', {}))
    this.place.token = null
    return words(sentence)
  }

  async feedback(reply: number, helpful: boolean): Promise<void> {
    await this.#json('/feedback', { reply, helpful })
  }

  /** Fails unless the message is stored; ends when its turn has ended. */
  async send({ id, text, button }: Message, hear: Hear): Promise<void> {
    await this.#stream('/messages', TURN, button ? { id, button } : { id, text }, undefined, record => {
      const { event } = fields(parsed(record))
      this.#hand(hear, readHappening(words(event), parsed(record)))
    }, '\n')
  }

  async listen(after: number, hear: Hear, signal: AbortSignal): Promise<void> {
    await this.#stream(`/events?after=${after}`, SILENCE, undefined, signal, record => {
      const said = (name: string): string =>
        record.split('\n').filter(line => line.startsWith(name + ':')).map(line => line.slice(name.length + 1).trim()).join('\n')
      this.#hand(hear, readHappening(said('event'), parsed(said('data'))))
    }, '\n\n')
  }

  #hand(hear: Hear, happening: Happening | null): void {
    if (happening) hear(happening)
  }

  async #begin(path: string): Promise<Session> {
    const { session, last, token } = fields(await this.#json(path, {}))
    if (this.#foreign) this.place.token = words(token) || null
    return { session: words(session), last: whole(last) }
  }

  async #json(path: string, body?: object): Promise<unknown> {
    const patience = new Patience()
    patience.on(ANSWER_WITHIN)
    try {
      const answer = await this.#ask(path, body, patience.signal)
      return await answer.json()
    } finally {
      patience.end()
    }
  }

  async #ask(path: string, body: object | undefined, signal: AbortSignal): Promise<Response> {
    const { token } = this.place
    const answer = await fetch(this.server + path, {
      method: body ? 'POST' : 'GET',
      headers: {
        ...(body && { 'Content-Type': 'application/json' }),
        ...(this.#foreign && token && { Authorization: `Bearer ${token}` }),
      },
      ...(body && { body: JSON.stringify(body) }),
      credentials: this.#foreign ? 'omit' : 'same-origin',
      signal,
    })
    if (!answer.ok) throw await refusal(answer)
    return answer
  }

  /** Reads records as they come, each parted from the next by `end`. */
  async #stream(path: string, silence: number, body: object | undefined, outer: AbortSignal | undefined, record: (text: string) => void, end: string): Promise<void> {
    const patience = new Patience(outer)
    patience.on(ANSWER_WITHIN)
    try {
      const answer = await this.#ask(path, body, patience.signal)
      const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader()
      let kept = ''
      for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
        patience.on(silence)
        const records = (kept + part.value).replace(/\r\n/g, '\n').split(end)
        kept = records.pop() ?? ''
        records.filter(Boolean).forEach(record)
      }
    } finally {
      patience.end()
    }
  }
}
