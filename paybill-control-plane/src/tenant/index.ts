export { isServing, mayFollow, type Phase, phaseMoves } from './phase.ts'
