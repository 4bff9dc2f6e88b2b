// The one rule of sensitive vehicles (涉密): who is neither named for one nor looks at it under an unmasking does not see that it exists.
// The rule itself is in the database (is_open, migration 0050), and so are its doors: of the table `vehicles` the services may read only what
// is counted. Whatever names or describes a vehicle is read from `openVehicles`; or, by who has a reason why not, from `every_vehicle`.
import type { Queryable, Row } from '../../platform/db.ts'
import type { Sight, Unmasking } from './caller.ts'
import { nearestAbove } from './dated.ts'

/** SQL: the vehicles that are open to a reader, in place of a table. `cleared` is the placeholder of `Sight.cleared`. */
export const openVehicles = (cleared: string): string => `open_vehicles(${cleared}::int[])`

/** SQL: the numbers of those that are not, for what must be left out with them. */
export const hiddenVehicles = (cleared: string): string => `hidden_vehicles(${cleared}::int[])`

/** SQL: is the row `v` of `every_vehicle` open to a reader? For rows that are locked, which no function's can be. */
export const isOpen = (cleared: string): string => `is_open(v.secrecy, v.vehicle_id, ${cleared}::int[])`

/**
 * SQL: terminals `t` with their vehicle `v` and the organisation `o` whose they are, within a scope. One in a sensitive vehicle is out
 * of sight with it: the three placeholders are the scope's numbers and what is cleared.
 */
export const terminalsInSight = (lft: string, rgt: string, cleared: string): string => `
  FROM terminals t LEFT JOIN ${openVehicles(cleared)} v ON v.vehicle_id = t.vehicle_id
  JOIN organisations o ON o.organisation_id = coalesce(v.user_unit_id, t.organisation_id)
  WHERE o.lft BETWEEN ${lft} AND ${rgt} AND (t.vehicle_id IS NULL OR v.vehicle_id IS NOT NULL)`

/**
 * SQL: the same, each terminal looking its vehicle and its organisation up, for a page in the order of an index. Without statistics, which the embedded
 * database has none of, the planner would join all of them for the page as well as for the count (23,188 terminals: 33 ms for 1).
 */
export const terminalsOneByOne = (lft: string, rgt: string, cleared: string): string => `
  FROM terminals t
  LEFT JOIN LATERAL (SELECT v.vehicle_id, v.user_unit_id FROM ${openVehicles(cleared)} v WHERE v.vehicle_id = t.vehicle_id OFFSET 0) v ON true
  CROSS JOIN LATERAL (SELECT c.organisation_id FROM organisations c
    WHERE c.organisation_id = coalesce(v.user_unit_id, t.organisation_id) AND c.lft BETWEEN ${lft} AND ${rgt} OFFSET 0) o
  WHERE (t.vehicle_id IS NULL OR v.vehicle_id IS NOT NULL)`

/**
 * SQL: the sensitive vehicles that those not named see coarsely on `day`, by the nearest policy above their unit: the number that stands
 * for them, and the league or banner (or region) beyond which nothing is told of where they belong.
 */
export const coarseVehicles = (day: string): string => `
  (SELECT s.vehicle_id, s.secret_no, h.organisation_id AS home_id, h.lft AS home_lft
   FROM secret_vehicles s JOIN every_vehicle v USING (vehicle_id) JOIN organisations u ON u.organisation_id = v.user_unit_id
   CROSS JOIN LATERAL (${nearestAbove('secrecy_policies', 'p.sight', 'u.lft', day)}) policy
   CROSS JOIN LATERAL (SELECT h.organisation_id, h.lft FROM organisations h
     WHERE h.kind <> 'unit' AND h.lft <= u.lft AND u.rgt <= h.rgt ORDER BY h.lft DESC LIMIT 1) h
   WHERE NOT s.lifted AND v.secrecy AND policy.sight = 'coarse')`

/** A cell of a tenth of a degree and ten minutes: what is told of where a coarse vehicle is, and since when. */
const CELL_E7 = 1_000_000
const STEP_S = 600
export const coarseE7 = (degreesE7: number): number => Math.floor(degreesE7 / CELL_E7) * CELL_E7 + CELL_E7 / 2
export const coarseS = (seconds: number): number => Math.floor(seconds / STEP_S) * STEP_S

/**
 * SQL: what is cleared for the account `account` at the instant `now`, as a JSON array. Ends are judged here, when someone looks:
 * no job has to have run.
 */
export const clearancesOf = (account: string, now: string): string => `
  (SELECT coalesce(json_agg(c), '[]') FROM (
     SELECT s.vehicle_id AS "vehicleId", s.secret_no AS "secretNo", NULL::int AS "unmaskingId", (extract(epoch FROM n.until) * 1000)::float8 AS "untilMs"
     FROM secret_namings n JOIN secret_vehicles s USING (secret_no)
     WHERE n.account_id = ${account} AND n.ended_at IS NULL AND (n.until IS NULL OR n.until > ${now}) AND NOT s.lifted
     UNION ALL
     SELECT s.vehicle_id, s.secret_no, u.unmasking_id, (extract(epoch FROM u.until) * 1000)::float8
     FROM unmaskings u JOIN secret_vehicles s USING (secret_no)
     WHERE u.account_id = ${account} AND u.state = 'approved' AND u.until > ${now} AND NOT s.lifted) c)`

/** SQL: does the account see the vehicle at the instant `now`? Of no vehicle (null) there is nothing to hide. */
export const seesVehicle = (account: string, vehicle: string, now: string): string => `
  (NOT EXISTS (SELECT FROM ${hiddenVehicles(`'{}'`)} h WHERE h.vehicle_id = ${vehicle}) OR EXISTS (
     SELECT FROM json_to_recordset(${clearancesOf(account, now)}) AS c ("vehicleId" int) WHERE c."vehicleId" = ${vehicle}))`

/** One vehicle that is open to someone. `unmaskingId` null: named in the register. `untilMs` null: no end is set. */
export type Clearance = { vehicleId: number; secretNo: number; unmaskingId: number | null; untilMs: number | null }

/** What is cleared for each of these accounts at this moment; accounts without anything are left out. */
export async function listClearances(db: Queryable, accountIds: readonly number[], nowMs: number): Promise<Map<number, Clearance[]>> {
  const { rows } = await db.query<{ id: number; clearances: Clearance[] }>(
    `SELECT id, ${clearancesOf('id', '$2::timestamptz')} AS clearances FROM unnest($1::int[]) AS id`,
    [accountIds, new Date(nowMs)],
  )
  return new Map(rows.filter(({ clearances }) => clearances.length > 0).map(({ id, clearances }) => [id, clearances]))
}

/** What a caller carries of it. Who is named needs no unmasking, and looks under none. */
export function sightOf(clearances: readonly Clearance[]): Pick<Sight, 'cleared' | 'unmasked'> {
  const named = new Set(clearances.filter(({ unmaskingId }) => unmaskingId === null).map(({ vehicleId }) => vehicleId))
  const unmasked = new Map<number, Unmasking>()
  for (const { vehicleId, secretNo, unmaskingId, untilMs } of clearances) {
    if (unmaskingId === null || named.has(vehicleId)) continue
    const longest = unmasked.get(vehicleId)
    if (!longest || longest.untilMs < untilMs!) unmasked.set(vehicleId, { unmaskingId, vehicleId, secretNo, untilMs: untilMs! })
  }
  const cleared = [...named, ...unmasked.keys()].sort((a, b) => a - b)
  return { cleared, unmasked: [...unmasked.values()] }
}

/** Is this a vehicle that the reader does not see for its secrecy? null is none. */
export async function isHidden(db: Queryable, { cleared }: Sight, vehicleId: number | null): Promise<boolean> {
  if (vehicleId === null) return false
  const { rowCount } = await db.query(`SELECT FROM ${hiddenVehicles('$2')} h WHERE h.vehicle_id = $1`, [vehicleId, cleared])
  return rowCount > 0
}

/** Fields of records that hold the number of a vehicle. */
const vehicleFields = ['vehicleId', 'vehicle_id', 'vehicle']

/** Histories of other things without the vehicles that the reader must not know of: a usual vehicle of the past, say. */
export async function withoutHidden<H extends { before?: object | null | undefined; after?: object | null | undefined }>(
  db: Queryable,
  { cleared }: Pick<Sight, 'cleared'>,
  history: readonly H[],
): Promise<H[]> {
  const said = history
    .flatMap(({ before, after }) => [before, after])
    .flatMap((part) => vehicleFields.map((field) => (part as Row)?.[field]))
  const ids = [...new Set(said.filter((id) => typeof id === 'number'))]
  if (ids.length === 0) return [...history]
  const { rows } = await db.query<{ id: number }>(
    `SELECT h.vehicle_id AS id FROM ${hiddenVehicles('$2')} h WHERE h.vehicle_id = ANY($1::int[])`,
    [ids, cleared],
  )
  const hidden = new Set<unknown>(rows.map(({ id }) => id))
  const without = (part: object | null | undefined) =>
    part && Object.fromEntries(Object.entries(part).filter(([field, value]) => !(vehicleFields.includes(field) && hidden.has(value))))
  return history.map((entry) => ({ ...entry, before: without(entry.before), after: without(entry.after) }))
}
