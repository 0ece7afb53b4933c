/** The element <clinic-chat>: one shadow root, one conversation; begins when put into a page and ends when taken out. */

import { render } from 'preact'

import { Announcer } from './announcer'
import { HttpChannel } from './channel'
import { Conversation } from './conversation'
import { type Drawer, Keep } from './keep'
import type { Line } from './line'
import type { Options } from './options'
import { sheet } from './sheet'
import type { State } from './state'
import { textsIn } from './texts'
import { Launcher } from './ui/launcher'
import { Panel } from './ui/panel'
import { type View, title } from './ui/view'

const FULL = '(max-width: 30em), (max-height: 28em)'
const OPENER = '[data-clinic-chat-open]'

/** Reading the property alone may be forbidden. */
function drawer(which: 'localStorage' | 'sessionStorage'): Drawer | null {
  try {
    return window[which]
  } catch {
    return null
  }
}

/** crypto.randomUUID is missing where the page is not served over https. */
function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80
  const hex = [...bytes].map(byte => byte.toString(16).padStart(2, '0')).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

export class ClinicChat extends HTMLElement {
  #conversation: Conversation | null = null
  #options: Options | null = null
  #announcer = new Announcer()
  #root = document.createElement('div')
  #place = document.createElement('div')
  #launcher: { current: HTMLButtonElement | null } = { current: null }
  #opener: HTMLElement | null = null
  #asked = false
  #due = false
  #link: State['link'] = 'none'
  #end = new AbortController()
  readonly #media = { full: matchMedia(FULL), dark: matchMedia('(prefers-color-scheme: dark)') }

  set options(options: Options) {
    this.#options = options
  }

  get opened(): boolean {
    return this.#conversation?.state.open ?? false
  }

  connectedCallback(): void {
    if (!this.#options || this.#conversation) return
    const { server, language } = this.#options
    const keep = new Keep('clinic-chat', drawer('sessionStorage'), drawer('localStorage'))
    this.#conversation = new Conversation(new HttpChannel(server, location.href, keep), keep, {
      changed: state => this.#changed(state),
      heard: line => this.#read(line),
      tell: (what, detail) => this.dispatchEvent(new CustomEvent('clinic-chat', { bubbles: true, detail: { what, ...detail } })),
    }, newId)
    this.lang = language
    this.#furnish(this.#options)
    this.#listen()
    if (keep.opened) this.#conversation.open()
    this.#draw()
  }

  disconnectedCallback(): void {
    this.#end.abort()
    this.#conversation?.stop()
    render(null, this.#place)
  }

  open(): void {
    if (this.opened) return
    this.#asked = true
    const { activeElement } = document
    this.#opener = activeElement instanceof HTMLElement && activeElement !== this && activeElement !== document.body ? activeElement : null
    this.#conversation?.open()
    this.#draw()
  }

  close(): void {
    if (!this.opened) return
    const inside = document.activeElement === this
    this.#conversation?.close()
    this.#draw()
    if (inside) (this.#opener ?? this.#launcher.current)?.focus()
  }

  toggle(): void {
    if (this.opened) this.close()
    else this.open()
  }

  #furnish(options: Options): void {
    const shadow = this.shadowRoot ?? this.attachShadow({ mode: 'open' })
    shadow.adoptedStyleSheets = [sheet(options)]
    this.#root.setAttribute('role', 'region')
    this.#root.append(this.#place, this.#announcer.polite, this.#announcer.urgent)
    shadow.replaceChildren(this.#root)
  }

  #listen(): void {
    const { signal } = this.#end
    const draw = (): void => this.#draw()
    for (const media of Object.values(this.#media)) media.addEventListener('change', draw, { signal })
    document.addEventListener('click', event => this.#clicked(event), { signal })
    document.addEventListener('visibilitychange', () => this.#conversation?.visible(!document.hidden), { signal })
    window.addEventListener('pageshow', () => this.#conversation?.visible(true), { signal })
    window.addEventListener('online', () => this.#conversation?.online(true), { signal })
    window.addEventListener('offline', () => this.#conversation?.online(false), { signal })
    for (const what of ['resize', 'scroll']) visualViewport?.addEventListener(what, () => this.#fit(), { signal })
  }

  /** An element of the page that opens the window: <button data-clinic-chat-open>. */
  #clicked({ target }: Event): void {
    const opener = target instanceof Element ? target.closest<HTMLElement>(OPENER) : null
    if (!opener) return
    this.toggle()
    this.#opener = opener
  }

  /** The part of the screen that a phone's keyboard leaves free. */
  #fit(): void {
    if (!visualViewport) return
    this.#root.style.setProperty('--top', `${visualViewport.offsetTop}px`)
    this.#root.style.setProperty('--height', `${visualViewport.height}px`)
  }

  #read(line: Line): void {
    const { texts } = this.#view()
    const speaker = line.role === 'team' ? texts.team : texts.assistant
    this.#announcer.say(`${speaker}: ${line.text}`, line.show?.kind === 'urgent')
  }

  /** Draws once for all that changes at one time, and says what a glance would tell. */
  #changed(state: State): void {
    const { texts } = this.#view()
    if (state.open && state.link !== this.#link) {
      if (state.link === 'lost') this.#announcer.say(state.config ? texts.lost : texts.neverReached)
      if (state.link === 'joined' && this.#link === 'lost') this.#announcer.say(texts.back)
    }
    this.#link = state.link
    if (this.#due) return
    this.#due = true
    queueMicrotask(() => {
      this.#due = false
      this.#draw()
    })
  }

  #view(): View {
    const conversation = this.#conversation as Conversation
    const options = this.#options as Options
    return {
      state: conversation.state, conversation, options, texts: textsIn(options.language), full: this.#media.full.matches,
      announce: text => this.#announcer.say(text),
    }
  }

  #draw(): void {
    if (!this.#conversation || this.#end.signal.aborted) return
    const view = this.#view()
    const { scheme, side, headless } = view.options
    const dark = scheme === 'dark' || (scheme === 'auto' && this.#media.dark.matches)
    this.#root.className = ['root', side, dark && 'dark', view.full && 'full'].filter(Boolean).join(' ')
    this.#root.setAttribute('aria-label', title(view))
    for (const opener of document.querySelectorAll(OPENER)) opener.setAttribute('aria-expanded', String(view.state.open))
    this.#fit()
    render(
      <>
        {view.state.open && <Panel view={view} asked={this.#asked} close={() => this.close()} />}
        {!headless && !(view.full && view.state.open) && <Launcher view={view} button={this.#launcher} toggle={() => this.toggle()} />}
      </>,
      this.#place,
    )
  }
}
