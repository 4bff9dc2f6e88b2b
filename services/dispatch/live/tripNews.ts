// Who is to be told that requests and orders have changed. The audit log says what: each change is in it, in the order of the commits, whichever
// instance made it. What is told is that something has changed and up to which record; whoever is told asks for it himself.

import type { Database } from '../../platform/db.ts'
import type { Logger } from '../../platform/log.ts'

/** Up to which record it is told, and whom it concerns: of those who listen, whose scope and whose own account. */
export type TripNews = { through: number; organisationIds: readonly number[]; accountIds: readonly number[] }
/** Who listens: the organisations whose subtrees are watched. */
export type Listening = () => readonly number[]

type Options = { db: Database; log: Logger; listening: Listening; tell: (news: TripNews) => void; everyMs?: number; soonMs?: number }

/** What another instance has done is told within this time. */
const EVERY_MS = 1_000
/** Several changes at once are told once. */
const SOON_MS = 20
const AT_ONCE = 2_000

export class TripNewsReader {
  readonly #options: Options
  readonly #clock: NodeJS.Timeout
  #soon: NodeJS.Timeout | undefined
  #reading: Promise<void> | undefined
  #again = false
  #through: number | undefined

  constructor(options: Options) {
    this.#options = options
    this.#clock = setInterval(() => this.#read(), options.everyMs ?? EVERY_MS)
    this.#clock.unref()
  }

  /** Something may have changed here: look soon. */
  wake(): void {
    this.#soon ??= setTimeout(() => {
      this.#soon = undefined
      this.#read()
    }, this.#options.soonMs ?? SOON_MS)
  }

  /** Up to which record everything has been told; whoever begins to listen goes by it. */
  async through(): Promise<number> {
    if (this.#through === undefined) await this.#begin()
    return this.#through!
  }

  async close(): Promise<void> {
    clearInterval(this.#clock)
    clearTimeout(this.#soon)
    await this.#reading
  }

  async #begin(): Promise<void> {
    const { rows } = await this.#options.db.query<{ seq: number | null }>('SELECT max(seq) AS seq FROM audit_log')
    this.#through ??= rows[0]!.seq ?? 0
  }

  #read(): void {
    if (this.#options.listening().length === 0) return
    if (this.#reading) {
      this.#again = true
      return
    }
    this.#reading = this.#readAll()
      .catch((error: unknown) =>
        this.#options.log.warn({ err: error }, 'changes of requests and orders could not be told; it is tried again'),
      )
      .finally(() => {
        this.#reading = undefined
        if (!this.#again) return
        this.#again = false
        this.#read()
      })
  }

  async #readAll(): Promise<void> {
    const from = await this.through()
    const { db, listening, tell } = this.#options
    const { rows } = await db.query<Changed>(
      `SELECT seq, subject_type AS type, subject_id AS id,
         CASE WHEN subject_type = 'order' THEN array_remove(ARRAY[body::json #>> '{before,vehicleId}', body::json #>> '{after,vehicleId}'], NULL) END AS vehicles,
         CASE WHEN subject_type = 'order' THEN array_remove(ARRAY[body::json #>> '{before,driverId}', body::json #>> '{after,driverId}'], NULL) END AS drivers
       FROM audit_log WHERE seq > $1 ORDER BY seq LIMIT ${AT_ONCE}`,
      [from],
    )
    const last = rows.at(-1)
    if (!last) return
    const concerned = await findConcerned(db, rows, listening())
    this.#through = last.seq
    if (concerned) tell({ through: last.seq, ...concerned })
    if (rows.length === AT_ONCE) await this.#readAll()
  }
}

type Changed = { seq: number; type: string | null; id: string | null; vehicles: string[] | null; drivers: string[] | null }

/** null: nothing of it is about requests, orders, or what is promised to them. */
async function findConcerned(
  db: Database,
  rows: readonly Changed[],
  listening: readonly number[],
): Promise<Pick<TripNews, 'organisationIds' | 'accountIds'> | null> {
  const of = (type: string) => rows.flatMap((row) => (row.type === type && row.id !== null ? [Number(row.id)] : []))
  const numbers = (texts: readonly (string[] | null)[]) => texts.flatMap((each) => (each ?? []).map(Number))
  const [requests, orders] = [of('request'), of('order')]
  const vehicles = [...of('vehicle'), ...numbers(rows.map((row) => row.vehicles))]
  const drivers = [...of('driver'), ...numbers(rows.map((row) => row.drivers))]
  if (requests.length + orders.length + vehicles.length + drivers.length === 0) return null
  const { rows: found } = await db.query<{ organisationIds: number[]; accountIds: number[] }>(
    `WITH asked AS (SELECT request_id, unit_id, applicant_id FROM trip_requests r WHERE request_id = ANY($1::int[])
         OR EXISTS (SELECT FROM dispatch_orders d WHERE d.request_id = r.request_id AND d.order_id = ANY($2::int[]))
         -- Who travels with it, or is asked to.
         OR request_id IN (SELECT unnest(ARRAY[s.first_id, s.request_id]) FROM trip_rides s LEFT JOIN dispatch_orders d ON d.request_id = s.first_id
           WHERE s.state IN ('ASKED', 'JOINED') AND (s.first_id = ANY($1::int[]) OR s.request_id = ANY($1::int[]) OR d.order_id = ANY($2::int[])))),
       given AS (SELECT vehicle_id, driver_id FROM dispatch_orders WHERE order_id = ANY($2::int[])),
       driven AS (SELECT driver_id, organisation_id FROM drivers WHERE driver_id = ANY($4::int[]) OR driver_id IN (SELECT driver_id FROM given)),
       places AS (SELECT unit_id AS organisation_id FROM asked
         UNION SELECT user_unit_id FROM vehicles WHERE vehicle_id = ANY($3::int[]) OR vehicle_id IN (SELECT vehicle_id FROM given)
         UNION SELECT organisation_id FROM driven)
     SELECT coalesce((SELECT array_agg(w.organisation_id) FROM organisations w WHERE w.organisation_id = ANY($5::int[])
         AND EXISTS (SELECT FROM places p JOIN organisations o USING (organisation_id) WHERE o.lft BETWEEN w.lft AND w.rgt)), '{}') AS "organisationIds",
       coalesce((SELECT array_agg(account_id) FROM (SELECT applicant_id AS account_id FROM asked
         UNION SELECT a.account_id FROM accounts a JOIN driven USING (driver_id)) own), '{}') AS "accountIds"`,
    [requests, orders, vehicles, drivers, listening],
  )
  return found[0]!
}
