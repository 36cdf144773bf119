export { influenceBits, isTrusted, join, type Label, systemLabel, withInfluence } from './label.ts'
export { combine, format, Labeled, map, type MaybeLabeled, pick, present, size } from './labeled.ts'
