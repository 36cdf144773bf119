// What the organization of the tests sells.

import { defaultOverduePolicy } from '../../src/billing/overdue.ts'
import { catalog } from '../../src/catalog/catalog.ts'
import type { Offer } from '../../src/control-plane/tenant-billing.ts'

const price = (flat: string) => [{ currency: 'EUR', interval: 'month', flat }] as const

export const offer: Offer = {
  policies: [defaultOverduePolicy],
  catalog: catalog({
    products: {
      'bill-pay': {
        name: 'Bill Pay',
        plans: {
          starter: {
            versions: [
              {
                version: 1,
                name: 'Starter',
                isolation: 'pooled',
                activation: 'immediate',
                trialDays: 14,
                prices: price('49.00'),
              },
            ],
          },
          business: {
            versions: [{ version: 1, name: 'Business', isolation: 'bridge', activation: 'immediate', prices: price('490.00') }],
          },
          enterprise: {
            versions: [
              {
                version: 1,
                name: 'Enterprise',
                isolation: 'silo',
                activation: { kind: 'on_payment', timeoutHours: 48 },
                prices: price('4900.00'),
              },
            ],
          },
        },
      },
    },
  }),
}
