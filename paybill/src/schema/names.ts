// From names in TypeScript to names in SQL: `dueDate` is `due_date`. Names are checked once, by `schema()`, so that what
// is quoted here can hold no quote.

export const sqlNamePattern = /^[a-z][A-Za-z0-9]{0,39}$/

/** The SQL name of a table, unquoted. */
export function tableName(name: string): string {
  return snakeCase(name)
}

/** The SQL name of a column, unquoted. Money has two: with `_minor` and `_currency` behind. */
export function columnName(name: string): string {
  return snakeCase(name)
}

/** A quoted SQL identifier. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** A quoted SQL text literal. */
export function quoteText(text: string): string {
  return text.includes('\\') ? `E'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'` : `'${text.replaceAll("'", "''")}'`
}

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
