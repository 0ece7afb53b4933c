/** The head of the window: whose it is, what else can be done, and the way out. */

import { useLayoutEffect, useRef, useState } from 'preact/hooks'

import { Icon } from './icons'
import { type View, clinicName, initial, title } from './view'

export type Question = 'again' | 'delete'

interface HeaderProps {
  readonly view: View
  close(): void
  ask(question: Question): void
  download(): void
}

interface MenuProps extends HeaderProps {
  shut(): void
}

function Menu({ view, ask, download, shut }: MenuProps) {
  const { texts, state } = view
  const first = useRef<HTMLButtonElement>(null)
  useLayoutEffect(() => first.current?.focus(), [])
  const pick = (act: () => void) => (): void => {
    shut()
    act()
  }
  return (
    <ul class="menu">
      <li><button ref={first} type="button" onClick={pick(() => ask('again'))}><Icon name="again" />{texts.again}</button></li>
      {state.lines.length > 0 && <li><button type="button" onClick={pick(download)}><Icon name="download" />{texts.download}</button></li>}
      <li><button type="button" onClick={pick(() => ask('delete'))}><Icon name="delete" />{texts.delete}</button></li>
    </ul>
  )
}

export function Header(props: HeaderProps) {
  const { view, close } = props
  const { texts, state } = view
  const [menu, setMenu] = useState(false)
  const more = useRef<HTMLButtonElement>(null)
  const place = useRef<HTMLDivElement>(null)
  const shut = (): void => {
    setMenu(false)
    more.current?.focus()
  }
  const leave = (event: FocusEvent): void => {
    if (event.relatedTarget && !place.current?.contains(event.relatedTarget as Node)) setMenu(false)
  }
  const escape = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || !menu) return
    event.stopPropagation()
    shut()
  }
  return (
    <header>
      <span class="mark" aria-hidden="true">{initial(view)}</span>
      <div class="who">
        <h2>{clinicName(view) || title(view)}</h2>
        <p>{texts.automated}</p>
      </div>
      <div class="more" ref={place} onKeyDown={escape} onFocusOut={leave}>
        {state.farewell === null && (
          <button ref={more} type="button" class="round" aria-label={texts.menu} aria-expanded={menu} onClick={() => setMenu(!menu)}><Icon name="more" /></button>
        )}
        {menu && <Menu {...props} shut={shut} />}
      </div>
      <button type="button" class="round" aria-label={texts.close} onClick={close}><Icon name="close" /></button>
    </header>
  )
}
