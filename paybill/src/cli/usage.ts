/** The command was written wrongly. Its message says how, in one line. */
export class UsageError extends Error {}
