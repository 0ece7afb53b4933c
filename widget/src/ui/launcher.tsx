/** The button on the clinic's page that opens the window. */

import type { Ref } from 'preact'

import { fill } from '../texts'
import { Icon } from './icons'
import { type View } from './view'

interface LauncherProps {
  readonly view: View
  readonly button: Ref<HTMLButtonElement>
  toggle(): void
}

export function Launcher({ view, button, toggle }: LauncherProps) {
  const { texts, options, state } = view
  const label = options.launcher || texts.launcher
  const news = state.urgentUnread ? texts.urgentMessage : state.unread ? fill(texts.newMessages, { count: state.unread }) : ''
  return (
    <button ref={button} type="button" class={`launcher${state.urgentUnread ? ' alarm' : ''}`} aria-expanded={state.open} aria-haspopup="dialog" onClick={toggle}>
      <Icon name={state.open ? 'close' : 'chat'} />
      <span class="label">{state.open ? texts.close : label}</span>
      {news && <span class="news">{news}</span>}
    </button>
  )
}
