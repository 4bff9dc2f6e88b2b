// What is on record of looking at live positions (docs/decisions/0015): that somebody looked, through which door and with which filter,
// once an hour and session. A position looked at is a moment; asked for again and again it is a track, and a track has its record.
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db.ts'
import { actorOf, type Caller, type Reachable, type Who } from './caller.ts'
import { type AuditEntry, recordAudit } from './record.ts'

/** The map's socket, the list of vehicles, the panel of one vehicle. */
export type Door = 'map' | 'list' | 'vehicle'

const HOUR_MS = 3_600_000
/** Different looks of one session through one door that have a record of their own in an hour; further ones share one. */
const OWN_RECORDS = 60
/** Sessions times doors that are remembered; who is forgotten is recorded again. */
const MAX_KEPT = 20_000

type Hour = { endsAtMs: number; looks: Map<string, Promise<unknown>> }

export class LiveLooks {
  readonly #db: Database
  readonly #clock: Clock
  readonly #hours = new Map<string, Hour>()

  constructor({ db, clock }: { db: Database; clock: Clock }) {
    this.#db = db
    this.#clock = clock
  }

  /**
   * What must be waited for before anything is shown; undefined when this look is on record. Whoever sees only what is his own leaves none.
   * `what`: the filter, or the vehicle. It rejects when the record cannot be written: then nothing may be shown.
   */
  owed({ caller, reach }: Who<Reachable>, door: Door, what: object): Promise<unknown> | undefined {
    if (reach.vehicleId !== null) return undefined
    const { looks } = this.#hourOf(caller, door)
    const own = JSON.stringify(what)
    const key = looks.has(own) || looks.size < OWN_RECORDS ? own : 'others'
    const known = looks.get(key)
    if (known) return known === done ? undefined : known
    const record = recordAudit(this.#db, entryOf(caller, reach, this.#clock.nowMs(), door, key === own ? what : { others: true })).then(
      () => looks.set(key, done),
      (error: unknown) => {
        looks.delete(key)
        throw error
      },
    )
    looks.set(key, record)
    return record
  }

  #hourOf({ session, apiToken }: Caller, door: Door): Hour {
    const nowMs = this.#clock.nowMs()
    const key = `${apiToken ? `token ${apiToken.tokenId}` : session.sessionId} ${door}`
    const hour = this.#hours.get(key)
    if (hour && hour.endsAtMs > nowMs) return hour
    if (this.#hours.size >= MAX_KEPT) this.#hours.clear()
    const begun: Hour = { endsAtMs: nowMs + HOUR_MS, looks: new Map() }
    this.#hours.set(key, begun)
    return begun
  }
}

const done: Promise<unknown> = Promise.resolve()

function entryOf(caller: Caller, { unmasked }: Reachable, atMs: number, door: Door, what: object): AuditEntry {
  const { vehicleId, organisationId } = what as { vehicleId?: number; organisationId?: number }
  return {
    atMs,
    actor: actorOf(caller),
    action: 'live.look',
    subject:
      vehicleId === undefined
        ? { type: 'organisation', id: organisationId ?? caller.organisation.organisationId }
        : { type: 'vehicle', id: vehicleId },
    purpose: caller.session.livePurpose,
    detail: {
      door,
      ...(vehicleId === undefined ? { filter: what } : {}),
      ...(unmasked.length > 0 ? { unmaskings: unmasked.map(({ unmaskingId }) => unmaskingId) } : {}),
    },
  }
}
