// Rows of shared trips: who travels with whom, the plan that they keep to, and the ways between their stops.
import type { Stop as Place } from '../../../contracts/api/tripFields.ts'
import type { Leg } from '../../../domain/roads.ts'
import type { Share } from '../../../domain/settlement.ts'
import { keyOf, passengerMetres, type Rider, type SharedPlan, type Stop, stopsOf, type WayOf } from '../../../domain/sharing.ts'
import type { Queryable } from '../../../platform/db.ts'
import type { TravelTimes } from '../../../platform/routing/port.ts'

/** `riders` begins with the request whose order it is; the others follow as they joined. */
export type Plan = SharedPlan & { savedKm: number; savedFen: number }
/** By `from>to`, each as `keyOf` says. */
export type Ways = Readonly<Record<string, Leg>>
export const wayIn =
  (ways: Ways): WayOf =>
  (from, to) =>
    ways[`${keyOf(from)}>${keyOf(to)}`]

/** The requests that travel with this one, as they joined. */
export async function listAlong(db: Queryable, firstId: number): Promise<number[]> {
  const { rows } = await db.query<{ id: number }>(
    `SELECT request_id AS id FROM trip_rides WHERE first_id = $1 AND state = 'JOINED' ORDER BY since, ride_id`,
    [firstId],
  )
  return rows.map(({ id }) => id)
}

/** The request whose order it travels by: its own, where it goes along with none. */
export async function firstOf(db: Queryable, requestId: number): Promise<number> {
  const { rows } = await db.query<{ id: number }>(`SELECT first_id AS id FROM trip_rides WHERE request_id = $1 AND state = 'JOINED'`, [
    requestId,
  ])
  return rows[0]?.id ?? requestId
}

/** The plan of those who travel with this one; undefined: nobody does. */
export async function readPlan(db: Queryable, firstId: number): Promise<{ plan: Plan; ways: Ways } | undefined> {
  const { rows } = await db.query<{ plan: Plan; ways: Ways }>('SELECT plan, ways FROM trip_plans WHERE first_id = $1', [firstId])
  return rows[0]
}

export async function keepPlan(client: Queryable, firstId: number, plan: Plan, ways: Ways): Promise<void> {
  await client.query(
    `INSERT INTO trip_plans (first_id, plan, ways) VALUES ($1, $2, $3)
     ON CONFLICT (first_id) DO UPDATE SET plan = excluded.plan, ways = excluded.ways, version = trip_plans.version + 1`,
    [firstId, JSON.stringify(plan), JSON.stringify(ways)],
  )
}

export type Asked = { requestId: number; places: Place[]; passengers: number; startsAt: Date; endsAt: Date }
export async function listAsked(db: Queryable, ids: readonly number[]): Promise<Asked[]> {
  const { rows } = await db.query<Omit<Asked, 'places'> & { from: Place; via: Place[]; to: Place }>(
    `SELECT request_id AS "requestId", from_stop AS "from", via, to_stop AS "to", passengers, starts_at AS "startsAt", ends_at AS "endsAt"
     FROM trip_requests WHERE request_id = ANY($1::int[]) ORDER BY array_position($1::int[], request_id)`,
    [ids],
  )
  return rows.map(({ from, via, to, ...row }) => ({ ...row, places: [from, ...via, to] }))
}
export const riderOf = ({ requestId, places, passengers, startsAt, endsAt }: Asked): Rider => ({
  requestId,
  passengers,
  wantsMs: startsAt.getTime(),
  endsMs: endsAt.getTime(),
  stops: places.length,
})

/** The ways between any two stops of these requests, as far as both are known on the map and a road leads there. */
export async function findWays(
  travelTimes: Pick<TravelTimes, 'table'>,
  asked: readonly Pick<Asked, 'requestId' | 'places' | 'startsAt'>[],
): Promise<Ways> {
  const known = asked.flatMap((each) =>
    stopsOf({ requestId: each.requestId, stops: each.places.length }).flatMap((stop): { stop: Stop; at: [number, number] }[] => {
      const { lon, lat } = each.places[stop.n]!
      return lon === null || lat === null ? [] : [{ stop, at: [lon, lat] }]
    }),
  )
  if (known.length === 0) return {}
  const places = known.map(({ at }) => at)
  const { legs } = await travelTimes.table(places, places, asked[0]!.startsAt.getTime())
  const ways: Record<string, Leg> = {}
  for (const [n, from] of known.entries())
    for (const [m, to] of known.entries()) {
      const leg = legs[n]![m]!
      if (n !== m && !('none' in leg)) ways[`${keyOf(from.stop)}>${keyOf(to.stop)}`] = leg
    }
  return ways
}

/** SQL: all who would travel together. */
export const partiesOf = `(ARRAY[s.first_id, s.request_id]
  || ARRAY(SELECT j.request_id FROM trip_rides j WHERE j.first_id = s.first_id AND j.state = 'JOINED' AND j.ride_id <> s.ride_id ORDER BY j.since, j.ride_id))`
/** SQL: the requests whose applicants have consented. */
export const consentsOf = `ARRAY(SELECT c.value::int FROM trip_ride_steps t CROSS JOIN LATERAL jsonb_array_elements_text(t.data->'consents') c WHERE t.ride_id = s.ride_id)`

/** The requests on the trip of this one. */
export async function idsOfTrip(db: Queryable, firstId: number): Promise<number[]> {
  return [firstId, ...(await listAlong(db, firstId))]
}

/** Is it asked, or wished, that this one shares a ride? */
export async function isAsked(db: Queryable, requestId: number): Promise<boolean> {
  return (await db.query('SELECT FROM trip_rides WHERE request_id = $1', [requestId])).rowCount > 0
}

/** Units by people times the metres of their own ways, in the order in which they joined. */
export async function sharesOfTrip(db: Queryable, firstId: number): Promise<Share[]> {
  const kept = await readPlan(db, firstId)
  if (!kept) return []
  const { rows } = await db.query<{ id: number; unitId: number }>(
    'SELECT request_id AS id, unit_id AS "unitId" FROM trip_requests WHERE request_id = ANY($1::int[])',
    [kept.plan.riders.map(({ requestId }) => requestId)],
  )
  const unitOf = new Map(rows.map(({ id, unitId }) => [id, unitId]))
  const weights = new Map<number, number>()
  for (const rider of kept.plan.riders) {
    const unitId = unitOf.get(rider.requestId)!
    weights.set(unitId, (weights.get(unitId) ?? 0) + passengerMetres(rider))
  }
  return [...weights].map(([unitId, weight]) => ({ unitId, weight }))
}
