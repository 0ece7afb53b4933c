/** What may be shown better than by its text: urgent advice, a comparison, the check page, a reference. */

import { useState } from 'preact/hooks'

import { emergencyNumbers, telephoneLink } from '../links'
import type { Line, Show } from '../line'
import { fill } from '../texts'
import { Icon } from './icons'
import { type View, telephone } from './view'
import { Inline, Words } from './words'

type Of<Kind extends Show['kind']> = Extract<Show, { readonly kind: Kind }>

interface CardProps<Kind extends Show['kind']> {
  readonly view: View
  readonly line: Line
  readonly show: Of<Kind>
}

export function Urgent({ view, line, show }: CardProps<'urgent'>) {
  const numbers = emergencyNumbers(show.heading)
  return (
    <section class="urgent" aria-labelledby={`urgent-${line.n}`} tabIndex={-1} data-urgent={line.n}>
      <p class="urgent-mark"><Icon name="warning" />{view.texts.urgent}</p>
      <h3 id={`urgent-${line.n}`}>{show.heading}</h3>
      <Words text={show.text} telephone={telephone(view)} urgent />
      {numbers.length > 0 && (
        <p class="urgent-numbers">
          {numbers.map(number => (
            <a class="button" href={telephoneLink(number) ?? ''}><Icon name="telephone" />{fill(view.texts.ring, { telephone: number })}</a>
          ))}
        </p>
      )}
    </section>
  )
}

/** The first words of a text that is shown as a card: what leads up to it. */
const lead = (text: string): string => {
  const first = text.split(/\n/)[0] ?? ''
  return text.includes('\n') ? first : ''
}

export function Comparison({ view, line, show }: CardProps<'comparison'>) {
  const [, ...columns] = show.columns
  return (
    <>
      <Words text={lead(line.text)} telephone={telephone(view)} />
      <ul class="comparison">
        {show.rows.map(([name = '', ...values]) => (
          <li>
            <h3>{name}</h3>
            <dl>
              {columns.map((column, at) => <div><dt>{column}</dt><dd>{values[at]}</dd></div>)}
            </dl>
          </li>
        ))}
      </ul>
    </>
  )
}

export function Check({ view, line, show, latest }: CardProps<'check'> & { readonly latest: boolean }) {
  const { texts, conversation } = view
  return (
    <>
      <Words text={lead(line.text)} telephone={telephone(view)} />
      <dl class="check">
        {show.rows.map(({ label, value, change }) => (
          <div>
            <dt>{label}</dt>
            <dd>{value}</dd>
            {latest && change && (
              <dd class="change">
                <button type="button" class="link" aria-label={fill(texts.changeWhat, { what: label })} onClick={() => conversation.tap(change)}>{texts.change}</button>
              </dd>
            )}
          </div>
        ))}
      </dl>
      {show.consent && <p class="consent"><Inline text={show.consent} telephone={telephone(view)} /></p>}
    </>
  )
}

export function Reference({ view, line, show }: CardProps<'reference'>) {
  const [copied, setCopied] = useState<boolean | null>(null)
  const { texts } = view
  const copy = (): void => {
    const done = (worked: boolean): void => {
      setCopied(worked)
      view.announce(worked ? texts.copied : texts.notCopied)
    }
    // Missing where the page is not served over https.
    const written = navigator.clipboard?.writeText(show.reference) ?? Promise.reject(new Error('no clipboard'))
    written.then(() => done(true), () => done(false))
  }
  return (
    <>
      <Words text={line.text} telephone={telephone(view)} />
      <div class="reference">
        <p><span>{texts.reference}</span> <strong>{show.reference}</strong></p>
        <button type="button" class="small" onClick={copy}>
          <Icon name={copied ? 'done' : 'copy'} />{copied === null ? texts.copy : copied ? texts.copied : texts.notCopied}
        </button>
      </div>
    </>
  )
}
