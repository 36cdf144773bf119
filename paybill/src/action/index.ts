export {
  type Accepts,
  any,
  type AnyContent,
  type Bounded,
  bounded,
  type BoundedWindow,
  type Choice,
  choice,
  type Trusted,
  trusted,
} from './accepts.ts'
export {
  type Action,
  action,
  type ActionLimits,
  type ArgumentSchemas,
  type ArgumentValues,
  type ExternalCall,
  type Recovery,
} from './action.ts'
