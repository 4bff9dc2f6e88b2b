// The door of a connection: answers a request for TLS, reads the startup packet, greets, and says which user it is.
import { timingSafeEqual } from 'node:crypto'
import type { Socket } from 'node:net'
import { sha256 } from '../../platform/crypto.ts'
import { OWNER } from './address.ts'
import type { Client } from './connection.ts'
import * as wire from './wire.ts'

export type Greeting = { id: number; parameters: Readonly<Record<string, string>> }

const STARTUP_MS = 10_000

/** Settings in a startup packet that are ours or cannot matter here; any other is answered with a warning that it is ignored. */
const understood = new Set(['user', 'database', 'application_name', 'client_encoding', 'replication'])
const databases = new Set(['morin', 'postgres', 'template1'])

/** Reads until the startup packet is whole; undefined when the connection wants nothing more (a cancel request, a refusal, gone). */
export function readStartup(socket: Socket): Promise<Map<string, string> | undefined> {
  const frames = new wire.FrameReader(10_000)
  return new Promise((resolve) => {
    const done = (parameters: Map<string, string> | undefined): void => {
      socket.off('data', onData)
      socket.off('close', onClose)
      clearTimeout(patience)
      socket.pause()
      // A client may send more before it is answered: that is for whoever reads next.
      const rest = frames.rest()
      if (rest.length) socket.unshift(rest)
      resolve(parameters)
    }
    const onClose = (): void => done(undefined)
    const refuse = (code: string, text: string): void => {
      socket.end(wire.errorResponse('FATAL', code, text))
      done(undefined)
    }
    const onData = (chunk: Buffer): void => {
      frames.push(chunk)
      try {
        for (let frame = frames.next(true); frame; frame = frames.next(true)) {
          const request = frame.bytes.length >= 8 ? frame.bytes.readUInt32BE(4) : 0
          if (request === wire.SSL_REQUEST || request === wire.GSS_REQUEST) {
            socket.write('N')
          } else if (request === wire.CANCEL_REQUEST) {
            // There is no statement cancel: the backend cannot hear anything while it works.
            socket.end()
            done(undefined)
            return
          } else if (request === wire.PROTOCOL_3) {
            done(startupParameters(frame.bytes))
            return
          } else {
            refuse('08P01', 'only protocol 3.0 is spoken here')
            return
          }
        }
      } catch (error) {
        if (!(error instanceof wire.ProtocolViolation)) throw error
        refuse('08P01', error.message)
      }
    }
    const patience = setTimeout(() => socket.destroy(), STARTUP_MS)
    socket.on('data', onData)
    socket.on('close', onClose)
  })
}

/**
 * Which client this is, or the refusal. At the owner's door only the owner is let in, and only with the secret; at the application's door
 * anybody but the owner. `roleExists` asks the database.
 */
export async function identify(
  socket: Socket,
  parameters: Map<string, string>,
  ownerSecret: string | undefined,
  roleExists: (name: string) => Promise<boolean>,
): Promise<Client | { code: string; text: string } | undefined> {
  const asked = parameters.get('user') ?? OWNER
  const database = parameters.get('database') ?? 'morin'
  if (!databases.has(database)) return { code: '3D000', text: `database "${database}" does not exist; the embedded one is called morin` }
  const user = asked === 'postgres' ? OWNER : asked
  if (ownerSecret === undefined) {
    if (user === OWNER) return { code: '28000', text: 'the owner of the database has a socket and a secret of its own' }
    if (!(await roleExists(user))) return { code: '28000', text: `role "${user}" does not exist or may not log in` }
  } else {
    if (user !== OWNER) return { code: '28000', text: 'this socket is for the owner of the database alone' }
    const password = await askPassword(socket)
    if (password === undefined) return undefined
    if (!sameSecret(password, ownerSecret)) return { code: '28P01', text: `password authentication failed for user "${user}"` }
  }
  return { user, applicationName: parameters.get('application_name') ?? '' }
}

/** Digests are compared, so that the time taken tells nothing of the secret, its length included. */
const sameSecret = (given: string, right: string): boolean => timingSafeEqual(sha256(given), sha256(right))

/** Asks for the password in clear: the socket is in a private directory of this machine. Undefined when the client went. */
function askPassword(socket: Socket): Promise<string | undefined> {
  const frames = new wire.FrameReader(10_000)
  return new Promise((resolve) => {
    const done = (password: string | undefined): void => {
      socket.off('data', onData)
      socket.off('close', onClose)
      clearTimeout(patience)
      socket.pause()
      const rest = frames.rest()
      if (rest.length) socket.unshift(rest)
      resolve(password)
    }
    const onClose = (): void => done(undefined)
    const onData = (chunk: Buffer): void => {
      frames.push(chunk)
      try {
        const frame = frames.next(false)
        if (!frame) return
        if (frame.type !== wire.letter('p')) throw new wire.ProtocolViolation('a password was asked for')
        done(wire.readString(frame.bytes, 5).text)
      } catch (error) {
        if (!(error instanceof wire.ProtocolViolation)) throw error
        socket.end(wire.errorResponse('FATAL', '08P01', error.message))
        done(undefined)
      }
    }
    const patience = setTimeout(() => socket.destroy(), STARTUP_MS)
    socket.on('data', onData)
    socket.on('close', onClose)
    socket.write(wire.authenticationCleartextPassword)
    socket.resume()
  })
}

export function greet(socket: Socket, client: Client, { id, parameters }: Greeting, asked: Map<string, string>): void {
  const ignored = [...asked.keys()].filter((name) => !understood.has(name))
  const own = {
    application_name: client.applicationName,
    session_authorization: client.user,
    is_superuser: client.user === OWNER ? 'on' : 'off',
  }
  socket.write(
    Buffer.concat([
      wire.authenticationOk,
      ...Object.entries({ ...parameters, ...own }).map(([name, value]) => wire.parameterStatus(name, value)),
      wire.backendKeyData(id, 0),
      ...(ignored.length ? [wire.warning('01000', `the embedded database ignores ${ignored.join(', ')} given at connection`)] : []),
      wire.readyForQuery('I'),
    ]),
  )
}

function startupParameters(bytes: Buffer): Map<string, string> {
  const parameters = new Map<string, string>()
  for (let at = 8; bytes[at]; ) {
    const name = wire.readString(bytes, at)
    const value = wire.readString(bytes, name.end)
    parameters.set(name.text, value.text)
    at = value.end
  }
  return parameters
}
