// The facts that tables of statistics are added up from, in SQL: one row a vehicle, a quota, an order, an entry, a finding, with the unit it counts for, its
// dimensions and its measures as columns named as in domain/statistics, and what it is: `what`, `id`, `vehicle_id`, `at`.
import { bookedKinds, isRunningSql } from '../../domain/costBook.ts'
import { type BandName, bands } from '../../domain/statistics/bands.ts'
import type { Period } from '../../domain/statistics/period.ts'
import type { TableCode } from '../../domain/statistics/table.ts'
import { balance, type Movement } from '../../domain/statistics/tables.ts'
import { isSubjectToQuotaSql, quotasInForce } from '../kernel/quota.ts'

const bandSql = (name: BandName, value: string): string =>
  `CASE ${bands[name]
    .toReversed()
    .map(({ key, from }) => `WHEN ${value} >= ${from} THEN '${key}'`)
    .join(' ')} END`
const startOf = (day: string): string => `(${day}::date)::timestamp AT TIME ZONE 'Asia/Shanghai'`
const endOf = (day: string): string => `(${day}::date + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'`
const dayOf = (at: string): string => `(${at} AT TIME ZONE 'Asia/Shanghai')::date`
/** A row that is a vehicle. */
const aVehicle = (v = 'v') => `'vehicle' AS what, ${v}.vehicle_id AS id, ${v}.vehicle_id AS vehicle_id, NULL::timestamptz AS at`

/** Kilometres of an order by its odometers, whoever drove which part. */
const drivenKm = (d: string): string =>
  `(SELECT coalesce(sum(greatest(p.odometer_back_m - p.odometer_out_m, 0)) / 1000.0, 0)::float8 FROM order_parts p WHERE p.order_id = ${d}.order_id)`

/** A column for each kind of cost: the amount of the entry `e` in its own; nothing at all without an entry. */
const costColumns = (e?: string): string =>
  bookedKinds.map((kind) => `${e ? `CASE WHEN ${e}.kind = '${kind}' THEN ${e}.fen ELSE 0 END` : '0'} AS "${kind}"`).join(', ')

/** SQL: states of an order that came to nothing. */
const heldNoMore = `'VOIDED', 'DECLINED', 'EXPIRED', 'RELEASED'`

/** A column for each movement of T6: one in its own. */
const moved = (by: Movement): string =>
  Object.keys(balance)
    .map((one) => `${one === by ? 1 : 0} AS "${one}"`)
    .join(', ')

/** SQL: the value of a vehicle's field in the log: what the first record after `after` says was there before it; without one, that of today. */
const valueAfter = (field: string, v: string, after: string, today: string): string =>
  `coalesce((SELECT n.value FROM vehicle_field_values n WHERE n.vehicle_id = ${v}.vehicle_id AND n.field = '${field}' AND ${after} ORDER BY n.seq LIMIT 1), to_jsonb(${today}))`

const serviceDay = (v: string): string => `coalesce(${v}.in_service_on, ${v}.registered_on)`

/** SQL: changes of a field between two days: `was`, `became`, when (`until`), the unit that had the vehicle, and whether it was in service. */
const changedIn = (field: 'userUnitId' | 'state', from: string, until: string): string => `
  (SELECT f.vehicle_id, f.until, f.value AS was, ${valueAfter(field, 'f', 'n.seq > f.seq', field === 'state' ? 'v.state' : 'v.user_unit_id')} AS became,
     ${valueAfter('userUnitId', 'f', 'n.seq > f.seq', 'v.user_unit_id')}::text::int AS unit_id,
     ${serviceDay('v')} <= ${dayOf('f.until')} AND ${valueAfter('state', 'f', 'n.seq > f.seq', 'v.state')} <> '"DISPOSED"' AS served
   FROM vehicle_field_values f JOIN every_vehicle v ON v.vehicle_id = f.vehicle_id
   WHERE f.field = '${field}' AND f.until >= ${startOf(from)} AND f.until < ${endOf(until)})`

/** SQL: vehicles put into service between two days, with the unit that had them when the day began. */
const addedIn = (from: string, until: string): string => `
  (SELECT v.vehicle_id, v.category, v.class, ${valueAfter('userUnitId', 'v', `n.until >= ${startOf(serviceDay('v'))}`, 'v.user_unit_id')}::text::int AS user_unit_id
   FROM every_vehicle v WHERE ${serviceDay('v')} BETWEEN ${from}::date AND ${until}::date)`

type Days = { from: string; until: string }
const sources: Record<TableCode, (days: Days) => string> = {
  T1: ({ until }) => `
    SELECT q.unit_id, q.category, 'quota' AS what, q.quota_id AS id, NULL::int AS vehicle_id, NULL::timestamptz AS at,
      q.seats, CASE WHEN q.category = 'EMERGENCY_SUPPORT' THEN q.seats ELSE 0 END AS "emergencySeats", 0 AS "inService"
    FROM ${quotasInForce(until)} q WHERE q.seats > 0
    UNION ALL SELECT v.user_unit_id, v.category, ${aVehicle()}, 0, 0, 1 FROM vehicles_on(${until}) v WHERE ${isSubjectToQuotaSql('v.category')}`,
  T2: ({ until }) => `
    SELECT v.user_unit_id AS unit_id, ${aVehicle()}, v.category, v.class, v.body_type AS "bodyType", v.energy, v.origin,
      ${bandSql('ageBand', `extract(year FROM age(${until}::date, v.in_service_on))`)} AS "ageBand", ${bandSql('displacementBand', 'v.displacement_ml')} AS "displacementBand",
      ${bandSql('priceBand', 'v.price_fen / 100')} AS "priceBand", 1 AS vehicles, (v.energy IN ('electric', 'plug_in_hybrid'))::int AS "newEnergy",
      coalesce(v.origin = 'domestic', false)::int AS domestic, (v.origin IS NOT NULL)::int AS "originKnown", coalesce(v.price_fen, 0) AS "priceFen"
    FROM vehicles_on(${until}) v`,
  T3: ({ from, until }) => `
    SELECT v.user_unit_id AS unit_id, ${aVehicle()}, v.class, o.compound_id::text AS compound, o.pool_id::text AS pool, 1 AS vehicles,
      (o.pool_id IS NOT NULL)::int AS pooled, b.equipped::int AS equipped,
      -- Of one day it would say of a vehicle whether it drove: that is asked with a reason, elsewhere.
      CASE WHEN ${from}::date < ${until}::date THEN (b.equipped AND (EXISTS (SELECT FROM trips t WHERE t.vehicle_id = v.vehicle_id AND t.started_at < ${endOf(until)} AND t.started_at >= ${startOf(from)})
        OR EXISTS (SELECT FROM last_states s WHERE s.vehicle_id = v.vehicle_id AND s.ts >= ${startOf(from)} AND s.ts < ${endOf(until)})))::int END AS reporting
    FROM vehicles_on(${until}) v JOIN organisations o ON o.organisation_id = v.user_unit_id
    CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM terminals t WHERE t.vehicle_id = v.vehicle_id AND (t.bound_since IS NULL OR t.bound_since < ${endOf(until)}))
      OR EXISTS (SELECT FROM terminal_past_bindings p WHERE p.vehicle_id = v.vehicle_id AND p.during @> (${endOf(until)} - interval '1 second')) AS equipped) b`,
  T4: ({ from, until }) => `
    SELECT r.unit_id, 'request' AS what, r.request_id AS id, d.vehicle_id, r.starts_at AS at, r.kind AS "requestKind", r.purpose_kind AS purpose, 1 AS requests,
      (a.at IS NOT NULL)::int AS approved, (d.order_id IS NOT NULL OR w.rides IS NOT NULL)::int AS dispatched,
      coalesce(d.supplier_id IS NULL AND d.keeper_id <> r.unit_id, false)::int AS "crossUnit",
      (w.rides IS NOT NULL)::int AS shared, (d.supplier_id IS NOT NULL)::int AS leased,
      (d.returned_at IS NOT NULL)::int AS trips, CASE WHEN coalesce(d.returned_at, w.returned_at) IS NOT NULL THEN r.passengers ELSE 0 END AS passengers,
      CASE WHEN d.returned_at IS NOT NULL THEN ${drivenKm('d')} ELSE 0 END AS km,
      coalesce(extract(epoch FROM d.returned_at - d.departed_at) / 3600, 0)::float8 AS hours,
      (r.kind <> 'emergency' AND a.at IS NOT NULL)::int AS "approvedTimed",
      CASE WHEN r.kind <> 'emergency' THEN coalesce(extract(epoch FROM a.at - r.asked_at) / 60, 0) ELSE 0 END::float8 AS "approvalMin",
      (g.at IS NOT NULL AND a.at <= g.at)::int AS "dispatchedTimed",
      CASE WHEN a.at <= g.at THEN extract(epoch FROM g.at - a.at) / 60 ELSE 0 END::float8 AS "dispatchMin"
    FROM trip_requests r
    LEFT JOIN LATERAL (SELECT min(s.at) AS at FROM trip_request_steps s WHERE s.request_id = r.request_id AND (s.state = 'APPROVED' OR s.action = 'ratify')) a ON true
    LEFT JOIN LATERAL (SELECT d.* FROM dispatch_orders d WHERE d.request_id = r.request_id AND d.state NOT IN (${heldNoMore})
      ORDER BY d.order_id DESC LIMIT 1) d ON true
    -- Who rides along is on board of the other request's trip, which is counted there.
    LEFT JOIN LATERAL (SELECT i.ride_id AS rides, f.returned_at FROM trip_rides i
      JOIN dispatch_orders f ON f.request_id = i.first_id AND f.state NOT IN (${heldNoMore}) WHERE i.request_id = r.request_id AND i.state = 'JOINED' LIMIT 1) w ON true
    LEFT JOIN LATERAL (SELECT min(s.at) AS at FROM dispatch_order_steps s WHERE s.order_id = d.order_id) g ON true
    WHERE r.state <> 'DRAFT' AND r.starts_at >= ${startOf(from)} AND r.starts_at < ${endOf(until)}`,
  T5: ({ from, until }) => `
    SELECT e.unit_id, 'cost' AS what, e.entry_id AS id, e.vehicle_id, ${startOf('e.day')} AS at, v.class, v.energy, ${costColumns('e')}, CASE WHEN ${isRunningSql('e')} THEN e.fen ELSE 0 END AS running,
      0::float8 AS km, 0 AS vehicles
    FROM cost_entries e LEFT JOIN every_vehicle v ON v.vehicle_id = e.vehicle_id WHERE e.day BETWEEN ${from}::date AND ${until}::date
    UNION ALL SELECT r.unit_id, 'order', d.order_id, d.vehicle_id, d.returned_at, v.class, v.energy, ${costColumns()}, 0, ${drivenKm('d')}, 0
    FROM dispatch_orders d JOIN trip_requests r USING (request_id) LEFT JOIN every_vehicle v ON v.vehicle_id = d.vehicle_id
    WHERE d.returned_at >= ${startOf(from)} AND d.returned_at < ${endOf(until)}
    UNION ALL SELECT v.user_unit_id, ${aVehicle()}, v.class, v.energy, ${costColumns()}, 0, 0, 1 FROM vehicles_on(${until}) v`,
  T6: ({ from, until }) => `
    SELECT v.user_unit_id AS unit_id, ${aVehicle()}, v.category, v.class, ${moved('opening')} FROM vehicles_on(${from}::date - 1) v
    UNION ALL SELECT v.user_unit_id, ${aVehicle()}, v.category, v.class, ${moved('closing')} FROM vehicles_on(${until}) v
    UNION ALL SELECT v.user_unit_id, ${aVehicle()}, v.category, v.class, ${moved('added')} FROM ${addedIn(from, until)} v
    UNION ALL SELECT m.was::text::int, 'vehicle', m.vehicle_id, m.vehicle_id, m.until, v.category, v.class, ${moved('givenAway')}
    FROM ${changedIn('userUnitId', from, until)} m JOIN every_vehicle v USING (vehicle_id) WHERE m.served
    UNION ALL SELECT m.became::text::int, 'vehicle', m.vehicle_id, m.vehicle_id, m.until, v.category, v.class, ${moved('received')}
    FROM ${changedIn('userUnitId', from, until)} m JOIN every_vehicle v USING (vehicle_id) WHERE m.served
    UNION ALL SELECT m.unit_id, 'vehicle', m.vehicle_id, m.vehicle_id, m.until, v.category, v.class, ${moved('disposed')}
    FROM ${changedIn('state', from, until)} m JOIN every_vehicle v USING (vehicle_id) WHERE m.became = '"DISPOSED"' AND m.was <> '"DISPOSED"'`,
  T7: ({ from, until }) => `
    SELECT f.unit_id, 'flow' AS what, f.flow_id AS id, f.vehicle_id, s.at, f.data ->> 'method' AS method, v.category, 1 AS disposals, coalesce(v.price_fen, 0) AS "originalFen",
      coalesce((f.data ->> 'appraisedFen')::bigint, 0) AS "appraisedFen", coalesce((f.data ->> 'incomeFen')::bigint, 0) AS "incomeFen",
      EXISTS (SELECT FROM ledger_flow_steps m WHERE m.flow_id = f.flow_id AND m.action = 'remit')::int AS remitted,
      (SELECT coalesce(-sum(e.fen), 0) FROM cost_bills b JOIN cost_entries e USING (bill_id) WHERE b.source = 'flow:' || f.flow_id)::bigint AS "bookedFen"
    FROM ledger_flows f JOIN ledger_flow_steps s ON s.flow_id = f.flow_id AND s.action = 'execute' JOIN every_vehicle v ON v.vehicle_id = f.vehicle_id
    WHERE f.kind = 'disposal' AND s.at >= ${startOf(from)} AND s.at < ${endOf(until)}`,
  T8: ({ from, until }) => `
    SELECT f.unit_id, 'finding' AS what, f.finding_id AS id, f.vehicle_id, f.from_at AS at, f.code AS rule, f.severity, f.state AS "supervisionState", NULL AS holiday,
      (f.told_at IS NOT NULL) AS known, 1 AS raised, (f.told_at IS NOT NULL)::int AS told, (c.state IS NOT NULL)::int AS verified, coalesce(c.state = 'VERIFIED_NORMAL', false)::int AS normal,
      coalesce(c.state = 'VERIFIED_VIOLATION', false)::int AS violations,
      EXISTS (SELECT FROM supervision_finding_steps s WHERE s.finding_id = f.finding_id AND s.action = 'refer')::int AS referred,
      (f.state = 'WITHDRAWN')::int AS withdrawn, (f.state = 'CLOSED')::int AS closed,
      CASE WHEN f.state = 'CLOSED' THEN extract(epoch FROM f.since - f.raised_at) / 86400 ELSE 0 END::float8 AS "closedDays",
      0 AS sealed, 0 AS "sealKept", 0 AS "sealStayed", 0 AS "sealUnproved", 0 AS "sealMoved"
    FROM supervision_findings f
    LEFT JOIN LATERAL (SELECT s.state FROM supervision_finding_steps s WHERE s.finding_id = f.finding_id AND s.state IN ('VERIFIED_NORMAL', 'VERIFIED_VIOLATION')
      ORDER BY s.step DESC LIMIT 1) c ON f.state <> 'WITHDRAWN'
    WHERE f.day BETWEEN ${from}::date AND ${until}::date
    UNION ALL SELECT s.unit_id, 'seal', s.seal_id, s.vehicle_id, s.from_at, NULL, NULL, NULL, p.name, true, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, (s.place IS NOT NULL)::int,
      coalesce(s.proof = 'stayed', false)::int, coalesce(s.proof = 'unproved', false)::int, coalesce(s.proof = 'moved', false)::int
    FROM vehicle_seals s JOIN seal_plans p USING (plan_id) WHERE s.state <> 'EXEMPT' AND p.from_day BETWEEN ${from}::date AND ${until}::date`,
}

/** SQL in place of a table: all facts of a table of statistics for a period. `$` puts a value into the statement, and is asked for those that the table takes. */
export function factsOf(table: TableCode, $: (value: unknown) => string, { from, until }: Period): string {
  const put: Partial<Days> = {}
  return `(${sources[table]({
    get from() {
      put.from ??= $(from)
      return put.from
    },
    get until() {
      put.until ??= $(until)
      return put.until
    },
  })})`
}
