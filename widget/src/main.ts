/** Begins the chat window: reads the script tag and puts the element at the end of the page. */

import { ClinicChat } from './element'
import { readOptions } from './options'

// A script without `type="module"` knows its own tag while it runs.
const tag = (document.currentScript ?? document.querySelector('script[src*="/widget.js"]')) as HTMLScriptElement | null

function begin(): void {
  if (!tag || customElements.get('clinic-chat')) return
  customElements.define('clinic-chat', ClinicChat)
  const chat = document.createElement('clinic-chat') as ClinicChat
  chat.options = readOptions(tag.dataset, tag.src)
  document.body.append(chat)
}

if (document.body) begin()
else document.addEventListener('DOMContentLoaded', begin)
