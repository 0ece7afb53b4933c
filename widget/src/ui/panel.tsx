/** The open window: head, conversation, what went wrong, where to write, and the clinic's telephone. */

import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'

import { fill } from '../texts'
import { Composer, type Field } from './composer'
import { Confirm } from './confirm'
import { Header, type Question } from './header'
import { Icon } from './icons'
import { Log } from './log'
import { download } from './download'
import { type Pin, useFollow, usePin, useTrap } from './hooks'
import { type View, privacyLink, telephone, telephoneHref, title } from './view'

function Telephone({ view, kind }: { readonly view: View; readonly kind: string }) {
  const href = telephoneHref(view)
  if (!href) return null
  return (
    <a class={kind} href={href} onClick={() => view.conversation.ears.tell('telephone-used')}>
      <Icon name="telephone" />{fill(view.texts.ring, { telephone: telephone(view) })}
    </a>
  )
}

function Lost({ view }: { readonly view: View }) {
  const { texts, conversation, state } = view
  if (state.link !== 'lost') return null
  return (
    <div class="lost">
      <p><Icon name="cloud" />{state.config ? texts.lost : texts.neverReached}</p>
      <div class="choice">
        <Telephone view={view} kind="button" />
        <button type="button" class="chip" onClick={() => conversation.retry()}>{texts.tryNow}</button>
      </div>
    </div>
  )
}

function Footer({ view }: { readonly view: View }) {
  const privacy = privacyLink(view)
  return (
    <footer>
      <span>{view.texts.ratherTalk} <Telephone view={view} kind="link" /></span>
      {privacy && <a class="link" href={privacy} target="_blank" rel="noopener noreferrer">{view.texts.privacy}</a>}
    </footer>
  )
}

/** Urgent advice that has scrolled away keeps its heading in sight. */
function Pinned({ view, pin }: { readonly view: View; readonly pin: Pin }) {
  return (
    <button type="button" class="pinned" onClick={pin.show}>
      <Icon name="warning" /><span>{pin.heading}</span> <u>{view.texts.read}</u>
    </button>
  )
}

interface PanelProps {
  readonly view: View
  /** Whether the patient opened it just now; after a page change the focus stays where it is. */
  readonly asked: boolean
  close(): void
}

export function Panel({ view, asked, close }: PanelProps) {
  const { state, conversation, texts, full } = view
  const [question, setQuestion] = useState<Question | null>(null)
  const panel = useRef<HTMLElement>(null)
  const log = useRef<HTMLDivElement>(null)
  const field = useRef<Field>(null)
  const touch = matchMedia('(pointer: coarse)').matches
  const focus = (): void => (touch ? panel.current : field.current ?? panel.current)?.focus({ preventScroll: true })
  useEffect(() => {
    if (asked) focus()
  }, [])
  const gone = state.farewell !== null
  useLayoutEffect(() => {
    // What had the focus may just have been drawn away: a tapped suggestion, the field before this one.
    const root = panel.current?.getRootNode() as ShadowRoot
    if (asked && !question && !root.activeElement && document.activeElement === document.body) focus()
  })
  useFollow(log, panel, state)
  const pin = usePin(log, state.lines)
  useTrap(panel, full)
  const over = (): void => {
    setQuestion(null)
    setTimeout(focus)
  }
  const escape = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') close()
  }
  return (
    <section ref={panel} class="panel" role="dialog" aria-label={title(view)} aria-modal={full} tabIndex={-1} onKeyDown={escape}>
      <Header view={view} close={close} ask={setQuestion} download={() => download(view)} />
      {pin && <Pinned view={view} pin={pin} />}
      <div ref={log} class="log" role="log" aria-live="off" aria-label={texts.conversation} tabIndex={0}>
        <Log view={view} />
      </div>
      <Lost view={view} />
      {gone
        ? <p class="choice"><button type="button" class="primary" onClick={() => conversation.beginAgain()}>{texts.beginAgain}</button></p>
        : <Composer view={view} field={field} />}
      <Footer view={view} />
      {question && <Confirm view={view} question={question} over={over} />}
    </section>
  )
}
