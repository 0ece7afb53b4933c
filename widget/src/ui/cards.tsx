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

const ITEM = /^\s*[•*-]\s/

/** A text without the list that is shown as a table: what leads up to it, and what follows. */
export function around(text: string): readonly [string, string] {
  const lines = text.split('\n')
  const items = lines.map(line => ITEM.test(line))
  const [first, last] = [items.indexOf(true), items.lastIndexOf(true)]
  if (first < 0) return ['', text]
  return [lines.slice(0, first).join('\n'), lines.slice(last + 1).join('\n').trim()]
}

/** An answer without its last paragraph where that only offers, in quotes, what a button below it says. */
export function unoffered({ text, buttons }: Pick<Line, 'text' | 'buttons'>): string {
  const at = text.lastIndexOf('\n\n')
  const offer = text.slice(at)
  return at > 0 && buttons.some(({ title }) => offer.includes(`“${title}”`)) ? text.slice(0, at) : text
}

type Table = Pick<Of<'comparison'>, 'columns' | 'rows'>

function SideBySide({ columns, rows }: Table) {
  return (
    <table>
      <thead><tr>{columns.map(column => <th scope="col">{column}</th>)}</tr></thead>
      <tbody>
        {rows.map(([name, ...values]) => <tr><th scope="row">{name}</th>{values.map(value => <td>{value}</td>)}</tr>)}
      </tbody>
    </table>
  )
}

/** More columns than a narrow window holds: a small card for each row. */
function Cards({ columns: [, ...columns], rows }: Table) {
  return (
    <ul class="comparison">
      {rows.map(([name, ...values]) => (
        <li>
          <h3>{name}</h3>
          <dl>{columns.map((column, at) => <div><dt>{column}</dt><dd>{values[at]}</dd></div>)}</dl>
        </li>
      ))}
    </ul>
  )
}

export function Comparison({ view, line, show }: CardProps<'comparison'>) {
  const [before, after] = around(unoffered(line))
  return (
    <>
      <Words text={before} telephone={telephone(view)} />
      {show.columns.length > 2 ? <Cards {...show} /> : <SideBySide {...show} />}
      <Words text={after} telephone={telephone(view)} />
    </>
  )
}

/** A check page's text without what is shown as rows and as consent: what leads up to it, and what follows. */
export function besides(text: string, { rows, consent }: Pick<Of<'check'>, 'rows' | 'consent'>): readonly [string, string] {
  const paragraphs = text.split(/\n{2,}/)
  const listed = paragraphs.findIndex(one => rows.some(({ label, value }) => one.includes(`${label}: ${value}`)))
  if (listed < 0) return [text, '']
  const [lead = ''] = (paragraphs[listed] as string).split('\n')
  const after = paragraphs.slice(listed + 1).filter(one => one !== consent)
  return [[...paragraphs.slice(0, listed), lead].join('\n\n'), after.join('\n\n')]
}

export function Check({ view, line, show, latest }: CardProps<'check'> & { readonly latest: boolean }) {
  const { texts, conversation } = view
  const [before, after] = besides(line.text, show)
  return (
    <>
      <Words text={before} telephone={telephone(view)} />
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
      <Words text={after} telephone={telephone(view)} />
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
      <Words text={line.text.split('\n').filter(one => !one.includes(show.reference)).join('\n')} telephone={telephone(view)} />
      <div class="reference">
        <p><span>{texts.reference}</span> <strong>{show.reference}</strong></p>
        <button type="button" class="small" onClick={copy}>
          <Icon name={copied ? 'done' : 'copy'} />{copied === null ? texts.copy : copied ? texts.copied : texts.notCopied}
        </button>
      </div>
    </>
  )
}
