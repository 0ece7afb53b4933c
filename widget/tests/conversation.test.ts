/** The state of a conversation, without a browser: nothing lost, nothing doubled, nothing told twice. */

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { FakeChannel, FakeDrawer, line, refused, stage } from './fakes'

const settle = (milliseconds = 0): Promise<unknown> => vi.advanceTimersByTimeAsync(milliseconds)
const texts = (lines: readonly { readonly text: string }[]): string[] => lines.map(({ text }) => text)

beforeEach(() => {
  vi.useFakeTimers()
  vi.spyOn(Math, 'random').mockReturnValue(0.5)
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

async function opened(channel = new FakeChannel(), tab = new FakeDrawer()) {
  const all = stage(channel, tab)
  all.conversation.open()
  await settle()
  return all
}

describe('before the window is opened', () => {
  it('keeps nothing in the browser and asks the server for nothing', async () => {
    const { channel, tab, all } = stage()
    await settle(60_000)
    expect([tab.kept.size, all.kept.size, channel.sessions, channel.asked]).toEqual([0, 0, 0, []])
  })
})

describe('a message', () => {
  it('waits in the queue until the server has stored it, then is a line', async () => {
    const { channel, conversation } = await opened()
    conversation.say('  does it hurt?  ')
    await settle()
    expect(texts(conversation.state.queue)).toEqual(['does it hurt?'])
    channel.store(1)
    await settle()
    expect(conversation.state.queue).toEqual([])
    expect(texts(conversation.state.lines)).toEqual(['does it hurt?'])
    expect(conversation.state.working).toBe(true)
    channel.reply(2, 'A little.')
    channel.done()
    await settle()
    expect(texts(conversation.state.lines)).toEqual(['does it hurt?', 'A little.'])
    expect(conversation.state.working).toBe(false)
  })

  it('of nothing but spaces is not sent', async () => {
    const { channel, conversation } = await opened()
    conversation.say(' \n ')
    await settle()
    expect(channel.sent).toEqual([])
  })

  it('is sent again under its first id when the connection breaks before it is stored', async () => {
    const { channel, conversation } = await opened()
    conversation.say('hello')
    await settle()
    channel.sent[0]?.fail(new TypeError('broken'))
    await settle(1000)
    expect(channel.sent.map(({ message }) => message.id)).toEqual(['id-1', 'id-1'])
  })

  it('is shown as failed after three tries, and goes out by the button, under its first id', async () => {
    const { channel, conversation } = await opened()
    conversation.say('hello')
    for (const pause of [0, 1000, 3000]) {
      await settle(pause)
      channel.sent[channel.sent.length - 1]?.fail(refused(503, 'unavailable'))
    }
    await settle()
    expect(conversation.state.queue[0]?.state).toBe('failed')
    conversation.retry()
    await settle()
    channel.store(1)
    await settle()
    expect(new Set(channel.sent.map(({ message }) => message.id))).toEqual(new Set(['id-1']))
    expect(conversation.state.queue).toEqual([])
  })

  it('never overtakes another', async () => {
    const { channel, conversation } = await opened()
    for (const text of ['one', 'two', 'three']) conversation.say(text)
    await settle()
    expect(channel.sent.length).toBe(1)
    for (const n of [1, 2, 3]) {
      channel.store(n)
      await settle()
    }
    expect(channel.sent.map(({ message }) => message.text)).toEqual(['one', 'two', 'three'])
  })

  it('waits as long as the server asks when there were too many', async () => {
    const { channel, conversation } = await opened()
    conversation.say('hello')
    await settle()
    channel.sent[0]?.fail(refused(429, 'too_many', 7))
    await settle(6900)
    expect(channel.sent.length).toBe(1)
    await settle(200)
    expect(channel.sent.map(({ message }) => message.id)).toEqual(['id-1', 'id-1'])
  })

  it('that the server refuses says why, stops nothing behind it, and can be put away', async () => {
    const { channel, conversation } = await opened()
    conversation.say('too long')
    conversation.say('next')
    await settle()
    channel.sent[0]?.fail(refused(400, 'too_long'))
    await settle()
    expect(conversation.state.queue.map(({ state, why }) => [state, why])).toEqual([['refused', 'sentence'], ['sending', '']])
    conversation.dismiss('id-1')
    expect(texts(conversation.state.queue)).toEqual(['next'])
  })

  it('by a button that the server no longer knows is sent by its words', async () => {
    const { channel, conversation } = await opened()
    conversation.tap({ id: '7-x', title: 'How long?' })
    await settle()
    channel.sent[0]?.fail(refused(400, 'unknown_button'))
    await settle()
    expect(channel.sent.map(({ message }) => [message.id, message.button])).toEqual([['id-1', '7-x'], ['id-1', null]])
  })

  it('whose answer stream breaks off is not sent again: the reply comes by the other stream', async () => {
    const { channel, conversation } = await opened()
    conversation.say('hello')
    await settle()
    channel.store(1)
    channel.sent[0]?.fail(new TypeError('broken'))
    channel.stream?.({ kind: 'line', line: line(2, 'bot', 'Hi.', { message: 'id-1' }) })
    await settle(10_000)
    expect(channel.sent.length).toBe(1)
    expect(texts(conversation.state.lines)).toEqual(['hello', 'Hi.'])
  })
})

describe('a line', () => {
  it('that comes by both streams is shown and told once', async () => {
    const { channel, conversation, heard } = await opened()
    conversation.say('hello')
    await settle()
    channel.store(1)
    channel.reply(2, 'Hi.')
    channel.stream?.({ kind: 'line', line: line(1, 'patient', 'hello', { message: 'id-1' }) })
    channel.stream?.({ kind: 'line', line: line(2, 'bot', 'Hi.', { message: 'id-1' }) })
    expect(texts(conversation.state.lines)).toEqual(['hello', 'Hi.'])
    expect(texts(heard)).toEqual(['Hi.'])
  })

  it('takes its place by its number', async () => {
    const { channel, conversation } = await opened()
    for (const n of [3, 1, 2]) channel.stream?.({ kind: 'line', line: line(n, 'bot', `line ${n}`) })
    expect(texts(conversation.state.lines)).toEqual(['line 1', 'line 2', 'line 3'])
  })

  it('of an earlier visit is shown, and not told', async () => {
    const channel = new FakeChannel()
    channel.current = { session: 's1', last: 2 }
    const { conversation, heard } = await opened(channel)
    channel.stream?.({ kind: 'line', line: line(2, 'bot', 'yesterday') })
    channel.stream?.({ kind: 'line', line: line(3, 'team', 'today') })
    expect(texts(conversation.state.lines)).toEqual(['yesterday', 'today'])
    expect(texts(heard)).toEqual(['today'])
  })

  it('that comes while the window is closed is counted, urgent advice apart', async () => {
    const { channel, conversation } = await opened()
    conversation.close()
    channel.stream?.({ kind: 'line', line: line(1, 'bot', 'a') })
    channel.stream?.({ kind: 'line', line: line(2, 'bot', 'b', { show: { kind: 'urgent', heading: 'h', text: 't' } }) })
    expect([conversation.state.unread, conversation.state.urgentUnread]).toEqual([2, true])
    conversation.open()
    expect([conversation.state.unread, conversation.state.urgentUnread]).toEqual([0, false])
  })
})

describe('a lost connection', () => {
  it('is said, and healed by itself: the gap is filled from the last line of the stream on', async () => {
    const { channel, conversation } = await opened()
    channel.stream?.({ kind: 'line', line: line(4, 'bot', 'a') })
    channel.reachable = false
    channel.breakStream()
    await settle(5000)
    expect(conversation.state.link).toBe('lost')
    conversation.say('while away')
    await settle(10_000)
    expect(conversation.state.queue[0]?.state).toBe('failed')
    channel.reachable = true
    await settle(31_000)
    expect(conversation.state.link).toBe('joined')
    expect(channel.asked[channel.asked.length - 1]).toBe(4)
    expect(channel.sent.map(({ message }) => message.text)).toEqual(['while away'])
  })

  it('of a moment is not even said', async () => {
    const { channel, conversation } = await opened()
    channel.breakStream()
    await settle(1000)
    expect(conversation.state.link).toBe('joined')
    expect(channel.asked.length).toBe(2)
  })

  it('that only a message has noticed is found by the stream too', async () => {
    const { channel, conversation } = await opened()
    channel.reachable = false
    conversation.say('hello')
    await settle(1000)
    expect(conversation.state.link).toBe('lost')
  })

  it('from the beginning is said too, and what was written goes out later', async () => {
    const channel = new FakeChannel()
    channel.reachable = false
    const { conversation, told } = await opened(channel)
    expect([conversation.state.link, conversation.state.config]).toEqual(['lost', null])
    conversation.say('hello')
    channel.reachable = true
    await settle(31_000)
    expect(conversation.state.config?.name).toBe('The Karma Clinic')
    expect(channel.sent.length).toBe(1)
    expect(told.filter(what => what === 'unreachable').length).toBe(1)
  })

  it('counts from the stream, not from answers that overtook it', async () => {
    const { channel, conversation } = await opened()
    conversation.say('hello')
    await settle()
    channel.store(8)
    channel.reply(9, 'Hi.')
    channel.breakStream()
    await settle(1000)
    expect(channel.asked).toEqual([0, 0])
  })
})

describe('a reload', () => {
  it('opens the window again and sends what was not yet stored, under the same id', async () => {
    const first = await opened()
    first.conversation.say('hello')
    await settle()
    first.conversation.stop()
    const again = stage(new FakeChannel(), first.tab)
    expect(again.conversation.keep.opened).toBe(true)
    again.conversation.open()
    await settle()
    expect(again.channel.sent.map(({ message }) => message)).toMatchObject([{ id: 'id-1', text: 'hello' }])
  })

  it('after the window was closed opens nothing', async () => {
    const first = await opened()
    first.conversation.close()
    expect(stage(new FakeChannel(), first.tab).conversation.keep.opened).toBe(false)
  })
})

describe('another session', () => {
  it('of another tab that started again empties the window', async () => {
    const { channel, conversation } = await opened()
    channel.stream?.({ kind: 'line', line: line(1, 'bot', 'old') })
    channel.current = { session: 's2', last: 0 }
    channel.stream?.({ kind: 'ended', reason: 'restarted' })
    channel.breakStream()
    await settle(1000)
    expect(conversation.state.lines).toEqual([])
    expect(channel.asked[channel.asked.length - 1]).toBe(0)
  })

  it('is made when the old one has expired, and the message goes there by its words', async () => {
    const { channel, conversation } = await opened()
    conversation.tap({ id: '7-x', title: 'How long?' })
    await settle()
    channel.current = { session: 's2', last: 0 }
    channel.sent[0]?.fail(refused(401, 'no_session'))
    await settle(1000)
    expect(channel.sent[1]?.message).toMatchObject({ id: 'id-1', text: 'How long?', button: null })
  })

  it('of a second tab that was opened at the same moment is taken over', async () => {
    const { channel, conversation } = await opened()
    conversation.say('hello')
    await settle()
    channel.current = { session: 's9', last: 1 }
    channel.store(1)
    await settle(1000)
    expect(texts(conversation.state.lines)).toEqual(['hello'])
    expect(channel.asked[channel.asked.length - 1]).toBe(0)
  })
})

describe('start again', () => {
  it('shows an empty conversation and drops what was not sent', async () => {
    const { channel, conversation, told } = await opened()
    channel.stream?.({ kind: 'line', line: line(1, 'bot', 'old') })
    conversation.say('not yet stored')
    await conversation.restart()
    await settle(1000)
    expect([conversation.state.lines, conversation.state.queue]).toEqual([[], []])
    expect(told).toContain('restarted')
  })
})

describe('delete my data', () => {
  it('leaves nothing in the browser and asks the server for nothing more', async () => {
    const { channel, conversation, tab, all } = await opened()
    conversation.say('hello')
    await settle()
    channel.store(1)
    await conversation.forget()
    const asked = channel.asked.length
    await settle(120_000)
    expect(conversation.state.farewell).toBe('All gone.')
    expect([conversation.state.lines, [...tab.kept.keys()], all.kept.size]).toEqual([[], ['chat-open'], 0])
    expect(channel.asked.length).toBe(asked)
    conversation.beginAgain()
    await settle()
    expect([conversation.state.farewell, conversation.state.link]).toEqual([null, 'joined'])
  })

  it('in another tab shows here too that all is gone', async () => {
    const { channel, conversation } = await opened()
    channel.stream?.({ kind: 'ended', reason: 'forgotten' })
    await settle(60_000)
    expect([conversation.state.farewell, channel.sessions]).toEqual(['', 1])
  })

  it('that fails is not said to be done', async () => {
    const { channel, conversation } = await opened()
    channel.reachable = false
    await expect(conversation.forget()).rejects.toThrow()
    expect(conversation.state.farewell).toBeNull()
  })
})

describe('waiting for a reply', () => {
  it('is named after 8 s and after 25 s, and no longer once the reply is there', async () => {
    const { channel, conversation } = await opened()
    conversation.say('hello')
    await settle()
    channel.store(1)
    await settle(8000)
    expect(conversation.state.pace).toBe('slow')
    await settle(17_000)
    expect(conversation.state.pace).toBe('very slow')
    channel.reply(2, 'Hi.')
    channel.done()
    await settle()
    expect(conversation.state.pace).toBe('quick')
  })
})

describe('what a site may count', () => {
  it('is told once, and only by the tab whose message it answers', async () => {
    const { channel, conversation, told } = await opened()
    channel.stream?.({ kind: 'line', line: line(1, 'bot', 'of another tab', { message: 'foreign', show: { kind: 'answer' } }) })
    conversation.say('hello')
    await settle()
    channel.store(2)
    channel.reply(3, 'KC', { show: { kind: 'reference', reference: 'KC-7F4Q2M' } })
    channel.done()
    conversation.rate(3, true)
    conversation.close()
    expect(told).toEqual(['opened', 'message-sent', 'request-sent', 'rated', 'closed'])
    expect(channel.rated).toEqual([[3, true]])
  })

  it('names the beginning of a request once, not each question of the form', async () => {
    const { channel, conversation, told } = await opened()
    const ask = { kind: 'ask', field: 'name', input: 'text', autocomplete: 'name', label: 'Your name' } as const
    for (const n of [1, 3, 5]) {
      conversation.say(`message ${n}`)
      await settle()
      channel.store(n)
      channel.reply(n + 1, 'asks', { show: ask })
      channel.done()
    }
    expect(told.filter(what => what === 'request-started').length).toBe(1)
  })
})

describe('200 messages at once', () => {
  it('are all sent, once each and in order', async () => {
    const { channel, conversation } = await opened()
    for (let n = 1; n <= 200; n += 1) conversation.say(`message ${n}`)
    for (let n = 1; n <= 200; n += 1) {
      await settle()
      channel.store(n)
    }
    await settle()
    expect(channel.sent.map(({ message }) => message.id)).toEqual(Array.from({ length: 200 }, (_, at) => `id-${at + 1}`))
    expect(conversation.state.lines.length).toBe(200)
  })
})
