/** Hands the conversation to the patient as a text file, made here: it works without the server too. */

import { transcript } from '../transcript'
import { type View, clinicName } from './view'

export function download(view: View): void {
  const { texts, state, options, conversation } = view
  const text = transcript(state.lines, clinicName(view), texts, options.language)
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }))
  link.download = texts.downloadName
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 1000)
  conversation.ears.tell('downloaded')
}
