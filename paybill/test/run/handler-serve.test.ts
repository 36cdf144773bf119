import { request } from 'node:http'
import { connect } from 'node:net'
import { once } from 'node:events'
import { afterEach, expect, test } from 'vitest'
import { type Handler, type ServedHandler, serveHandler } from '../../src/run/index.ts'

const open: ServedHandler[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((served) => served.close()))
})

async function serve(handler: Handler, port = 0): Promise<ServedHandler> {
  const served = await serveHandler(handler, { port })
  open.push(served)
  return served
}

/** A request with headers that fetch would not let through. */
async function rawRequest(url: string, options: { readonly method?: string; readonly headers?: Record<string, string> }) {
  const sent = request(url, options)
  sent.end()
  const [response] = (await once(sent, 'response')) as [AsyncIterable<Buffer> & { statusCode: number }] // node's own event
  let text = ''
  for await (const chunk of response) text += chunk.toString()
  return { status: response.statusCode, text }
}

test('a request reaches the handler whole, and its answer comes back whole', async () => {
  const { url } = await serve(async (request) => {
    const body = `${request.method} ${new URL(request.url).pathname} ${await request.text()}`
    const response = new Response(body, { status: 201, headers: { 'x-one': '1' } })
    response.headers.append('set-cookie', 'a=1')
    response.headers.append('set-cookie', 'b=2')
    return response
  })
  const response = await fetch(`${url}/a/b`, { method: 'POST', body: 'hello' })
  expect(response.status).toBe(201)
  expect(await response.text()).toBe('POST /a/b hello')
  expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
})

test('it listens on this machine only', async () => {
  const { url } = await serve(async () => new Response(''))
  expect(new URL(url).hostname).toBe('127.0.0.1')
})

test('a taken port is an error with a code', async () => {
  const { url } = await serve(async () => new Response(''))
  const port = Number(new URL(url).port)
  await expect(serveHandler(async () => new Response(''), { port })).rejects.toMatchObject({
    code: 'PORT_TAKEN',
    message: `port \`${port}\` is taken`,
  })
})

test('a name of another site that leads here is refused before the handler sees it', async () => {
  let seen = 0
  const { url } = await serve(async () => {
    seen += 1
    return new Response('secret')
  })
  const port = new URL(url).port
  for (const host of ['evil.test', `evil.test:${port}`, '127.0.0.1', `127.0.0.1:${port}.evil.test`]) {
    const answer = await rawRequest(url, { headers: { host } })
    expect(answer.status).toBe(421)
    expect(answer.text).toContain('HOST_UNKNOWN')
  }
  expect(seen).toBe(0)
  expect((await rawRequest(url, { headers: { host: `localhost:${port}` } })).text).toBe('secret')
})

test('an address cannot name another host, and a method that no handler can have is refused', async () => {
  const { url } = await serve(async (request) => new Response(new URL(request.url).host))
  const { host, port } = new URL(url)
  expect((await rawRequest(`${url}//evil.test/x`, {})).text).toBe(host)
  expect((await rawRequest(url, { method: 'TRACE' })).status).toBe(400)
  const socket = connect(Number(port), '127.0.0.1')
  socket.end(`GET http://evil.test/ HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`)
  let text = ''
  for await (const chunk of socket) text += String(chunk)
  expect(text).toMatch(/^HTTP\/1\.1 400 /)
})

test('closing lets an open request end', async () => {
  const started = Promise.withResolvers<void>()
  const { url, close } = await serveHandler(
    async () => {
      started.resolve()
      await new Promise((resolve) => setTimeout(resolve, 100))
      return new Response('done')
    },
    { port: 0 },
  )
  const answer = fetch(url)
  await started.promise
  const closed = close()
  expect(await (await answer).text()).toBe('done')
  await closed
  await expect(fetch(url)).rejects.toThrow('fetch failed')
})
