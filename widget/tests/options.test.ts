/** What a clinic may set in its script tag. */

import { describe, expect, it } from 'vitest'

import { readOptions } from '../src/options'

const SOURCE = 'https://chat.example/chat/widget.js?v=1'

describe('the script tag', () => {
  it('needs nothing but its address', () => {
    expect(readOptions({}, SOURCE)).toMatchObject({
      server: 'https://chat.example/chat', scheme: 'auto', side: 'right', bottom: 0, headless: false, language: 'en', accent: '#1f5d57',
    })
  })

  it('sets what it names', () => {
    const data = { name: 'Clinic', telephone: '020 7946 0123', privacy: 'https://a.example/p', accent: '#a05', scheme: 'dark', position: 'left', bottom: '72', headless: '', server: 'https://b.example/chat/' }
    expect(readOptions(data, SOURCE)).toMatchObject({
      name: 'Clinic', telephone: '020 7946 0123', privacy: 'https://a.example/p', accent: '#a05', scheme: 'dark', side: 'left', bottom: 72, headless: true, server: 'https://b.example/chat',
    })
  })

  it('is not believed where it is wrong', () => {
    const data = { telephone: 'ring us', privacy: 'javascript:alert(1)', accent: 'red;}', scheme: 'x', position: 'top', bottom: '-5', font: 'x;}body{display:none' }
    expect(readOptions(data, SOURCE)).toMatchObject({ telephone: '', privacy: '', accent: '#1f5d57', scheme: 'auto', side: 'right', bottom: 0, font: '' })
  })
})
