// Who may do what in Bill Pay. Nobody else may do anything.

import { acl } from 'paybill/acl'
import { billPaySchema } from './schema.ts'

export const billPayRules = acl(billPaySchema, {
  roles: ['register-keeper', 'clerk', 'manager', 'payer', 'bank', 'model-provider'],
  rules: ({ allow }) => [
    // The job that brings vendors.csv into the register.
    allow('register-keeper').read('vendor'),
    allow('register-keeper').create('vendor'),
    allow('register-keeper').update('vendor'),
    allow('register-keeper').delete('vendor'),

    // A clerk starts the runs and looks at everything; the runs act with the rights that clerk and agent have both.
    allow('clerk').act('start:bill-pay'),
    allow('clerk').act('history:bill-pay'),
    allow('clerk').read('vendor'),
    allow('clerk').read('invoice'),
    allow('clerk').create('invoice'),
    allow('clerk').update('invoice').fields('decision', 'reason'),
    allow('clerk').read('invoiceText'),
    allow('clerk').create('invoiceText'),
    allow('clerk').create('payable'),
    allow('clerk').read('payment'),
    allow('clerk').create('payment'),
    allow('clerk').act('bank.transfer'),

    allow('payer').read('vendor'),
    allow('payer').read('invoice'),
    allow('payer').create('invoice'),
    allow('payer').update('invoice').fields('decision', 'reason'),
    allow('payer').read('invoiceText'),
    allow('payer').create('invoiceText'),
    allow('payer').create('payable'),
    allow('payer').read('payment'),
    allow('payer').create('payment'),
    allow('payer').act('bank.transfer'),

    // A manager decides on what is above a limit, and is never the one who asked.
    allow('manager').act('approve:bank.transfer'),
    allow('manager').read('vendor'),
    allow('manager').read('invoice'),
    allow('manager').read('payment'),

    // What leaves the house, and to whom: a payment's fields to the bank, free texts to the model's provider.
    allow('bank').read('vendor').fields('number', 'account'),
    allow('bank').read('invoice').fields('id', 'number', 'vendor', 'account', 'reference', 'amount'),
    allow('model-provider').read('invoiceText').fields('invoice', 'position', 'text'),
  ],
})
