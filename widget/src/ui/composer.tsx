/** Where the patient writes; while the bot asks for a detail, a field made for that detail. */

import type { RefObject } from 'preact'
import { useId, useLayoutEffect, useState } from 'preact/hooks'

import type { Line, Show } from '../line'
import { fill } from '../texts'
import { Icon } from './icons'
import type { View } from './view'

export type Field = HTMLTextAreaElement | HTMLInputElement

type Ask = Extract<Show, { readonly kind: 'ask' }>

/** What the last reply asks for, until something is sent. */
export function asked(lines: readonly Line[], waiting: boolean): Ask | null {
  const show = waiting ? null : lines[lines.length - 1]?.show
  return show?.kind === 'ask' ? show : null
}

/** A detail that browsers know how to fill in gets a field of its own. */
const ownField = (ask: Ask | null): ask is Ask => ask !== null && (ask.input !== 'text' || ask.autocomplete !== 'off')

interface ComposerProps {
  readonly view: View
  readonly field: RefObject<Field>
}

const NEAR_THE_END = 100

function lengthWords({ texts, state }: View, draft: string): { readonly text: string; readonly over: boolean } {
  const left = (state.config?.most ?? 1000) - draft.length
  if (left < 0) return { text: fill(texts.tooLong, { count: -left }), over: true }
  return { text: left <= NEAR_THE_END ? fill(texts.left, { count: left }) : '', over: false }
}

/** True for the key that sends: Enter alone, and not the one that ends a word in Japanese, say. */
const sends = (event: KeyboardEvent): boolean => event.key === 'Enter' && !event.shiftKey && !event.isComposing

/** As high as its words, where the browser does not see to that itself. */
function grow(field: Field): void {
  if (CSS.supports('field-sizing', 'content')) return
  field.style.height = 'auto'
  field.style.height = `${field.scrollHeight}px`
}

export function Composer({ view, field }: ComposerProps) {
  const { conversation, texts, state } = view
  const [draft, setDraft] = useState(conversation.keep.draft)
  const id = useId()
  // Which question the patient would rather not answer in a field of its own.
  const [aside, setAside] = useState(0)
  const newest = state.lines[state.lines.length - 1]?.n ?? 0
  const ask = asked(state.lines, state.queue.length > 0 || state.working)
  const own = aside !== newest && ownField(ask) ? ask : null
  const label = own ? { name: texts.yourName, tel: texts.yourTelephone, email: texts.yourEmail }[own.autocomplete] ?? own.label : ask?.label || texts.message
  const { text: note, over } = lengthWords(view, draft)
  const write = (text: string): void => {
    setDraft(text)
    conversation.keep.draft = text
  }
  const submit = (event: Event): void => {
    event.preventDefault()
    if (over || !draft.trim()) return
    conversation.say(draft)
    write('')
  }
  useLayoutEffect(() => {
    if (field.current) grow(field.current)
  }, [draft])
  const shared = {
    id,
    ref: (element: Field | null) => {
      field.current = element
    },
    value: draft,
    onInput: (event: Event) => write((event.currentTarget as Field).value),
    'aria-describedby': `${id}-note`,
    'aria-invalid': over,
    enterKeyHint: 'send' as const,
  }
  return (
    <form class="composer" noValidate onSubmit={submit}>
      <div class={own ? 'ask' : 'hidden'}>
        <label for={id}>{label}</label>
        {own && <button type="button" class="link" onClick={() => setAside(newest)}>{texts.other}</button>}
      </div>
      <div class="field">
        {own ? (
          <input key={own.field} {...shared} type={own.input} name={own.field} autocomplete={own.autocomplete as 'name'} />
        ) : (
          <textarea
            key="message" {...shared} rows={1} placeholder={ask ? texts.yourAnswer : texts.placeholder} autocomplete="off"
            onKeyDown={event => sends(event) && submit(event)}
          />
        )}
        <button type="submit" class="send" aria-label={texts.send} aria-disabled={over || !draft.trim()}><Icon name="send" /></button>
      </div>
      <p id={`${id}-note`} class={note ? `note${over ? ' over' : ''}` : 'hidden'}>{note}</p>
    </form>
  )
}
