// Bill Pay as a service: what is sold. A plan says where its subscriber lives.

import { defaultOverduePolicy } from 'paybill-control-plane/billing'
import { catalog } from 'paybill-control-plane/catalog'
import type { Offer } from 'paybill-control-plane/control-plane'

const perMonth = (flat: string) => [{ currency: 'EUR', interval: 'month', flat }] as const

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
                prices: perMonth('49.00'),
              },
            ],
          },
          business: {
            versions: [
              {
                version: 1,
                name: 'Business',
                isolation: 'bridge',
                activation: 'immediate',
                trialDays: 14,
                prices: perMonth('490.00'),
              },
            ],
          },
          enterprise: {
            versions: [
              {
                version: 1,
                name: 'Enterprise',
                isolation: 'silo',
                activation: { kind: 'on_payment', timeoutHours: 72 },
                prices: perMonth('4900.00'),
              },
            ],
          },
        },
      },
    },
  }),
}
