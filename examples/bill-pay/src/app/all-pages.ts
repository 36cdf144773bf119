// Runs and approvals come in pages; the job and its report need all of them.

/** Every row of a list, page after page. */
export async function* allPages<Row extends { readonly id: string }>(
  list: (page: { readonly after?: string }) => Promise<readonly Row[]>,
): AsyncGenerator<Row, void, undefined> {
  let rows = await list({})
  for (let last = rows.at(-1); last !== undefined; last = rows.at(-1)) {
    yield* rows
    rows = await list({ after: last.id })
  }
}
