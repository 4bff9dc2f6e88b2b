// 事故、违章: entered by the unit that had the vehicle when it happened, listed, taken a step on; and a driver's own.
import type { z } from 'zod'
import type { Mishap } from '../../contracts/api/mishaps.ts'
import type { AnswerOf, Api } from '../../contracts/api.ts'
import { refusal } from '../../contracts/refusals.ts'
import { dayAt } from '../../domain/days.ts'
import type { VehicleState } from '../../domain/lifecycle.ts'
import type { MishapAction } from '../../domain/mishaps.ts'
import { plateAsStored } from '../../domain/vehicle.ts'
import type { Queryable } from '../../platform/db.ts'
import type { Act } from '../kernel/act.ts'
import type { Caller, Who } from '../kernel/caller.ts'
import { keepStep, listPermitted } from '../kernel/procedure.ts'
import { platePattern } from '../kernel/searchText.ts'
import { openVehicles } from '../kernel/sight.ts'
import { takeStep } from '../kernel/takeStep.ts'
import { unitTestsOf } from '../kernel/within.ts'
import { mishapProcedure } from './mishapProcedure.ts'
import { columns, DROVE, FROM, loadMishap, MISHAPS, mishapOf, ownColumns, ownOf, type StoredMishap } from './mishapRows.ts'

async function tell(db: Queryable, who: Who, rows: StoredMishap[], nowMs: number): Promise<Mishap[]> {
  const actions = await listPermitted(db, mishapProcedure, who, rows, nowMs)
  return rows.map(({ told }, n) => ({ ...told, mayAct: actions[n] as MishapAction[] }))
}

const answer = async ({ client, caller, scope, nowMs }: Act, id: number): Promise<Mishap> =>
  (await tell(client, { caller, reach: scope }, [await loadMishap(client, scope, id)], nowMs))[0]!

/** Those that are not settled first; then the latest. */
export async function listMishaps(
  db: Queryable,
  who: Who,
  { organisationId, vehicleId, kind, state, q, limit, offset }: z.output<Api['listMishaps']['query']>,
  nowMs: number,
): Promise<AnswerOf<'listMishaps'>> {
  const values: unknown[] = [who.reach.cleared]
  const $ = (value: unknown) => `$${values.push(value)}`
  const tests = unitTestsOf($, who.reach, organisationId, 'u')
  if (vehicleId !== undefined) tests.push(`m.vehicle_id = ${$(vehicleId)}`)
  if (kind) tests.push(`m.kind = ${$(kind)}`)
  if (state) tests.push(`m.state = ${$(state)}`)
  if (q) tests.push(`v.plate LIKE ${$(platePattern(q))}`)
  const where = tests.join(' AND ')
  const order = (of: string) => `ORDER BY ${of}state IN ('SUSPECTED', 'VERIFIED') DESC, ${of}at DESC, ${of}mishap_id DESC`
  const { rows } = await db.query(
    `SELECT n.total, page.* FROM (SELECT count(*) AS total FROM ${FROM} WHERE ${where}) n LEFT JOIN
       (SELECT ${columns} FROM ${FROM} ${DROVE} WHERE ${where} ${order('m.')} LIMIT ${$(limit)} OFFSET ${$(offset)}) page ON true ${order('page.')}`,
    values,
  )
  const found = rows.filter((row) => row.mishap_id !== null).map(mishapOf)
  return { total: rows[0]!.total as number, rows: await tell(db, who, found, nowMs) }
}

type Then = {
  vehicleId: number
  state: VehicleState
  sinceDay: string
  goneAt: Date | null
  unitId: number
  unitName: string
  mine: boolean
  near: boolean
}
/**
 * The vehicle, by its number or a plate that it had at that time, with the unit that had it then: of a change of units the log says until when it was another's.
 * @throws Refusal VALIDATION_FAILED for one that neither is nor was in reach, that there was not yet or no more, and where another unit had it
 */
async function requireVehicleThen(
  { client, scope }: Act,
  { vehicleId, plate, at }: { vehicleId: number | null; plate: string | null; at: string },
): Promise<{ vehicleId: number; unitId: number }> {
  const path = vehicleId === null ? 'body.plate' : 'body.vehicleId'
  const { rows } = await client.query<Then>(
    `SELECT v.vehicle_id AS "vehicleId", v.state, coalesce(v.in_service_on, v.registered_on)::text AS "sinceDay", u.organisation_id AS "unitId", u.name AS "unitName",
       u.lft BETWEEN $4 AND $5 AS mine, n.lft BETWEEN $4 AND $5 AS near,
       (SELECT max(f.until) FROM vehicle_field_values f WHERE f.vehicle_id = v.vehicle_id AND f.field = 'state' AND v.state = 'DISPOSED') AS "goneAt"
     FROM ${openVehicles('$6')} v JOIN organisations n ON n.organisation_id = v.user_unit_id
     JOIN organisations u ON u.organisation_id = coalesce((SELECT f.value::text::int FROM vehicle_field_values f
       WHERE f.vehicle_id = v.vehicle_id AND f.field = 'userUnitId' AND f.until > $3 ORDER BY f.seq LIMIT 1), v.user_unit_id)
     WHERE v.vehicle_id = $1 OR ($1::int IS NULL AND (v.plate = $2 AND NOT EXISTS (SELECT FROM vehicle_past_plates p WHERE p.vehicle_id = v.vehicle_id AND p.until > $3)
       OR $2 = (SELECT p.plate FROM vehicle_past_plates p WHERE p.vehicle_id = v.vehicle_id AND p.until > $3 ORDER BY p.until LIMIT 1)))`,
    [vehicleId, plate === null ? null : plateAsStored(plate), at, scope.lft, scope.rgt, scope.cleared],
  )
  const found = rows.find(({ mine }) => mine) ?? rows.find(({ near }) => near)
  if (!found) throw refusal('VALIDATION_FAILED', path, 'driver.vehicleUnknown')
  if (dayAt(Date.parse(at)) < found.sinceDay) throw refusal('VALIDATION_FAILED', 'body.at', 'vehicle.before', { sinceDay: found.sinceDay })
  if (found.goneAt !== null && Date.parse(at) > found.goneAt.getTime())
    throw refusal('VALIDATION_FAILED', 'body.at', 'mishap.gone', { day: dayAt(found.goneAt.getTime()) })
  if (!found.mine) throw refusal('VALIDATION_FAILED', path, 'mishap.unitThen', { name: found.unitName })
  return found
}

/** @throws Refusal as `requireVehicleThen`; CONFLICT for a notice that is on record already */
export async function enterMishap(act: Act, sent: z.output<Api['enterMishap']['body']>): Promise<Mishap> {
  const { client, caller, scope, nowMs } = act
  const { key, kind, at, place, text, fineFen, points } = sent
  const noticeNo = sent.noticeNo?.replace(/\s/g, '').toUpperCase() || null
  if (Date.parse(at) > nowMs) throw refusal('VALIDATION_FAILED', 'body.at', 'mishap.future')
  const { vehicleId, unitId } = await requireVehicleThen(act, sent)
  const known = await client.query<{ id: number; same: boolean }>(
    `SELECT mishap_id AS id, (vehicle_id, kind, at) = ($3::int, $4, $5::timestamptz) AS same FROM vehicle_mishaps WHERE entered_by = $1 AND key = $2`,
    [caller.accountId, key, vehicleId, kind, at],
  )
  if (known.rows[0]) {
    if (!known.rows[0].same) throw refusal('CONFLICT', 'body.key', 'deed.key')
    return answer(act, known.rows[0].id)
  }
  await requireNew(act, kind, noticeNo)
  const { rows } = await client.query<{ id: number }>(
    `INSERT INTO vehicle_mishaps (kind, vehicle_id, unit_id, at, place, text, notice_no, fine_fen, points, state, entered_at, entered_by, key)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'SUSPECTED', $10, $11, $12) RETURNING mishap_id AS id`,
    [kind, vehicleId, unitId, at, place, text, noticeNo, fineFen, points, new Date(nowMs), caller.accountId, key],
  )
  const id = rows[0]!.id
  await keepStep(act, MISHAPS, id, { action: 'enter', to: 'SUSPECTED', reason: '' })
  const after = {
    mishapId: id,
    mishapState: 'SUSPECTED',
    mishapKind: kind,
    at,
    mishapPlace: place,
    mishapText: text,
    noticeNo,
    fineFen,
    penaltyPoints: points,
  }
  act.record('mishap.enter', { type: 'vehicle', id: vehicleId }, { after })
  // A vehicle that is elsewhere now is told of through its unit of then.
  return (await tell(client, { caller, reach: scope }, [await loadMishap(client, scope, id)], nowMs))[0]!
}

/** One notice is one violation, whoever enters it: which record has it is told to whoever sees that. */
async function requireNew({ client, scope }: Act, kind: string, noticeNo: string | null): Promise<void> {
  if (kind !== 'violation') return
  const { rows } = await client.query<{ id: number; seen: boolean }>(
    `SELECT m.mishap_id AS id, u.lft BETWEEN $2 AND $3 AND v.vehicle_id IS NOT NULL AS seen FROM vehicle_mishaps m JOIN organisations u ON u.organisation_id = m.unit_id
     LEFT JOIN ${openVehicles('$4')} v ON v.vehicle_id = m.vehicle_id WHERE m.kind = 'violation' AND m.state <> 'DISMISSED' AND m.notice_no = $1`,
    [noticeNo, scope.lft, scope.rgt, scope.cleared],
  )
  const [known] = rows
  if (known?.seen) throw refusal('CONFLICT', 'body.noticeNo', 'mishap.known', { n: known.id })
  if (known) throw refusal('CONFLICT', 'body.noticeNo', 'mishap.knownElsewhere')
}

export async function actOnMishap(act: Act, id: number, asked: z.output<Api['actOnMishap']['body']>): Promise<Mishap> {
  await takeStep(act, mishapProcedure, id, asked)
  return answer(act, id)
}

/** What is suspected or was verified while the caller's driver drove. What was dismissed is nothing. */
export async function listOwnMishaps(
  db: Queryable,
  caller: Caller,
  cleared: readonly number[],
  { limit, offset }: z.output<Api['listOwnMishaps']['query']>,
): Promise<AnswerOf<'listOwnMishaps'>> {
  const mine = `${FROM} ${DROVE} WHERE m.state <> 'DISMISSED' AND w.driver_id = (SELECT c.driver_id FROM accounts c WHERE c.account_id = $2)`
  const { rows } = await db.query(
    `SELECT n.total, page.* FROM (SELECT count(*) AS total FROM ${mine}) n LEFT JOIN
       (SELECT ${ownColumns} FROM ${mine} ORDER BY m.at DESC LIMIT $3 OFFSET $4) page ON true ORDER BY page.at DESC`,
    [cleared, caller.accountId, limit, offset],
  )
  return { total: rows[0]!.total as number, rows: rows.filter((row) => row.mishap_id !== null).map(ownOf) }
}
