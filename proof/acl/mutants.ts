// Ways to break the readers of the rules, each a mistake that somebody could make: a forgotten NULL, a dropped conjunct, an
// edge on the wrong side. One text in one file of `paybill/src/acl` is replaced by another.

export type Mutant = {
  readonly name: string
  readonly file: string
  readonly from: string
  readonly to: string
}

const threeValues: readonly Mutant[] = [
  {
    name: 'SQL: not is dropped',
    file: 'sql-condition.ts',
    from: 'return isFalseSql(condition.condition, at)',
    to: 'return isTrueSql(condition.condition, at)',
  },
  {
    name: 'memory: not is dropped',
    file: 'evaluate.ts',
    from: 'return (at) => opposite(test(at))',
    to: 'return (at) => test(at)',
  },
  {
    name: 'SQL: a deny counts only where it is TRUE',
    file: 'rule-sql.ts',
    from: "is === null ? 'true' : notSql(isFalseSql(where, is))",
    to: "is === null ? 'true' : isTrueSql(where, is)",
  },
  {
    name: 'memory: a deny counts only where it is TRUE',
    file: 'decide.ts',
    from: 'return where(is) !== false && check(becomes) !== false',
    to: 'return where(is) === true && check(becomes) === true',
  },
  {
    name: 'SQL: an allow counts where it is UNKNOWN',
    file: 'rule-sql.ts',
    from: "is === null ? 'true' : isTrueSql(where, is)",
    to: "is === null ? 'true' : notSql(isFalseSql(where, is))",
  },
  {
    name: 'memory: an allow counts where it is UNKNOWN',
    file: 'decide.ts',
    from: 'return where(is) === true && check(becomes) === true',
    to: 'return where(is) !== false && check(becomes) === true',
  },
  {
    name: 'SQL: and is or',
    file: 'sql-condition.ts',
    from: "case 'and':\n      return allSql(condition.conditions.map((part) => isTrueSql(part, at)))",
    to: "case 'and':\n      return anySql(condition.conditions.map((part) => isTrueSql(part, at)))",
  },
  {
    name: 'SQL: an or is FALSE where one part is',
    file: 'sql-condition.ts',
    from: "case 'or':\n      return allSql(condition.conditions.map((part) => isFalseSql(part, at)))",
    to: "case 'or':\n      return anySql(condition.conditions.map((part) => isFalseSql(part, at)))",
  },
]

const operators: readonly Mutant[] = [
  { name: 'SQL: lt is le', file: 'sql-condition.ts', from: "lt: '<',", to: "lt: '<='," },
  { name: 'SQL: ne is eq', file: 'sql-condition.ts', from: "ne: '<>',", to: "ne: '='," },
  { name: 'memory: ge is gt', file: 'evaluate.ts', from: 'ge: (order) => order >= 0', to: 'ge: (order) => order > 0' },
  {
    name: 'SQL: NULL is in every list, and in none',
    file: 'sql-condition.ts',
    from: "return allSql([...notNull, `${value} ${isIn ? 'in' : 'not in'} (${items.join(', ')})`])",
    to: "return `coalesce(${value} ${isIn ? 'in' : 'not in'} (${items.join(', ')}), true)`",
  },
  {
    name: 'SQL: NULL is in no list, of a claim either',
    file: 'sql-condition.ts',
    from: 'allSql([...notNull, `${value} <> all(${list})`])',
    to: 'notSql(allSql([...notNull, `${value} = any(${list})`]))',
  },
  {
    name: 'SQL: a missing list is an empty one',
    file: 'sql-condition.ts',
    from: 'return allSql([isKnown, anySql([',
    to: 'return anySql([notSql(isKnown), anySql([',
  },
  {
    name: 'SQL: amounts are compared without their currencies',
    file: 'sql-condition.ts',
    from: '[`${one.currency} = ${other.currency}`]',
    to: '[]',
  },
  {
    name: 'memory: amounts are compared without their currencies',
    file: 'order.ts',
    from: 'one.currency === other.currency ? sign(one.minor - other.minor) : null',
    to: 'sign(one.minor - other.minor)',
  },
  { name: 'SQL: text in the order of its collation', file: 'sql-condition.ts', from: `? ' collate "C"' : ''`, to: "? '' : ''" },
  {
    name: 'memory: text in the order of UTF-16',
    file: 'order.ts',
    from: 'return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x1_0000 : unit',
    to: 'return unit',
  },
]

const relations: readonly Mutant[] = [
  {
    name: 'SQL: every holds over no rows',
    file: 'sql-condition.ts',
    from: "existsSql(condition, at, () => 'true'),",
    to: '',
  },
  {
    name: 'memory: every holds over no rows',
    file: 'evaluate.ts',
    from: 'rows.length === 0 ? null : allOf(rows, truth)',
    to: 'allOf(rows, truth)',
  },
  {
    name: 'SQL: every is content with UNKNOWN',
    file: 'sql-condition.ts',
    from: '(inner) => notSql(isTrueSql(condition.condition, inner))',
    to: '(inner) => isFalseSql(condition.condition, inner)',
  },
  {
    name: 'SQL: none is content with UNKNOWN',
    file: 'sql-condition.ts',
    from: "case 'none':\n      return notSql(existsSql(condition, at, (inner) => notSql(isFalseSql(condition.condition, inner))))",
    to: "case 'none':\n      return notSql(existsSql(condition, at, (inner) => isTrueSql(condition.condition, inner)))",
  },
  {
    name: 'SQL: none is some',
    file: 'sql-condition.ts',
    from: "case 'none':\n      return notSql(existsSql(condition, at, (inner) => notSql(isFalseSql(condition.condition, inner))))",
    to: "case 'none':\n      return existsSql(condition, at, (inner) => isTrueSql(condition.condition, inner))",
  },
  {
    name: 'SQL: NULL is not seen at the end of a relation',
    file: 'sql-condition.ts',
    from: 'currency: cell.currency === null ? null : pick(cell.currency), notNull: [`${value} is not null`] }',
    to: 'currency: cell.currency === null ? null : pick(cell.currency), notNull: [] }',
  },
  {
    name: 'SQL: related rows of all tenants',
    file: 'related.ts',
    from: 'const tenant = hasTenant(table) ?',
    to: "const tenant = hasTenant(table) && relation.kind === 'one' ?",
  },
  {
    name: 'SQL: related rows of all keys',
    file: 'related.ts',
    from: "[...tenant, ...join].join(' and ')",
    to: "[...tenant, ...(relation.kind === 'one' ? join : ['true'])].join(' and ')",
  },
]

const whoAsks: readonly Mutant[] = [
  {
    name: 'memory: the tenant is not asked',
    file: 'decide.ts',
    from: "if (plan.hasTenant && row['tenant'] !== subject.principal.tenant)",
    to: 'if (false)',
  },
  {
    name: 'SQL: the tenant is not asked',
    file: 'predicate.ts',
    from: '`${alias}."tenant" = ${bind.tenant()}` : \'true\'',
    to: "'true' : 'true'",
  },
  {
    name: 'row level security: the tenant is not asked',
    file: 'row-security.ts',
    from: '`${row.alias}."tenant" = ${identity.bind.tenant()}` :',
    to: 'identity.isKnown :',
  },
  {
    name: 'memory: an agent has what its principal has',
    file: 'plan.ts',
    from: 'subject.agent === null ? [subject.principal.roles] : [subject.principal.roles, subject.agent.roles]',
    to: '[subject.principal.roles]',
  },
  {
    name: 'SQL: an agent has what its principal has',
    file: 'predicate.ts',
    from: 'shape.agentRoles === null ? [shape.roles] : [shape.roles, shape.agentRoles]',
    to: '[shape.roles]',
  },
  {
    name: 'row level security: an agent has what its principal has',
    file: 'row-security.ts',
    from: 'anySql([identity.hasNoAgent, agent]),',
    to: '',
  },
  {
    name: 'SQL: the grant is not asked',
    file: 'predicate.ts',
    from: "if (!isGranted(shape.grant, action, table, fields)) return 'false'",
    to: '',
  },
  {
    name: 'row level security: the grant is not asked',
    file: 'row-security.ts',
    from: 'identity.isGranted(action, table),',
    to: '',
  },
  {
    name: 'one granted field is enough',
    file: 'in-force.ts',
    from: 'fields.every((field) => granted',
    to: 'fields.some((field) => granted',
  },
  { name: 'nothing is inherited', file: 'in-force.ts', from: 'take(inherited)', to: 'void inherited' },
]

const whichRules: readonly Mutant[] = [
  {
    name: 'memory: a deny is dropped',
    file: 'decide.ts',
    from: 'actor.denies.find((one) => counts(one, change))',
    to: 'actor.denies.find(() => false)',
  },
  { name: 'SQL: a deny is dropped', file: 'rule-sql.ts', from: ', ...denied.map(notSql)', to: '' },
  {
    name: 'a deny on a field is dropped',
    file: 'in-force.ts',
    from: 'rule.target.fields === null || rule.target.fields.some(',
    to: 'rule.target.fields === null || [].some(',
  },
  {
    name: 'SQL: one covered field is enough',
    file: 'rule-sql.ts',
    from: 'return allSql([...needed,',
    to: 'return allSql([anySql(needed),',
  },
  {
    name: 'SQL: the last moment of a window is in it',
    file: 'rule-sql.ts',
    from: '< ${moment(rule.until)}',
    to: '<= ${moment(rule.until)}',
  },
  {
    name: 'SQL: the first moment of a window is not in it',
    file: 'rule-sql.ts',
    from: '>= ${moment(rule.from)}',
    to: '> ${moment(rule.from)}',
  },
  {
    name: 'memory: the last moment of a window is in it',
    file: 'in-force.ts',
    from: 'now < rule.until',
    to: 'now <= rule.until',
  },
]

const newValues: readonly Mutant[] = [
  {
    name: 'SQL: new values are not asked about',
    file: 'rule-sql.ts',
    from: "becomes === null ? 'true' : isTrueSql(check, becomes)",
    to: "'true'",
  },
  {
    name: 'memory: new values are not asked about',
    file: 'decide.ts',
    from: 'return where(is) === true && check(becomes) === true',
    to: 'return where(is) === true',
  },
  {
    name: 'SQL: before is the row as it would be',
    file: 'sql-condition.ts',
    from: 'cellSql(at.beforeAlias ?? at.alias,',
    to: 'cellSql(at.alias,',
  },
  {
    name: 'memory: before is the row as it would be',
    file: 'evaluate.ts',
    from: '(at.before === null ? null : cellOf(at.before, column,',
    to: '(at.before === null ? null : cellOf(at.row, column,',
  },
  {
    name: 'row level security: two rules in one update',
    file: 'row-security.ts',
    from: 'if (!isNeeded) return []',
    to: 'return []',
  },
  {
    name: 'SQL: what cannot be read can be changed',
    file: 'predicate.ts',
    from: 'if (!needsRead(action)) return own',
    to: 'return own',
  },
  {
    name: 'memory: what cannot be read can be changed',
    file: 'decide.ts',
    from: ' ?? readRefusal(actor, change, request)',
    to: '',
  },
  {
    name: 'SQL: an update may hide its row',
    file: 'predicate.ts',
    from: 'rows: { is, becomes }, readable: becomes }',
    to: 'rows: { is, becomes }, readable: is }',
  },
]

/** Mutants that show in almost every set of rules, for a quick look. */
export const commonMutants: readonly Mutant[] = [...threeValues, ...whoAsks]

export const mutants: readonly Mutant[] = [...threeValues, ...operators, ...relations, ...whoAsks, ...whichRules, ...newValues]
