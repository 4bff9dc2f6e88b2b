// The service that answers over HTTP, in this process, on a database that is there; nobody tells its picture of positions.
import type { AddressInfo } from 'node:net'
import { pino } from 'pino'
import { defaultLimits } from '../services/dispatch/security.ts'
import { build } from '../services/dispatch/server.ts'
import { settingsSchema } from '../services/dispatch/settings.ts'
import { systemClock } from '../services/platform/clock.ts'
import type { Database } from '../services/platform/db.ts'

const wide = { ...defaultLimits, perAddress: 1e9, signInPerAddress: 1e9, perSession: 1e9, viewsPer10S: 1e9 }
const broker = {
  connected: true,
  held: () => null,
  listen: () => undefined,
  publish: async () => undefined,
  bringIn: () => Promise.reject(new Error('no broker')),
}

/** @param kind of the database: beside one session the service's own clockwork lets whoever asks go first */
export async function serve(db: Database, kind: 'embedded' | 'server'): Promise<{ origin: string; close(): Promise<unknown> }> {
  const settings = settingsSchema.parse({ 'web-dir': 'web/dist', 'database-kind': kind })
  const log = pino({ level: 'silent' })
  const { app, feed } = await build({ db, clock: systemClock, log, settings, version: '0', broker, limits: wide })
  await app.listen({ port: 0, host: '127.0.0.1' })
  await feed.start()
  return { origin: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`, close: () => app.close() }
}
