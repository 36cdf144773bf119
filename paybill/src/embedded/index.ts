export { type DatabaseServer, databaseServer } from './database-server.ts'
export { type EmbeddedDatabase, type EmbeddedOptions, startEmbeddedDatabase, type StopOutcome } from './embedded-database.ts'
export type { ServerSettings } from './launch.ts'
export { type ServerProcess, serverProcesses } from './processes.ts'
export {
  type SocketServer,
  type SocketServerFound,
  type SocketServerOptions,
  socketServerFind,
  socketServerPlaces,
  socketServerRemove,
  socketServerStart,
  socketServerStop,
} from './socket-server.ts'
