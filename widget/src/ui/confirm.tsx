/** A question before something that cannot be undone. */

import { useLayoutEffect, useRef, useState } from 'preact/hooks'

import type { Question } from './header'
import type { View } from './view'

interface ConfirmProps {
  readonly view: View
  readonly question: Question
  /** True where it was done. */
  over(done: boolean): void
}

export function Confirm({ view, question, over }: ConfirmProps) {
  const { texts, conversation } = view
  const [state, setState] = useState<'asking' | 'busy' | 'failed'>('asking')
  const keep = useRef<HTMLButtonElement>(null)
  useLayoutEffect(() => keep.current?.focus(), [])
  const words = question === 'delete'
    ? { head: texts.deleteQuestion, text: texts.deleteText, yes: texts.deleteYes, act: () => conversation.forget() }
    : { head: texts.againQuestion, text: texts.againText, yes: texts.again, act: () => conversation.restart() }
  const act = (): void => {
    setState('busy')
    words.act().then(() => over(true), () => {
      setState('failed')
      view.announce(texts.notDone)
    })
  }
  const escape = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return
    event.stopPropagation()
    over(false)
  }
  return (
    <div class="cover" onKeyDown={escape}>
      <div class="confirm" role="alertdialog" aria-modal="true" aria-labelledby="confirm-head" aria-describedby="confirm-text">
        <h3 id="confirm-head">{words.head}</h3>
        <p id="confirm-text">{words.text}</p>
        {state === 'failed' && <p class="failed-note">{texts.notDone}</p>}
        <div class="choice">
          <button type="button" class={question === 'delete' ? 'danger' : 'primary'} disabled={state === 'busy'} onClick={act}>{words.yes}</button>
          <button ref={keep} type="button" class="chip" onClick={() => over(false)}>{texts.keep}</button>
        </div>
      </div>
    </div>
  )
}
