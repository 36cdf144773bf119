// Who may do what in the control database. People decide what should be; only the reconciler, in operations, moves a tenant.

import { acl } from 'paybill/acl'
import { controlSchema } from './schema.ts'

export const controlRules = acl(controlSchema, {
  roles: {
    viewer: {},
    operator: { inherits: ['viewer'] },
    reconciler: { inherits: ['viewer'] },
    router: {},
    gateway: {},
    cells: {},
  },
  // The id of the principal himself, set by whoever opens the session.
  claims: { self: 'text' },
  rules: ({ allow }) => [
    allow('viewer').read('organization'),
    allow('viewer').read('subscription'),
    allow('viewer').read('paymentRequest'),
    allow('viewer').read('cell'),
    allow('viewer').read('reservation'),
    allow('viewer').read('customer'),
    allow('viewer').read('tenant'),
    allow('viewer').read('suspension'),
    allow('viewer').read('operation'),
    allow('viewer').read('place'),
    allow('viewer').read('deletion'),
    allow('viewer')
      .read('terraformRun')
      .fields('id', 'workspace', 'kind', 'state', 'planHash', 'resultSerial', 'createdAt', 'endedAt'),
    allow('viewer').read('invitation').fields('tenantId', 'createdAt', 'usedAt'),

    allow('operator').create('organization'),
    allow('operator')
      .update('organization')
      .fields('businessAheadMs')
      .where(({ row }) => row.isSandbox.eq(true))
      .check(({ row, before }) => row.businessAheadMs.ge(before.businessAheadMs)),

    // A sign-up: customer, subscription, tenant and a reserved place stand or fall together.
    allow('operator').create('subscription'),
    allow('operator').create('paymentRequest'),
    allow('operator').update('subscription'),
    allow('operator').update('paymentRequest').fields('status', 'paidAt', 'voidedAt'),
    allow('operator').create('customer'),
    allow('operator')
      .create('tenant')
      .check(({ row }) => row.phase.eq('pending')),
    allow('operator').create('reservation'),
    allow('operator').update('cell').fields('pooledTaken', 'bridgeTaken', 'siloTaken'),
    allow('operator').create('cell'),
    allow('operator').update('cell').fields('state', 'headroomPercent', 'pooledTotal', 'bridgeTotal', 'siloTotal'),
    allow('operator').create('suspension'),
    allow('operator').delete('suspension'),
    allow('operator').update('tenant').fields('deletionAskedAt', 'mode'),

    ...['tenant-provision', 'tenant-suspend', 'tenant-resume', 'tenant-delete'].flatMap((name) => [
      allow('reconciler').act(`start:${name}`),
      allow('reconciler').act(`history:${name}`),
    ]),
    allow('reconciler').act('server.create'),
    allow('reconciler').act('server.start'),
    allow('reconciler').act('server.stop'),
    allow('reconciler').act('server.destroy'),
    allow('reconciler').act('database.create'),
    allow('reconciler').act('database.open'),
    allow('reconciler').act('database.close'),
    allow('reconciler').act('database.destroy'),
    allow('reconciler').act('data.backup'),
    allow('reconciler').act('data.certify'),
    allow('reconciler')
      .update('tenant')
      .fields('phase', 'operation', 'failures', 'failedKind', 'failureReason', 'failedAt', 'activeAt'),
    // Time alone changes subscriptions too.
    allow('reconciler').update('subscription'),
    allow('reconciler').create('paymentRequest'),
    allow('reconciler').update('paymentRequest').fields('status', 'paidAt', 'voidedAt'),
    allow('reconciler').create('operation'),
    allow('reconciler').update('operation').fields('status', 'endedAt'),
    allow('reconciler').update('reservation').fields('leasedUntil'),
    allow('reconciler').delete('reservation'),
    allow('reconciler').update('cell').fields('pooledTaken', 'bridgeTaken', 'siloTaken'),
    allow('reconciler').create('place'),
    allow('reconciler').delete('place'),
    // The runs of Terraform that operations need, and their state, which lies sealed under the tenant's key.
    ...(['terraformWorkspace', 'terraformLock', 'terraformRun'] as const).flatMap((table) => [
      allow('reconciler').read(table),
      allow('reconciler').create(table),
      allow('reconciler').update(table),
    ]),
    allow('reconciler').read('terraformStateVersion'),
    allow('reconciler').create('terraformStateVersion'),
    allow('reconciler').read('terraformMoment'),
    allow('reconciler').create('terraformMoment'),
    allow('reconciler').delete('terraformMoment'),
    allow('reconciler').read('wrappedKey'),
    allow('reconciler').create('wrappedKey'),
    allow('reconciler').delete('wrappedKey'),
    allow('reconciler').create('deletion'),
    allow('reconciler').update('deletion').fields('certificate'),
    allow('reconciler').create('invitation'),
    allow('reconciler').delete('invitation'),

    // What leaves to the servers of the cells, beside names: what they said themselves of a last backup.
    allow('cells').read('deletion').fields('tenantId', 'backup'),

    // Whoever routes requests needs to know where a tenant is and whether it may work, and nothing else.
    allow('router').read('tenant').fields('id', 'name', 'phase', 'isolation'),
    allow('router').read('suspension').fields('tenantId', 'reason', 'since', 'by'),
    allow('router').read('place'),

    // A person makes keys for himself only, and can end them, but neither prolong them nor read what they are compared with.
    ...(['viewer', 'router'] as const).flatMap((role) => [
      allow(role)
        .create('apiKey')
        .check(({ row, claim }) => row.person.eq(claim.self)),
      allow(role)
        .read('apiKey')
        .fields('prefix', 'person', 'name', 'createdAt', 'expiresAt', 'lastUsedAt')
        .where(({ row, claim }) => row.person.eq(claim.self)),
      allow(role)
        .update('apiKey')
        .fields('expiresAt')
        .where(({ row, claim }) => row.person.eq(claim.self))
        .check(({ row, before }) => row.expiresAt.le(before.expiresAt)),
    ]),
    // In the transaction of a change a person notes, at his own request, what was changed.
    allow('operator')
      .read('idempotentRequest')
      .fields('person', 'key', 'claim', 'effect')
      .where(({ row, claim }) => row.person.eq(claim.self)),
    allow('operator')
      .update('idempotentRequest')
      .fields('effect')
      .where(({ row, claim }) => row.person.eq(claim.self)),

    // Whatever stands before the API finds out who asks, and keeps what was answered. It sees nothing of the tenants.
    allow('gateway').read('apiKey'),
    allow('gateway').update('apiKey').fields('lastUsedAt'),
    allow('gateway').read('idempotentRequest'),
    allow('gateway').create('idempotentRequest'),
    allow('gateway').update('idempotentRequest').fields('claim', 'claimedUntil', 'status', 'location', 'body'),
    allow('gateway').delete('idempotentRequest'),
  ],
})
