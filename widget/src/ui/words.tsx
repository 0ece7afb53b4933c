/** Words of the bot as text nodes and safe links, never as markup. */

import { parts, safeLink } from '../links'

export interface WordsProps {
  readonly text: string
  readonly telephone: string
  readonly urgent?: boolean
}

function Link({ text, href }: { readonly text: string; readonly href: string }) {
  const web = href.startsWith('http')
  return <a href={href} {...(web && { target: '_blank', rel: 'noopener noreferrer' })}>{text}</a>
}

export function Inline({ text, telephone, urgent = false }: WordsProps) {
  return (
    <>
      {parts(text, telephone, urgent).map(part => {
        const href = part.href && safeLink(part.href)
        return href ? <Link text={part.text} href={href} /> : part.text
      })}
    </>
  )
}

/** A blank line parts two paragraphs. */
export function Words({ text, ...rest }: WordsProps) {
  return (
    <>
      {text.split(/\n{2,}/).filter(Boolean).map(paragraph => <p><Inline text={paragraph} {...rest} /></p>)}
    </>
  )
}
