/** How the window behaves: it follows the conversation, keeps urgent advice in reach, and holds the focus on a phone. */

import type { RefObject } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'

import type { Line } from '../line'
import type { State } from '../state'

type Box<Kind extends HTMLElement = HTMLElement> = RefObject<Kind>

/** Scrolls to what is new: to its beginning where it is higher than the window. Stays there while the window changes its size. */
export function useFollow(log: Box<HTMLDivElement>, panel: Box, state: State): void {
  const newest = state.lines[state.lines.length - 1]?.n ?? 0
  const left = useRef(0)
  // On a small screen the whole window scrolls, and not the log in it.
  const box = (): HTMLElement | null =>
    log.current && log.current.scrollHeight > log.current.clientHeight ? log.current : panel.current
  const follow = (): void => {
    const [all, part] = [log.current, box()]
    if (!all || !part) return
    part.scrollTop = part.scrollHeight
    const begin = [...all.querySelectorAll<HTMLElement>('.said, .urgent')].pop()
    const above = begin ? begin.getBoundingClientRect().top - part.getBoundingClientRect().top - 12 : 0
    if (above < 0) part.scrollTop += above
    left.current = part.scrollTop
  }
  useLayoutEffect(follow, [newest, state.queue.length, state.working, state.pace, state.link, state.open])
  useEffect(() => {
    const watch = new ResizeObserver(() => {
      if (Math.abs((box()?.scrollTop ?? 0) - left.current) < 4) follow()
    })
    if (log.current) watch.observe(log.current)
    return () => watch.disconnect()
  }, [])
}

export interface Pin {
  readonly heading: string
  show(): void
}

/** Urgent advice while it is out of sight. */
export function usePin(log: Box<HTMLDivElement>, lines: readonly Line[]): Pin | null {
  const [away, setAway] = useState(false)
  const urgent = lines.filter(line => line.show?.kind === 'urgent').pop()
  const card = (): HTMLElement | null => log.current?.querySelector(`[data-urgent="${urgent?.n}"]`) ?? null
  useEffect(() => {
    const found = card()
    if (!found) return setAway(false)
    const watch = new IntersectionObserver(([entry]) => setAway(!entry?.isIntersecting), { threshold: 0.1 })
    watch.observe(found)
    return () => watch.disconnect()
  }, [urgent?.n])
  const show = (): void => {
    card()?.scrollIntoView({ block: 'start' })
    card()?.focus({ preventScroll: true })
  }
  return away && urgent?.show?.kind === 'urgent' ? { heading: urgent.show.heading, show } : null
}

const REACHED = 'a[href], button:not([disabled]), input, textarea, [tabindex="0"]'

/** While the window fills the screen, Tab stays in it and the page below does not scroll. */
export function useTrap(panel: Box, full: boolean): void {
  useEffect(() => {
    if (!full) return
    const page = document.documentElement
    const before = page.style.overflow
    page.style.overflow = 'hidden'
    const keep = (event: KeyboardEvent): void => {
      if (event.key === 'Tab' && panel.current) turn(event, panel.current)
    }
    panel.current?.addEventListener('keydown', keep)
    return () => {
      page.style.overflow = before
      panel.current?.removeEventListener('keydown', keep)
    }
  }, [full])
}

function turn(event: KeyboardEvent, panel: HTMLElement): void {
  const inner = panel.querySelector<HTMLElement>('[role=alertdialog]') ?? panel
  const all = [...inner.querySelectorAll<HTMLElement>(REACHED)]
  const active = (panel.getRootNode() as ShadowRoot).activeElement
  const [first, last] = [all[0], all[all.length - 1]]
  if (event.shiftKey ? active === first || active === panel : active === last) {
    event.preventDefault()
    ;(event.shiftKey ? last : first)?.focus()
  }
}
