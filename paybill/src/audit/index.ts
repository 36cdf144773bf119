export { auditExport } from './export.ts'
export type { Finding, FindingKind } from './finding.ts'
export {
  type EndLine,
  type EntryLine,
  type ExportLine,
  type ExportLines,
  type HeaderLine,
  readLines,
  type RunLine,
  type SegmentLine,
  writeLines,
} from './line.ts'
export { auditSeal, type SealWith, startSealing } from './seal.ts'
export { tamperControls, type TamperControls } from './tamper-controls.ts'
export { type Verification, verifyExport, type VerifyWith } from './verify.ts'
