/** The few pictures of the window, drawn in the colour of the text beside them. */

const PATHS = {
  chat: 'M5 18.5 3.6 21.4c-.2.4.2.9.7.7L8 20.6a9 9 0 1 0-3-2.1Z',
  close: 'm6 6 12 12M18 6 6 18',
  more: 'M5.5 12h.01M12 12h.01M18.5 12h.01',
  send: 'M12 19.5v-15m-6 6 6-6 6 6',
  telephone: 'M5 3.8h3.2l1.6 4.4-2 1.6a13 13 0 0 0 6.4 6.4l1.6-2 4.4 1.6V19a1.8 1.8 0 0 1-2 1.8A16.4 16.4 0 0 1 3.2 5.8 1.8 1.8 0 0 1 5 3.8Z',
  warning: 'M12 8.5v5m0 3.4v.1M10.4 3.9 2.6 17.6a1.9 1.9 0 0 0 1.6 2.8h15.6a1.9 1.9 0 0 0 1.6-2.8L13.6 3.9a1.9 1.9 0 0 0-3.2 0Z',
  copy: 'M9 9h10.5v11.5H9zM15 9V3.5H4.5V15H9',
  done: 'm4.5 12.5 5 5 10-11',
  again: 'M4.5 12a7.5 7.5 0 1 0 2.4-5.5M4.5 3.8v3.6h3.6',
  download: 'M12 4v11m-4.5-4.5L12 15l4.5-4.5M5 20h14',
  delete: 'M4.5 6.5h15M9.5 6.5V4h5v2.5M6.5 6.5l.8 13.5h9.4l.8-13.5M10 10.5v6m4-6v6',
  cloud: 'M3 3.5 20.5 21M9 6.2A6.3 6.3 0 0 1 18 11a4.3 4.3 0 0 1 2.2 7M6.4 8.6A6 6 0 0 0 6.6 19.5H17',
} as const

export function Icon({ name }: { readonly name: keyof typeof PATHS }) {
  return (
    <svg class={`icon icon-${name}`} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  )
}
