/** What the browser keeps, also where it keeps nothing. */

import { describe, expect, it } from 'vitest'

import { type Drawer, Keep } from '../src/keep'
import { FakeDrawer } from './fakes'

const shut: Drawer = {
  getItem: () => { throw new Error('forbidden') },
  setItem: () => { throw new Error('full') },
  removeItem: () => { throw new Error('forbidden') },
}

describe('a browser', () => {
  it.each([['without storage', null], ['that forbids storage', shut]])('%s does no harm', (_, drawer) => {
    const keep = new Keep('chat', drawer, drawer)
    keep.opened = true
    keep.token = 'v1.x'
    keep.queue = [{ id: 'a', text: 'b', button: null }]
    keep.draft = 'c'
    expect([keep.opened, keep.token, keep.queue, keep.draft]).toEqual([true, 'v1.x', [], ''])
  })

  it('with rubbish in its storage has no queue', () => {
    const tab = new FakeDrawer()
    tab.setItem('chat-queue', '{not json')
    expect(new Keep('chat', tab, null).queue).toEqual([])
  })

  it('keeps the queue for the tab and the token for the site', () => {
    const [tab, all] = [new FakeDrawer(), new FakeDrawer()]
    const keep = new Keep('chat', tab, all)
    keep.queue = [{ id: 'a', text: 'b', button: null }]
    keep.token = 'v1.x'
    const again = new Keep('chat', tab, all)
    expect([again.queue, again.token]).toEqual([[{ id: 'a', text: 'b', button: null }], 'v1.x'])
    expect([[...tab.kept.keys()], [...all.kept.keys()]]).toEqual([['chat-queue'], ['chat-token']])
    keep.forget()
    expect(tab.kept.size + all.kept.size).toBe(0)
  })
})
