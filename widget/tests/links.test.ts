/** What may become a link, and what never. */

import { describe, expect, it } from 'vitest'

import { emergencyNumbers, parts, safeLink, telephoneLink } from '../src/links'

const hrefs = (text: string, telephone = '', urgent = false): (string | undefined)[] =>
  parts(text, telephone, urgent).flatMap(({ href }) => href ?? [])

describe('a text', () => {
  it('keeps every character', () => {
    const text = 'See https://a.example/b?c=1, or write to team@a.example. Or ring 020 7946 0123!'
    expect(parts(text, '020 7946 0123').map(part => part.text).join('')).toBe(text.replace('https://', ''))
  })

  it('has links to web pages, without the full stop behind them', () => {
    expect(hrefs('Privacy: https://karma-clinic.example/privacy.')).toEqual(['https://karma-clinic.example/privacy'])
  })

  it('has links to write and to ring', () => {
    expect(hrefs('ring 020 7946 0123 or write to team@a.example', '020 7946 0123')).toEqual(['tel:02079460123', 'mailto:team@a.example'])
  })

  it('has emergency numbers on urgent cards only', () => {
    const text = 'Call 999 now, or ring 111 or Samaritans on 116 123. Not 9991 or 2111.'
    expect(hrefs(text, '', true)).toEqual(['tel:999', 'tel:111', 'tel:116123'])
    expect(hrefs(text)).toEqual([])
  })

  it.each(['javascript:alert(1)', 'JaVaScRiPt:alert(1)', 'data:text/html,<script>', 'vbscript:x', 'file:///etc/passwd', '//evil.example'])(
    'of %s has no link', text => {
      expect(hrefs(text)).toEqual([])
      expect(safeLink(text)).toBeNull()
    },
  )
})

describe('a telephone number', () => {
  it.each([['020 7946 0123', 'tel:02079460123'], ['+44 (0)20 7946', 'tel:+440207946'], ['999', 'tel:999']])('%s is a link', (number, href) => {
    expect(telephoneLink(number)).toBe(href)
  })

  it.each(['', 'ring us', '1', '1'.repeat(16)])('%s is none', number => {
    expect(telephoneLink(number)).toBeNull()
  })
})

it('a heading names its emergency numbers once each', () => {
  expect(emergencyNumbers('Ring 111 now, or 999. 111 is free.')).toEqual(['111', '999'])
})
