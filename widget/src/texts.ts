/** Every word of the window itself, by language. What the bot says comes from the server. */

const en = {
  chatWith: 'Chat with {name}',
  launcher: 'Ask a question',
  newMessages: '{count} new',
  urgentMessage: 'Important: please read',
  automated: 'Automated assistant',
  close: 'Close chat',
  menu: 'More',
  conversation: 'Conversation',
  you: 'You',
  assistant: 'Assistant',
  team: 'Our team',
  greeting: 'Hello, I am an automated assistant. Please send no medical details or photos.',
  suggestions: 'Suggestions',
  choices: 'Choices: {titles}',
  message: 'Your message',
  placeholder: 'Write your question',
  yourAnswer: 'Write your answer',
  yourName: 'Your name',
  yourTelephone: 'Your telephone number',
  yourEmail: 'Your e-mail address',
  send: 'Send message',
  other: 'Ask something else',
  tooLong: 'Too long by {count} characters. Please shorten it.',
  left: '{count} characters left',
  ring: 'Ring {telephone}',
  ratherTalk: 'Rather talk?',
  privacy: 'Privacy',
  typing: 'Writing an answer',
  slow: 'Still working on it …',
  verySlow: 'This is taking longer than it should. You can wait, or ring us.',
  joining: 'Connecting …',
  waiting: 'Not sent yet',
  failed: 'Not sent.',
  retry: 'Try again',
  remove: 'Remove',
  lost: 'We can’t reach the chat just now. What you write is kept, and sent as soon as it is back.',
  neverReached: 'The chat isn’t answering just now. What you write is kept on this page, and sent as soon as it is back.',
  back: 'The chat is connected again.',
  tryNow: 'Try now',
  urgent: 'Important',
  read: 'Read',
  reference: 'Your reference',
  copy: 'Copy',
  copied: 'Copied',
  notCopied: 'Please copy it by hand.',
  change: 'Change',
  changeWhat: 'Change: {what}',
  helpful: 'Was this helpful?',
  yes: 'Yes',
  no: 'No',
  thankYou: 'Thank you.',
  again: 'Start again',
  againQuestion: 'Start again?',
  againText: 'This conversation is put away, and a new one begins. A request you have sent to our team stays.',
  download: 'Download this conversation',
  delete: 'Delete my data',
  deleteQuestion: 'Delete your data?',
  deleteText: 'This deletes what you wrote here, the answers, and your details. It cannot be undone. If our team already has a request of yours, ring us and they delete that too.',
  deleteYes: 'Yes, delete it',
  keep: 'No, keep it',
  notDone: 'That didn’t work. Please try again, or ring us.',
  deleted: 'Your data has been deleted.',
  beginAgain: 'Start a new conversation',
  downloadName: 'conversation.txt',
  downloadTitle: 'Conversation with {name}',
}

export type Texts = Readonly<typeof en>

/** Another language is another table here, with the same keys. */
const languages: Readonly<Record<string, Texts>> = { en }

/** The texts of a language such as `en-GB`, else English. */
export function textsIn(language: string): Texts {
  return languages[language.toLowerCase()] ?? languages[language.toLowerCase().split('-')[0] as string] ?? en
}

/** Puts values into the places of a text: `{name}`. */
export function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (place, key: string) => String(values[key] ?? place))
}
