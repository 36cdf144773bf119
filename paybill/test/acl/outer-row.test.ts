// A condition on related rows is about those rows alone.

import { expect, test } from 'vitest'
import { acl } from '../../src/acl/index.ts'
import { schema } from '../../src/schema/schema.ts'
import { t } from '../../src/schema/column.ts'
import { table, toMany } from '../../src/schema/table.ts'

const db = schema({
  order: table(
    { tenant: t.tenant(), id: t.uuid(), note: t.text() },
    { primaryKey: ['tenant', 'id'], relations: { lines: toMany('line', { id: 'order' }) } },
  ),
  line: table({ tenant: t.tenant(), id: t.uuid(), order: t.uuid(), note: t.text() }, { primaryKey: ['tenant', 'id'] }),
})

test('a column of the outer row inside a quantifier is refused, not read as the inner column of that name', () => {
  const mixed = () =>
    acl(db, {
      roles: ['clerk'],
      rules: ({ allow }) => [
        allow('clerk')
          .read('order')
          .where(({ row }) => row.many('lines', 'line').some((line) => line.note.eq(row.note))),
      ],
    })
  expect(mixed).toThrow(expect.objectContaining({ code: 'RULES_INVALID' }))
})

test('a column of the inner row inside a quantifier is taken', () => {
  const rules = acl(db, {
    roles: ['clerk'],
    rules: ({ allow }) => [
      allow('clerk')
        .read('order')
        .where(({ row }) => row.many('lines', 'line').some((line) => line.note.eq('urgent'))),
    ],
  })
  expect(rules.rules).toHaveLength(1)
})
