/** Where the time of day comes from. Tests choose it; leases and fences use the database's own clock instead. */
export type Clock = { now(): Date }

export const systemClock: Clock = { now: () => new Date() }
