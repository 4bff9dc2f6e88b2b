// A running dispatch service for one test file: a real database, a clock that stands still, and frames by hand.
import type { AddressInfo } from 'node:net'
import { pino } from 'pino'
import { type AnswerOf, api, type EndpointName } from '../../services/contracts/api.ts'
import type { Refusal } from '../../services/contracts/errors.ts'
import { allocateLiveFrame, type LiveFrame } from '../../services/contracts/liveFrame.ts'
import { build, type Deps } from '../../services/dispatch/server.ts'
import { settingsSchema } from '../../services/dispatch/settings.ts'
import { type Database, openDatabase } from '../../services/platform/db.ts'
import { onServer, startTestDatabase } from '../harness/database.ts'
import { NOW_MS, PASSWORD, seedRegion } from './region.ts'

type Test = { teardown(work: () => unknown): void }

/** Limits that no test reaches by accident, on a busy machine either. */
export const wideLimits = { perAddress: 1e6, signInPerAddress: 1e6, perSession: 1e6, viewsPer10S: 1e6, loopDelayMs: 1e6 }

export const IDENTITY_KEY = Buffer.alloc(32, 7).toString('base64url')

/** As the services run: what a slice may not do as the application's role fails in its tests. `owner` is for what the services never do. */
export async function openRegion(t: Test): Promise<Database & { owner: Database }> {
  const { url, appUrl } = await startTestDatabase(t)
  const owner = openDatabase({ url, applicationName: 'test owner', maxConnections: 1 })
  const db = openDatabase({ url: appUrl, applicationName: 'test', maxConnections: 4 })
  t.teardown(() => Promise.all([db.close(), owner.close()]))
  await seedRegion(owner)
  return { ...db, owner }
}

/** Live frames and replays by hand. */
export class FakeBroker {
  connected = true
  published: { topic: string; payload: Buffer }[] = []
  refusal: Refusal | undefined
  holds: { now: number; least: number } | null = null
  #sequence = 0
  #onFrame: (frame: LiveFrame) => void = () => {}
  onSubscribed: () => void = () => {}

  held(): { now: number; least: number } | null {
    return this.holds
  }

  listen(onFrame: (frame: LiveFrame) => void, onSubscribed: () => void): void {
    this.#onFrame = onFrame
    this.onSubscribed = onSubscribed
  }

  async publish(topic: string, payload: Uint8Array): Promise<void> {
    if (this.refusal) throw this.refusal
    this.published.push({ topic, payload: Buffer.from(payload) })
  }

  async bringIn(topic: string, _receiptId: string, payload: Uint8Array): Promise<{ fixes: number; quarantined: number }> {
    await this.publish(topic, payload)
    return { fixes: (JSON.parse(Buffer.from(payload).toString()) as unknown[]).length, quarantined: 0 }
  }

  /** One frame; `skip` frames before it are lost. */
  send(rows: { vehicleId: number; timeS: number; lon?: number; lat?: number; speedDkph?: number; flags?: number }[], skip = 0): void {
    this.#sequence += 1 + skip
    const frame = allocateLiveFrame(rows.length, { sequence: this.#sequence, sender: 7, committedAtMs: NOW_MS })
    rows.forEach((row, k) => {
      frame.vehicleId[k] = row.vehicleId
      frame.timeS[k] = row.timeS
      frame.lonE7[k] = Math.round((row.lon ?? 111.7) * 1e7)
      frame.latE7[k] = Math.round((row.lat ?? 40.8) * 1e7)
      frame.speedDkph[k] = row.speedDkph ?? 0
      frame.headingDeg[k] = 0
      frame.flags[k] = row.flags ?? 0
    })
    this.#onFrame(frame)
  }
}

export type World = Awaited<ReturnType<typeof startWorld>>

export async function startWorld(t: Test, db: Database, flags: Record<string, string> = {}, deps: Partial<Deps> = {}) {
  const clock = {
    atMs: NOW_MS,
    nowMs() {
      return this.atMs
    },
  }
  const broker = new FakeBroker()
  const { app, feed } = await build({
    db,
    clock,
    log: pino({ level: process.env.LOG_LEVEL ?? 'silent' }),
    settings: settingsSchema.parse({
      'database-kind': onServer ? 'server' : 'embedded',
      'web-dir': 'no-web-here',
      'identity-key': IDENTITY_KEY,
      ...flags,
    }),
    version: '0.0.0-test',
    broker,
    limits: wideLimits,
    ...deps,
    // Rows are held against counters twice a second for as long as a service runs: a twentieth of a processor for each of them, and looked
    // at by none of these tests (test/ingest/rowCheck.test.ts).
    pace: { rowsMs: 1e6, ...deps.pace },
  })
  await app.listen({ port: 0, host: '127.0.0.1' })
  t.teardown(() => app.close())
  await feed.start()
  const { port } = app.server.address() as AddressInfo
  const signIn = async (username: string): Promise<Signed> => {
    const answer = await app.inject({ method: 'POST', url: '/api/v1/session', payload: { username, password: PASSWORD } })
    if (answer.statusCode !== 200) throw new Error(`sign-in of ${username}: ${answer.body}`)
    const cookie = `morin_session=${answer.cookies[0]!.value}`
    const { csrfToken } = answer.json() as { csrfToken: string }
    return { cookie, csrfToken, headers: { cookie, 'x-csrf-token': csrfToken } }
  }
  return { app, feed, broker, clock, db, port, origin: `http://127.0.0.1:${port}`, signIn }
}

export type Signed = { cookie: string; csrfToken: string; headers: { cookie: string; 'x-csrf-token': string } }

/** Asks an endpoint of the table; `parts` fill its path, query and body. */
export async function ask<N extends EndpointName>(
  { app }: Pick<World, 'app'>,
  name: N,
  signed: Partial<Signed> | undefined,
  parts: { params?: Record<string, unknown>; query?: Record<string, unknown>; body?: unknown; headers?: Record<string, string> } = {},
) {
  const { method, path } = api[name]
  const url = path.replace(/:(\w+)/g, (_all, key: string) => encodeURIComponent(Buffer.from(String(parts.params?.[key])).toString()))
  const query = Object.fromEntries(Object.entries(parts.query ?? {}).map(([key, value]) => [key, String(value)]))
  const answer = await app.inject({
    method,
    url: `/api/v1${url}`,
    query,
    headers: { ...signed?.headers, ...parts.headers },
    ...(parts.body === undefined ? {} : { payload: parts.body as object }),
  })
  return {
    status: answer.statusCode,
    json: () => answer.json() as AnswerOf<N>,
    code: codeOf(answer.body),
    headers: answer.headers,
    body: answer.body,
  }
}

function codeOf(body: string): string | undefined {
  return body.startsWith('{"error":') ? (JSON.parse(body) as { error: { code: string } }).error.code : undefined
}
