import { changeEndpoint } from '../endpoint.ts'
import { signUpForm, tenantForm } from '../forms.ts'

export const signUpEndpoint = changeEndpoint({
  name: 'signUp',
  method: 'POST',
  path: '/v1/sign-ups',
  summary: 'Signs a company up: customer, subscription and tenant, with a place reserved, or nothing at all',
  pathForms: {},
  body: signUpForm,
  answer: { status: 201, form: tenantForm, is: 'the tenant, still to be provisioned' },
  refusals: ['NOT_FOUND', 'CONFLICT', 'CAPACITY_EXHAUSTED'],
  needsKey: true,
  location: ({ id }) => `/v1/tenants/${id}`,
  make: ({ plane, by, body: { price, ...order }, alongside }) =>
    plane.signUp(by, { ...order, ...(price === undefined ? {} : { price }) }, alongside),
  again: ({ plane, by, effect }) => plane.tenantShow(by, effect),
})
