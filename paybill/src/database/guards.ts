// What the session leaves to the database itself: a statement that goes too far must undo itself in the same round trip,
// so it raises. These are the states it raises, and the function that does.

/** SQLSTATE where the new values of a row meet no rule. */
export const checkFailed = 'PBCHK'

/** SQLSTATE where a statement would change more rows than its limit. */
export const changedTooMany = 'PBMAX'

/** An expression that is true, or ends the statement with the SQLSTATE. NULL counts as false. */
export function requireSql(condition: string, sqlState: string): string {
  return `paybill.require(${condition}, '${sqlState}')`
}

/** Creates what sessions call. Run once, as the owner of the tables; `:app` is the role that sessions connect as. */
export const guardStatements: readonly string[] = [
  `create function paybill.require(condition boolean, state text) returns boolean language plpgsql as $guard$
begin
  if condition then
    return true;
  end if;
  raise exception 'refused' using errcode = state;
end $guard$`,
  `revoke execute on function paybill.require(boolean, text) from public`,
  `grant execute on function paybill.require(boolean, text) to :app`,
]

/** Takes away what `guardStatements` created. */
export const guardRemoval: readonly string[] = [`drop function paybill.require(boolean, text)`]
