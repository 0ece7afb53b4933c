/** Speaks to screen readers: each sentence once, in a region apart from the conversation, which is emptied again. */

const KEPT = 8_000

export class Announcer {
  readonly polite = region('status', 'polite')
  readonly urgent = region('alert', 'assertive')

  say(text: string, urgent = false): void {
    const line = document.createElement('p')
    line.textContent = text
    const place = urgent ? this.urgent : this.polite
    place.append(line)
    setTimeout(() => line.remove(), KEPT)
  }
}

function region(role: string, live: string): HTMLElement {
  const element = document.createElement('div')
  element.className = 'hidden'
  element.setAttribute('role', role)
  element.setAttribute('aria-live', live)
  element.setAttribute('aria-atomic', 'false')
  return element
}
