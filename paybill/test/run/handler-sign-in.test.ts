import { expect, test } from 'vitest'
import { localSignIn } from '../../src/run/index.ts'

const people = [
  { id: 'ann', tenant: 'acme' },
  { id: 'bo', tenant: 'acme' },
]

function setUp() {
  const local = localSignIn({ people })
  const [ann, bo] = local.links('http://127.0.0.1:3000/desk/')
  if (ann === undefined || bo === undefined) throw new Error('there is a link for each person')
  return { ...local, ann, bo }
}

test('each person has a link and a token of his own', () => {
  const { ann, bo } = setUp()
  expect(ann).toEqual({
    id: 'ann',
    tenant: 'acme',
    token: ann.token,
    url: `http://127.0.0.1:3000/desk/sign-in?token=${ann.token}`,
  })
  expect(ann.token).toMatch(/^[\w-]{43}$/)
  expect(bo.token).not.toBe(ann.token)
})

test('a link sets a cookie that no script reads and no other site sends, and leads to the page', async () => {
  const { signIn, ann } = setUp()
  const answer = await signIn(new Request(ann.url))
  if (!(answer instanceof Response)) throw new Error('a link is answered with a redirect')
  expect(answer.status).toBe(303)
  expect(answer.headers.get('location')).toBe('/desk/')
  expect(answer.headers.get('set-cookie')).toBe(`paybill-3000=${ann.token}; Path=/desk/; HttpOnly; SameSite=Strict`)
  const next = new Request('http://127.0.0.1:3000/desk/', { headers: { cookie: `other=1; paybill-3000=${ann.token}` } })
  expect(await signIn(next)).toEqual({ id: 'ann', tenant: 'acme' })
})

test('a program signs in with the token as bearer', async () => {
  const { signIn, bo } = setUp()
  const request = new Request('http://127.0.0.1:3000/', { headers: { authorization: `Bearer ${bo.token}` } })
  expect(await signIn(request)).toEqual({ id: 'bo', tenant: 'acme' })
})

test('nobody else is signed in', async () => {
  const { signIn, ann } = setUp()
  const wrong = `${ann.token.slice(0, -1)}${ann.token.endsWith('A') ? 'B' : 'A'}`
  for (const request of [
    new Request('http://127.0.0.1:3000/'),
    new Request('http://127.0.0.1:3000/sign-in?token='),
    new Request(`http://127.0.0.1:3000/sign-in?token=${wrong}`),
    new Request(`http://127.0.0.1:3000/?token=${ann.token}`),
    new Request('http://127.0.0.1:3000/', { headers: { authorization: `Bearer ${wrong}` } }),
    new Request('http://127.0.0.1:3000/', { headers: { authorization: `Basic ${ann.token}` } }),
    // The cookie of a server on another port of this machine.
    new Request('http://127.0.0.1:3001/', { headers: { cookie: `paybill-3000=${ann.token}` } }),
  ])
    expect(await signIn(request)).toBeNull()
})

test('tokens of another start are worth nothing', async () => {
  const { ann } = setUp()
  const { signIn } = setUp()
  expect(await signIn(new Request(ann.url))).toBeNull()
})
