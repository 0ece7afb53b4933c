/** The conversation: what was said, in order, and what may be tapped now. */

import type { Button, Line } from '../line'
import type { Pending } from '../queue'
import { Check, Comparison, Reference, Urgent, unoffered } from './cards'
import { type View, telephone } from './view'
import { Words } from './words'

interface LineProps {
  readonly view: View
  readonly line: Line
  readonly latest: boolean
}

function Said({ view, line, latest }: LineProps) {
  const { show } = line
  switch (show?.kind) {
    case 'comparison':
      return <Comparison view={view} line={line} show={show} />
    case 'check':
      return <Check view={view} line={line} show={show} latest={latest} />
    case 'reference':
      return <Reference view={view} line={line} show={show} />
    default:
      return <Words text={show?.kind === 'answer' ? unoffered(line) : line.text} telephone={telephone(view)} />
  }
}

function Speaker({ view, role }: { readonly view: View; readonly role: Line['role'] }) {
  const { texts } = view
  if (role === 'team') return <p class="speaker">{texts.team}</p>
  return <p class="hidden">{role === 'bot' ? texts.assistant : texts.you}:</p>
}

export function Chips({ view, titles, primary = false, tap }: { readonly view: View; readonly titles: readonly string[]; readonly primary?: boolean; readonly tap: (at: number) => void }) {
  return (
    <ul class="chips" aria-label={view.texts.suggestions}>
      {titles.map((title, at) => (
        <li><button type="button" class={primary && at === 0 ? 'primary' : 'chip'} onClick={() => tap(at)}>{title}</button></li>
      ))}
    </ul>
  )
}

function Helpful({ view, line }: { readonly view: View; readonly line: Line }) {
  const { texts, state, conversation } = view
  const rate = (helpful: boolean): void => {
    conversation.rate(line.n, helpful)
    view.announce(texts.thankYou)
  }
  const rated = state.rated[line.n]
  return (
    <div class="helpful" role="group" aria-label={texts.helpful}>
      <span aria-hidden="true">{rated === undefined ? texts.helpful : texts.thankYou}</span>
      {[true, false].map(helpful => (
        <button type="button" aria-pressed={rated === helpful} onClick={() => rate(helpful)}>{helpful ? texts.yes : texts.no}</button>
      ))}
    </div>
  )
}

function Reply({ view, line, latest }: LineProps) {
  const { conversation, texts } = view
  const answers = line.show?.kind === 'answer' || line.show?.kind === 'comparison'
  const tap = (at: number): void => conversation.tap(line.buttons[at] as Button)
  return (
    <>
      {line.show?.kind === 'urgent' ? (
        <Urgent view={view} line={line} show={line.show} />
      ) : (
        <div class={`said ${line.role}${line.show?.kind === 'comparison' || line.show?.kind === 'check' ? ' wide' : ''}`}>
          <Speaker view={view} role={line.role} />
          <Said view={view} line={line} latest={latest} />
        </div>
      )}
      {latest && answers && <Helpful view={view} line={line} />}
      {latest && line.apology && <Chips view={view} titles={[texts.retry]} tap={() => conversation.repeat(line)} />}
      {latest && line.buttons.length > 0 && (
        <Chips view={view} titles={line.buttons.map(({ title }) => title)} primary={line.show?.kind === 'check'} tap={tap} />
      )}
    </>
  )
}

function Sent({ view, text }: { readonly view: View; readonly text: string }) {
  return (
    <div class="said patient">
      <Speaker view={view} role="patient" />
      <p>{text}</p>
    </div>
  )
}

function Waiting({ view, item }: { readonly view: View; readonly item: Pending }) {
  const { texts, conversation, state } = view
  const stuck = state.link === 'lost' && (item.state === 'waiting' || item.state === 'sending')
  return (
    <div class={`pending ${item.state}`}>
      <Sent view={view} text={item.text} />
      {stuck && <p class="status">{texts.waiting}</p>}
      {item.state === 'failed' && (
        <p class="status"><strong>{texts.failed}</strong> <button type="button" class="link" onClick={() => conversation.retry()}>{texts.retry}</button></p>
      )}
      {item.state === 'refused' && (
        <p class="status"><strong>{texts.failed}</strong> {item.why} <button type="button" class="link" onClick={() => conversation.dismiss(item.id)}>{texts.remove}</button></p>
      )}
    </div>
  )
}

function Typing({ view }: { readonly view: View }) {
  const { texts, state } = view
  return (
    <div class="typing">
      <span class="dots" role="img" aria-label={texts.typing}><i /><i /><i /></span>
      {state.pace !== 'quick' && <span>{state.pace === 'slow' ? texts.slow : texts.verySlow}</span>}
    </div>
  )
}

function Greeting({ view, fresh }: { readonly view: View; readonly fresh: boolean }) {
  const { config, link } = view.state
  const text = view.options.greeting || config?.greeting || (link === 'lost' ? view.texts.greeting : '')
  if (!text) return <Typing view={view} />
  return (
    <>
      <div class="said bot">
        <Speaker view={view} role="bot" />
        <Words text={text} telephone={telephone(view)} />
      </div>
      {fresh && config && <Chips view={view} titles={config.starters} tap={at => view.conversation.choose(config.starters[at] as string)} />}
    </>
  )
}

export function Log({ view }: { readonly view: View }) {
  const { lines, queue, working, link, farewell } = view.state
  const spoken = lines.map(({ role }) => role).lastIndexOf('patient')
  const quiet = !queue.length && !working
  if (farewell !== null) return <div class="said bot"><p>{farewell || view.texts.deleted}</p></div>
  return (
    <>
      <Greeting view={view} fresh={!lines.length && !queue.length} />
      {lines.map((line, at) =>
        line.role === 'patient'
          ? <Sent key={line.n} view={view} text={line.text} />
          : <Reply key={line.n} view={view} line={line} latest={at > spoken && quiet} />,
      )}
      {queue.map(item => <Waiting key={item.id} view={view} item={item} />)}
      {working && link !== 'lost' && <Typing view={view} />}
    </>
  )
}
