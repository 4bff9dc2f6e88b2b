// Findings as a caller is told of them: as a list with its counts, and one whole. Opening one is on record, because it says where a vehicle was.
import type { z } from 'zod'
import type { Finding, FindingRow } from '../../contracts/api/supervision.ts'
import type { AnswerOf, Api } from '../../contracts/api.ts'
import { DAY_MS } from '../../domain/days.ts'
import { orderNumber } from '../../domain/orders.ts'
import { type RuleCode, ruleCodes } from '../../domain/supervision/codes.ts'
import {
  dueMsOf,
  type SupervisionAction,
  type SupervisionState,
  standingStates,
  supervisionActions,
  supervisionStates,
  takesPhotos,
} from '../../domain/supervision/findings.ts'
import { defaultParams, rules } from '../../domain/supervision/rules.ts'
import type { Database, Queryable } from '../../platform/db.ts'
import { may, type Reachable, type Who } from '../kernel/caller.ts'
import { recordLook } from '../kernel/look.ts'
import { listPermitted } from '../kernel/procedure.ts'
import { platePattern } from '../kernel/searchText.ts'
import { isUnder } from '../kernel/within.ts'
import { columns, FROM, findingOf, isReached, loadFinding, type StoredFinding, valuesOf } from './findingRows.ts'
import { supervisionProcedure } from './procedure.ts'
import { rareSince, rarities } from './rarity.ts'

export async function tellFindings(
  db: Queryable,
  { caller, reach }: Who<Reachable>,
  found: readonly StoredFinding[],
  nowMs: number,
): Promise<FindingRow[]> {
  const actions = await listPermitted(db, supervisionProcedure, { caller, reach: { ...reach, vehicleId: null } }, found, nowMs)
  return found.map((finding, n) => {
    const {
      id: _id,
      takers: _takers,
      times: _times,
      steps: _steps,
      photos: _photos,
      suspicion: _suspicion,
      paramsId: _params,
      concerns: _c,
      inScope: _s,
      ...row
    } = finding
    return { ...row, mayAct: supervisionActions.filter((action) => (actions[n] as SupervisionAction[]).includes(action)) }
  })
}

/** States in which somebody is waited for, and how long. */
const termStates = supervisionStates.flatMap((state) => {
  const ms = dueMsOf(state, 0)
  return ms === null ? [] : [{ state, ms }]
})

type Filter = z.output<Api['listSupervisionFindings']['query']>

function testsOf(filter: Filter, nowMs: number, $: (value: unknown) => string): string[] {
  const { rule, state, severity, organisationId, vehicleId, q, olderThanDays, from, until, late, by } = filter
  const tests: string[] = []
  if (rule) tests.push(`f.code = ${$(rule)}`)
  if (state) tests.push(`f.state = ${$(state)}`)
  if (severity) tests.push(`f.severity = ${$(severity)}`)
  if (organisationId) tests.push(isUnder(`${$(organisationId)}::bigint`, 'u'))
  if (vehicleId) tests.push(`f.vehicle_id = ${$(vehicleId)}`)
  if (q && platePattern(q) !== null) tests.push(`v.plate LIKE ${$(platePattern(q))}`)
  if (from) tests.push(`f.day >= ${$(from)}::date`)
  if (until) tests.push(`f.day <= ${$(until)}::date`)
  if (olderThanDays) tests.push(`f.raised_at <= ${$(new Date(nowMs - olderThanDays * DAY_MS))}`)
  if (late)
    tests.push(`(${termStates.map(({ state, ms }) => `(f.state = '${state}' AND f.since <= ${$(new Date(nowMs - ms))})`).join(' OR ')})`)
  if (by === 'rarity') tests.push(`f.day >= ${$(rareSince(nowMs))}::date AND f.state = ANY(${$(standingStates)})`)
  return tests
}

export async function listFindings(
  db: Queryable,
  who: Who<Reachable>,
  filter: Filter,
  nowMs: number,
): Promise<AnswerOf<'listSupervisionFindings'>> {
  const values = valuesOf(who)
  const $ = (value: unknown) => `$${values.push(value)}`
  const tests = [isReached(who), ...testsOf(filter, nowMs, $)].join(' AND ')
  const { rows: counted } = await db.query<{ rule: RuleCode; state: SupervisionState; count: number }>(
    `SELECT f.code AS rule, f.state, count(*) AS count ${FROM} WHERE ${tests} GROUP BY f.code, f.state`,
    values,
  )
  const ranked = filter.by === 'rarity'
  const rare = ranked ? `JOIN ${rarities(who, $(rareSince(nowMs)))} x ON x.finding_id = f.finding_id` : ''
  const { rows } = await db.query(
    `SELECT ${columns}${ranked ? ', x.beyond, x.of' : ''} ${FROM} ${rare} WHERE ${tests}
     ORDER BY ${ranked ? 'x.beyond::float8 / x.of, ' : ''}f.from_at DESC, f.finding_id DESC LIMIT ${$(filter.limit)} OFFSET ${$(filter.offset)}`,
    values,
  )
  const sumBy = <K extends 'rule' | 'state'>(key: K) => {
    const sums = new Map<(typeof counted)[number][K], number>()
    for (const row of counted) sums.set(row[key], (sums.get(row[key]) ?? 0) + row.count)
    return sums
  }
  return {
    total: counted.reduce((sum, { count }) => sum + count, 0),
    rows: await tellFindings(db, who, rows.map(findingOf), nowMs),
    byRule: ruleCodes.flatMap((rule) => {
      const count = sumBy('rule').get(rule)
      return count === undefined ? [] : [{ rule, count }]
    }),
    byState: [...sumBy('state')].map(([state, count]) => ({ state, count })),
  }
}

/** Vehicles of which an alarm wants somebody. */
export async function listFindingVehicles(db: Queryable, who: Who<Reachable>): Promise<AnswerOf<'listSupervisionVehicles'>> {
  const { rows } = await db.query<{ id: number }>(
    `SELECT DISTINCT f.vehicle_id AS id ${FROM} WHERE ${isReached(who)} AND f.severity = 'alarm' AND f.state = ANY($5) ORDER BY 1`,
    [...valuesOf(who), standingStates],
  )
  return { vehicleIds: rows.map(({ id }) => id) }
}

/** @throws Refusal NOT_FOUND */
export async function getFinding(db: Database, who: Who<Reachable>, findingId: number, nowMs: number): Promise<Finding> {
  const { caller, reach } = who
  const { vehicle } = await loadFinding(db, who, findingId)
  await recordLook(db, {
    // Whose it was then may read it, wherever the vehicle is now; that he may was found above.
    ...{ caller, reach: { ...reach, lft: 0, rgt: 2_147_483_647, vehicleId: null } },
    ...{ vehicleId: vehicle.vehicleId, action: 'supervision.view', part: 'track', detail: { findingId }, atMs: nowMs },
  })
  const found = await loadFinding(db, who, findingId)
  const [row] = await tellFindings(db, who, [found], nowMs)
  const { suspicion, steps, photos, state } = found
  const { rows: orders } = await db.query<{ orderId: number; year: number; number: number | null }>(
    'SELECT order_id AS "orderId", year, number FROM dispatch_orders WHERE order_id = ANY($1::int[]) ORDER BY order_id',
    [suspicion.orderIds],
  )
  return {
    ...row!,
    rarity: may(caller, 'finding.decide') ? await findRarity(db, who, findingId, nowMs) : null,
    points: suspicion.points.map(({ atMs, at }) => ({ at: new Date(atMs).toISOString(), lon: at[0], lat: at[1] })),
    orders: orders.map(({ orderId, year, number }) => ({ orderId, number: number === null ? null : orderNumber(year, number) })),
    params: await paramsOf(db, found),
    beside: await listBeside(db, who, found),
    steps,
    photos,
    mayAddPhoto:
      may(caller, 'finding.explain') &&
      supervisionProcedure.reaches!({ caller, reach: { ...reach, vehicleId: null } }, found, 'asker') &&
      takesPhotos(state),
  }
}

/** null: too long ago to be likened. */
async function findRarity(db: Queryable, who: Who<Reachable>, findingId: number, nowMs: number): Promise<FindingRow['rarity']> {
  const { rows } = await db.query<{ beyond: number; of: number; code: RuleCode }>(
    `SELECT x.beyond, x.of, x.code FROM ${rarities(who, '$5')} x WHERE x.finding_id = $6`,
    [...valuesOf(who), rareSince(nowMs), findingId],
  )
  return rows[0] ? { beyond: rows[0].beyond, of: rows[0].of, per: rules[rows[0].code].kind === 'state' ? 'vehicle' : 'day' } : null
}

async function paramsOf(db: Queryable, { paramsId, rule, vehicle }: StoredFinding): Promise<Finding['params']> {
  const { rows } = await db.query<Finding['params']>(
    `SELECT p.effective_from::text AS "effectiveFrom", o.name AS organisation, p.params AS "values"
     FROM supervision_params p JOIN organisations o USING (organisation_id) WHERE p.params_id = $1`,
    [paramsId],
  )
  return rows[0] ?? { effectiveFrom: null, organisation: null, values: defaultParams(rule, vehicle.class) as Record<string, unknown> }
}

async function listBeside(
  db: Queryable,
  who: Who<Reachable>,
  { findingId, vehicle, from, until }: StoredFinding,
): Promise<Finding['beside']> {
  const { rows } = await db.query<Finding['beside'][number]>(
    `SELECT f.finding_id AS "findingId", f.code AS rule, f.state ${FROM} WHERE ${isReached(who)} AND f.vehicle_id = $5 AND f.finding_id <> $6
       AND f.state <> 'WITHDRAWN' AND f.from_at <= coalesce($8::timestamptz, 'infinity') AND coalesce(f.until_at, 'infinity') >= $7::timestamptz
     ORDER BY f.from_at, f.finding_id LIMIT 20`,
    [...valuesOf(who), vehicle.vehicleId, findingId, from, until],
  )
  return rows
}
