// Listens on the two Unix sockets (the application's and the owner's) and lets connections in, a bounded number of them; the bounded queue of the turnstile follows from that.
import { chmodSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import type { Logger } from '../../platform/log.ts'
import { type Door, OWNER } from './address.ts'
import type { Backend, BackendLost } from './backend.ts'
import { Connection, type ConnectionContext } from './connection.ts'
import { Session } from './session.ts'
import { greet, identify, readStartup } from './startup.ts'
import { Turnstile } from './turnstile.ts'
import { errorResponse } from './wire.ts'

export type DatabaseServerOptions = {
  backend: Backend
  /** Where the application's roles connect. */
  socketPath: string
  /** Where the owner connects, with the secret. */
  owner: { socketPath: string; secret: string }
  log: Logger
  maxConnections: number
  idleInTransactionMs: number
  longWaitMs: number
  /** The engine died: the process must end. */
  onLost(error: BackendLost): void
}

export type DatabaseServer = {
  turnstile: Turnstile
  /** Lets in whoever is at the other end of `socket`, as if it had come to the socket of `door`. */
  admit(socket: Socket, door: Door): void
  /** Refuses new connections, lets the owner of the backend finish for at most `graceMs`, ends all. */
  close(graceMs: number): Promise<void>
}

const reported = [
  'server_version',
  'server_encoding',
  'client_encoding',
  'DateStyle',
  'IntervalStyle',
  'TimeZone',
  'integer_datetimes',
  'standard_conforming_strings',
  'in_hot_standby',
  'default_transaction_read_only',
]

export async function startServer(options: DatabaseServerOptions): Promise<DatabaseServer> {
  const { backend, log } = options
  const turnstile = new Turnstile(options.longWaitMs, (wait) => log.warn(wait, 'a connection waits long for the database'))
  const session = new Session(backend)
  session.enter(turnstile, OWNER)
  const parameters = Object.fromEntries(reported.map((name) => [name, backend.run(`SHOW ${name}`)[0]!]))
  const context: ConnectionContext = { turnstile, session, ...options }
  const connections = new Set<Connection>()
  const sockets = new Set<Socket>()
  let lastId = 0
  let closing = false

  const roleExists = async (name: string): Promise<boolean> => {
    const owner = { describe: () => `login of ${name}` }
    if (!(await turnstile.enter(owner))) return false
    try {
      return (
        backend.run(`SELECT 1 FROM pg_roles WHERE rolcanlogin AND NOT rolsuper AND rolname = '${name.replaceAll("'", "''")}'`).length > 0
      )
    } finally {
      turnstile.leave(owner)
    }
  }

  async function welcome(socket: Socket, ownerSecret: string | undefined): Promise<void> {
    const asked = await readStartup(socket)
    if (!asked) return void socket.resume()
    const refuse = (code: string, text: string): void => {
      socket.end(errorResponse('FATAL', code, text))
      socket.resume() // or its end would never be read
    }
    if (closing) return refuse('57P01', 'the database is shutting down')
    const client = await identify(socket, asked, ownerSecret, roleExists)
    if (!client) return void socket.resume()
    if ('code' in client) return refuse(client.code, client.text)
    if (connections.size >= options.maxConnections) return refuse('53300', `sorry, too many clients already (${options.maxConnections})`)
    if (socket.destroyed) return
    const id = ++lastId
    greet(socket, client, { id, parameters }, asked)
    const connection = new Connection(id, client, socket, context)
    connections.add(connection)
    socket.on('close', () => connections.delete(connection))
    socket.resume()
  }

  const admit = (socket: Socket, door: Door): void => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', (error) => log.debug({ err: error }, 'a connection broke'))
    welcome(socket, door === 'owner' ? options.owner.secret : undefined).catch((error: Error) => {
      log.error({ err: error }, 'a connection could not start')
      socket.destroy()
    })
  }

  const listen = async (path: string, door: Door): Promise<Server> => {
    const listener = createServer((socket) => admit(socket, door))
    await new Promise<void>((resolve, reject) => {
      listener.once('error', reject)
      listener.listen({ path, backlog: options.maxConnections + 100 }, resolve)
    })
    chmodSync(path, 0o600)
    return listener
  }
  const listeners = [await listen(options.owner.socketPath, 'owner'), await listen(options.socketPath, 'application')]

  return {
    turnstile,
    admit,
    async close(graceMs) {
      closing = true
      const ended = Promise.all(listeners.map((listener) => new Promise<void>((resolve) => listener.close(() => resolve()))))
      for (const connection of connections) connection.drain()
      const patience = setTimeout(() => {
        for (const connection of connections) connection.terminate()
        for (const socket of sockets) socket.destroySoon()
      }, graceMs)
      await ended
      clearTimeout(patience)
      turnstile.stop()
    },
  }
}
