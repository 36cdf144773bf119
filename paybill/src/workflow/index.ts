export { type ActionDone, type ActionOutcome, type ApprovalOutcome, type BuiltFlow, Flow } from './flow.ts'
export type { Node } from './node.ts'
export { nodeData, type StepContext, type Workflow, workflow } from './workflow.ts'
