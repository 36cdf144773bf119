// At most so many connections to one server, over the pools of all tenants. A tenant's pool is opened when it is asked for
// and takes its share of the budget whole; it is closed when it was idle for a while, or at once when another tenant needs
// its share. Not for several processes: divide the budget between them.

import { setTimeout as pause } from 'node:timers/promises'
import { PaybillError } from 'paybill/lib'

export type BudgetOptions<P extends Closable> = {
  /** For all pools together, and for each. */
  readonly connections: number
  readonly connectionsPerPool: number
  readonly idleMs: number
  /** How long a call waits for its turn before DATABASE_BUSY. */
  readonly waitMs: number
  /** Opens a pool of `connectionsPerPool`, such as `openDatabase` with `maxConnections`. */
  readonly open: (tenant: string) => Promise<P>
}

/** Its connections are gone when `close` is done. */
export type Closable = { close(): Promise<void> }

export type ConnectionBudget<P> = {
  /**
   * Runs work with the tenant's pool. Throws DATABASE_BUSY where no turn came in time.
   *
   * @example await budget.use('ten_1', (database) => database.session(identity).invoice.count())
   */
  use<R>(tenant: string, work: (pool: P) => Promise<R>): Promise<R>
  /** Waits for the work that goes on, and closes all pools. */
  close(): Promise<void>
}

/** Throws ARGUMENT_INVALID for a budget in which no pool fits. */
export function connectionBudget<P extends Closable>(options: BudgetOptions<P>): ConnectionBudget<P> {
  const maxPools = Math.floor(options.connections / options.connectionsPerPool)
  if (!(maxPools >= 1)) throw new PaybillError('ARGUMENT_INVALID', `a budget of ${options.connections} connections holds no pool`)
  return new Budget(options, maxPools)
}

type OpenPool<P> = {
  readonly pool: Promise<P>
  users: number
  idleSince: number
}
type Waiter = { readonly serve: () => void }

class Budget<P extends Closable> implements ConnectionBudget<P> {
  readonly #options: BudgetOptions<P>
  readonly #maxPools: number
  /** Open ones, and those that are closing: their connections are still there. */
  readonly #pools = new Map<string, OpenPool<P>>()
  #closing = 0
  // INVARIANT: tenants come in turn, one call each, and a pool has no more calls at once than connections: the row is here,
  // where it is fair. While somebody waits for a share, nobody overtakes him, also not a tenant whose pool is open: its
  // calls would keep the pool busy for ever.
  readonly #queue = new Map<string, Waiter[]>()
  readonly #sweep: NodeJS.Timeout

  constructor(options: BudgetOptions<P>, maxPools: number) {
    this.#options = options
    this.#maxPools = maxPools
    this.#sweep = setInterval(() => this.#closeIdle(), Math.max(10, options.idleMs / 2)).unref()
  }

  async use<R>(tenant: string, work: (pool: P) => Promise<R>): Promise<R> {
    const own = await this.#turn(tenant)
    try {
      return await work(await own.pool)
    } finally {
      own.users -= 1
      own.idleSince = performance.now()
      this.#serve()
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#sweep)
    while (this.#pools.size > 0 || this.#closing > 0) {
      for (const [tenant, { users }] of this.#pools) if (users === 0) this.#shut(tenant)
      await pause(5)
    }
  }

  async #turn(tenant: string): Promise<OpenPool<P>> {
    const { promise, resolve, reject } = Promise.withResolvers<OpenPool<P>>()
    const waiter: Waiter = { serve: () => resolve(this.#take(tenant)) }
    this.#queue.set(tenant, [...(this.#queue.get(tenant) ?? []), waiter])
    const timer = setTimeout(() => {
      this.#leave(tenant, waiter)
      reject(new PaybillError('DATABASE_BUSY', `tenant \`${tenant}\` had no turn in ${this.#options.waitMs} ms`))
      this.#serve()
    }, this.#options.waitMs)
    this.#serve()
    try {
      return await promise
    } finally {
      clearTimeout(timer)
    }
  }

  #serve(): void {
    for (let next = this.#next(); next !== null; next = this.#next()) {
      const { tenant, waiter } = next
      this.#leave(tenant, waiter)
      // To the end of the row, behind all others.
      const rest = this.#queue.get(tenant)
      if (rest !== undefined) {
        this.#queue.delete(tenant)
        this.#queue.set(tenant, rest)
      }
      waiter.serve()
    }
  }

  #next(): { readonly tenant: string; readonly waiter: Waiter } | null {
    for (const [tenant, [waiter]] of this.#queue) {
      const open = this.#pools.get(tenant)
      // Whoever uses all of his own pool waits for himself, and nobody for him.
      if (open !== undefined && open.users >= this.#options.connectionsPerPool) continue
      return waiter !== undefined && (open !== undefined || this.#hasRoom()) ? { tenant, waiter } : null
    }
    return null
  }

  #leave(tenant: string, waiter: Waiter): void {
    const rest = (this.#queue.get(tenant) ?? []).filter((other) => other !== waiter)
    if (rest.length === 0) this.#queue.delete(tenant)
    else this.#queue.set(tenant, rest)
  }

  /** Whether one more pool may be opened. Where it may not, an idle one is told to go, which takes a moment. */
  #hasRoom(): boolean {
    if (this.#pools.size + this.#closing < this.#maxPools) return true
    const [idle] = [...this.#pools].filter(([, { users }]) => users === 0).toSorted(([, a], [, b]) => a.idleSince - b.idleSince)
    if (idle !== undefined && this.#closing === 0) this.#shut(idle[0])
    return false
  }

  #take(tenant: string): OpenPool<P> {
    const open = this.#pools.get(tenant)
    if (open !== undefined) {
      open.users += 1
      return open
    }
    const made: OpenPool<P> = { pool: this.#options.open(tenant), users: 1, idleSince: 0 }
    this.#pools.set(tenant, made)
    // Who asked sees the error. The next one tries again.
    made.pool.catch(() => this.#pools.get(tenant) === made && this.#pools.delete(tenant))
    return made
  }

  #shut(tenant: string): void {
    const shut = this.#pools.get(tenant)
    if (shut === undefined) return
    this.#pools.delete(tenant)
    this.#closing += 1
    const gone = (): void => {
      this.#closing -= 1
      this.#serve()
    }
    // A pool that does not close in order has lost its connections.
    void shut.pool.then((pool) => pool.close()).then(gone, gone)
  }

  #closeIdle(): void {
    const since = performance.now() - this.#options.idleMs
    for (const [tenant, { users, idleSince }] of this.#pools) if (users === 0 && idleSince < since) this.#shut(tenant)
  }
}
