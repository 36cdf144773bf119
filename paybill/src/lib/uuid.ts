// Ids as people and programs give them.

/** A UUID in its usual form, in whatever case. */
export const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** The id where it is a UUID, null where it is not: then no row has it, and the database need not be asked to read it. */
export function uuidOrNull(id: string): string | null {
  return uuidPattern.test(id) ? id : null
}
