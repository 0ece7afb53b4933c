/** The wire itself, against a server on this machine that answers in pieces and in pain. */

import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'

import { type Happening, HttpChannel, Refused } from '../src/channel'

type Answer = (request: IncomingMessage, response: ServerResponse, body: string) => void

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.closeAllConnections()
})

async function channelTo(answer: Answer, page?: string): Promise<HttpChannel> {
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', part => (body += String(part)))
    request.on('end', () => answer(request, response, body))
  })
  servers.push(server)
  await new Promise<void>(ready => server.listen(0, '127.0.0.1', ready))
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return new HttpChannel(`${address}/chat`, page ?? address, { token: 'v1.old' })
}

const LINE = { n: 1, role: 'patient', text: 'hé – 你好', time: '', message: 'id', buttons: [], show: null, apology: false }

describe('a stream of lines', () => {
  it('is read whole when it comes in pieces that cut letters apart', async () => {
    const bytes = Buffer.from(`${JSON.stringify({ event: 'stored', id: 'id', session: 's', again: false, line: LINE })}\n{"event":"done"}\n`)
    const channel = await channelTo((_, response) => {
      response.writeHead(200)
      for (let at = 0; at < bytes.length; at += 7) response.write(bytes.subarray(at, at + 7))
      response.end()
    })
    const heard: Happening[] = []
    await channel.send({ id: 'id', text: 'x', button: null }, one => heard.push(one))
    expect(heard.map(({ kind }) => kind)).toEqual(['stored', 'done'])
    expect(heard[0]).toMatchObject({ line: { text: 'hé – 你好' } })
  })

  it('with broken lines in it gives the whole ones', async () => {
    const channel = await channelTo((_, response) => void response.end('nonsense\n{"event":"reply","line":{"n":0}}\n{"event":"dance"}\n{"event":"later"}\n'))
    const heard: Happening[] = []
    await channel.send({ id: 'id', text: 'x', button: null }, one => heard.push(one))
    expect(heard).toEqual([{ kind: 'later' }])
  })
})

it('server-sent events are read with their comments left out', async () => {
  const channel = await channelTo((_, response) =>
    void response.end(`retry: 2000\n\nevent: session\ndata: {"session":"s","last":1,"working":true}\n\n: keep-alive\n\nevent: line\nid: 1\ndata: ${JSON.stringify(LINE)}\n\nevent: ended\r\ndata: {"reason":"expired"}\r\n\r\n`))
  const heard: Happening[] = []
  await channel.listen(0, one => heard.push(one), new AbortController().signal)
  expect(heard.map(({ kind }) => kind)).toEqual(['session', 'line', 'ended'])
})

it('a refusal carries what the patient may be shown, and how long to wait', async () => {
  const channel = await channelTo((_, response) => void response.writeHead(429).end('{"error":"too_many","sentence":"Slowly.","retry_after":7}'))
  const refused: unknown = await channel.session().catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(Refused)
  expect(refused).toMatchObject({ status: 429, code: 'too_many', sentence: 'Slowly.', after: 7 })
})

it('a refusal that is no JSON is one all the same', async () => {
  const channel = await channelTo((_, response) => void response.writeHead(502).end('<html>Bad gateway</html>'))
  await expect(channel.session()).rejects.toMatchObject({ status: 502, code: '' })
})

describe('the token', () => {
  const seen = (tokens: (string | undefined)[]): Answer => (request, response) => {
    tokens.push(request.headers.authorization)
    response.end('{"session":"s","last":0,"token":"v1.new"}')
  }

  it('goes to another origin, and the new one is kept', async () => {
    const tokens: (string | undefined)[] = []
    const channel = await channelTo(seen(tokens), 'https://clinic.example/')
    await channel.session()
    await channel.session()
    expect(tokens).toEqual(['Bearer v1.old', 'Bearer v1.new'])
  })

  it('is not used on the same origin, where a cookie is', async () => {
    const tokens: (string | undefined)[] = []
    await (await channelTo(seen(tokens))).session()
    expect(tokens).toEqual([undefined])
  })
})
