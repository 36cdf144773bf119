export type { Model, ModelAnswer, ModelRequest, ModelText } from './model.ts'
