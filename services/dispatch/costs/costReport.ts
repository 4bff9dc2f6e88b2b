// 单车核算: what was booked, by vehicle and unit, by unit, or by month; and the entries that each sum is made of. Both are read from the
// same rows with the same tests, so that a sum is what its entries add up to.
import type { z } from 'zod'
import type { CostEntry, CostSum } from '../../contracts/api/costs.ts'
import type { AnswerOf, Api } from '../../contracts/api.ts'
import { refusal } from '../../contracts/refusals.ts'
import { orderNumber } from '../../domain/orders.ts'
import type { Queryable } from '../../platform/db.ts'
import type { Sight } from '../kernel/caller.ts'
import { openVehicles } from '../kernel/sight.ts'
import { unitTestsOf } from '../kernel/within.ts'

type Range = { from: string; until: string; organisationId?: number | undefined }

/** Entries `e` of the range with their unit `u`, order `d`, supplier `s`, and vehicle `v` where the reader sees it. */
function entriesIn(scope: Sight, { from, until, organisationId }: Range) {
  if (until < from) throw refusal('VALIDATION_FAILED', 'query.until', 'dates.until')
  const values: unknown[] = []
  const $ = (value: unknown) => `$${values.push(value)}`
  // Whose bill it was says nothing of whose vehicle: a supplier is told of what he drove.
  const joins = `cost_entries e JOIN organisations u ON u.organisation_id = e.unit_id LEFT JOIN dispatch_orders d USING (order_id)
    LEFT JOIN suppliers s ON s.supplier_id = d.supplier_id LEFT JOIN ${openVehicles($(scope.cleared))} v ON v.vehicle_id = e.vehicle_id`
  /** Of a sensitive vehicle that the reader does not see there are amounts, which the sums of units are made of, and nothing that they are for. */
  const told = '(e.vehicle_id IS NULL OR v.vehicle_id IS NOT NULL)'
  const tests = [`e.day BETWEEN ${$(from)}::date AND ${$(until)}::date`, ...unitTestsOf($, scope, organisationId, 'u')]
  return { values, $, joins, tests, told }
}

const groups = {
  vehicle: `e.unit_id AS unit_id, u.name AS unit_name, u.lft, v.vehicle_id, v.plate, v.plate_colour, d.supplier_id, s.name AS supplier_name, NULL AS month`,
  unit: `e.unit_id AS unit_id, u.name AS unit_name, u.lft, NULL::int AS vehicle_id, NULL AS plate, NULL AS plate_colour, NULL::int AS supplier_id, NULL AS supplier_name, NULL AS month`,
  month: `NULL::int AS unit_id, NULL AS unit_name, NULL::int AS lft, NULL::int AS vehicle_id, NULL AS plate, NULL AS plate_colour, NULL::int AS supplier_id, NULL AS supplier_name, to_char(e.day, 'YYYY-MM') AS month`,
}

/** SQL: how far it was driven: with the vehicle of the entry, or with all that drove it. */
const drivenSql = (
  by: keyof typeof groups,
): string => `(SELECT coalesce(sum(greatest(p.odometer_back_m - p.odometer_out_m, 0)), 0) FROM order_parts p
  WHERE p.order_id = e.order_id${by === 'vehicle' ? ' AND p.vehicle_id IS NOT DISTINCT FROM e.vehicle_id' : ''})`

/** SQL: vehicles in use of which nothing was booked in the range, as sums of nothing. */
function idleSql($: (value: unknown) => string, scope: Sight, { from, until, organisationId }: Range): string {
  return `SELECT u.organisation_id, u.name, u.lft, v.vehicle_id, v.plate, v.plate_colour, NULL::int, NULL, NULL, '{}'::json, 0::bigint, 0, 0::bigint, 0::bigint, 0::bigint
    FROM ${openVehicles($(scope.cleared))} v JOIN organisations u ON u.organisation_id = v.user_unit_id
    WHERE v.state <> 'DISPOSED' AND ${unitTestsOf($, scope, organisationId, 'u').join(' AND ')}
      AND NOT EXISTS (SELECT FROM cost_entries e WHERE e.vehicle_id = v.vehicle_id AND e.day BETWEEN ${$(from)}::date AND ${$(until)}::date)`
}

type SumRow = {
  total: number
  total_fen: number
  unit_id: number | null
  unit_name: string
  vehicle_id: number | null
  plate: string
  plate_colour: 'blue'
  supplier_id: number | null
  supplier_name: string
  month: string | null
  orders: number | null
  distance_m: number
  fen: CostSum['fen']
  sum_fen: number
  fuel_ml: number
  charge_wh: number
}

/** @throws Refusal VALIDATION_FAILED for a range that ends before it begins */
export async function listCostSums(
  db: Queryable,
  scope: Sight,
  query: z.output<Api['listCostSums']['query']>,
): Promise<AnswerOf<'listCostSums'>> {
  const { values, $, joins, tests, told } = entriesIn(scope, query)
  const keys = 'unit_id, unit_name, lft, vehicle_id, plate, plate_colour, supplier_id, supplier_name, month'
  const order = 'month, lft, plate NULLS LAST, supplier_id'
  const { rows } = await db.query<SumRow>(
    `WITH booked AS MATERIALIZED (SELECT e.entry_id, e.order_id, e.kind, e.fen, e.quantity, CASE WHEN ${told} THEN ${drivenSql(query.by)} END AS distance_m,
         ${groups[query.by]} FROM ${joins} WHERE ${tests.join(' AND ')}),
     -- An order has several entries, and was driven once.
     counted AS (SELECT *, order_id IS NOT NULL AND row_number() OVER (PARTITION BY ${keys}, order_id ORDER BY entry_id) = 1 AS first FROM booked),
     by_kind AS (SELECT ${keys}, kind, sum(fen)::bigint AS fen, count(*) FILTER (WHERE first) AS orders, sum(distance_m) FILTER (WHERE first) AS distance_m,
         coalesce(sum(quantity), 0) AS quantity FROM counted GROUP BY ${keys}, kind),
     found AS MATERIALIZED (SELECT ${keys}, json_object_agg(kind, fen) AS fen, sum(fen)::bigint AS sum_fen, sum(orders)::int AS orders,
         coalesce(sum(distance_m), 0)::bigint AS distance_m, coalesce(sum(quantity) FILTER (WHERE kind = 'fuel'), 0)::bigint AS fuel_ml,
         coalesce(sum(quantity) FILTER (WHERE kind = 'charge'), 0)::bigint AS charge_wh FROM by_kind GROUP BY ${keys}
       ${query.by === 'vehicle' && query.idle ? `UNION ALL ${idleSql($, scope, query)}` : ''})
     SELECT n.total, n.total_fen, f.* FROM (SELECT count(*) AS total, coalesce(sum(sum_fen), 0)::bigint AS total_fen FROM found) n
     LEFT JOIN (SELECT * FROM found ORDER BY ${order} LIMIT ${$(query.limit)} OFFSET ${$(query.offset)}) f ON true ORDER BY ${order}`,
    values,
  )
  return {
    total: rows[0]!.total,
    totalFen: rows[0]!.total_fen,
    rows: rows.filter(({ orders }) => orders !== null).map(sumOf),
  }
}

const sumOf = (row: SumRow): CostSum => ({
  unit: row.unit_id === null ? null : { organisationId: row.unit_id, name: row.unit_name },
  month: row.month,
  vehicle: row.vehicle_id === null ? null : { vehicleId: row.vehicle_id, plate: row.plate, plateColour: row.plate_colour },
  supplier: row.supplier_id === null ? null : { supplierId: row.supplier_id, name: row.supplier_name },
  orders: row.orders!,
  distanceM: row.distance_m,
  fen: row.fen,
  totalFen: row.sum_fen,
  fuelMl: row.fuel_ml,
  chargeWh: row.charge_wh,
})

type EntryRow = Omit<CostEntry, 'unit' | 'vehicle' | 'order'> & {
  total: number
  totalFen: number
  unitId: number
  unitName: string
  vehicleId: number | null
  plate: string
  plateColour: 'blue'
  orderId: number | null
  year: number
  number: number
}

/** @throws Refusal as `listCostSums` */
export async function listCostEntries(
  db: Queryable,
  scope: Sight,
  query: z.output<Api['listCostEntries']['query']>,
): Promise<AnswerOf<'listCostEntries'>> {
  const { values, $, joins, tests, told } = entriesIn(scope, query)
  if (query.unitId !== undefined) tests.push(`e.unit_id = ${$(query.unitId)}`)
  if (query.vehicleId !== undefined) tests.push(`v.vehicle_id = ${$(query.vehicleId)}`)
  if (query.unnamed) tests.push('v.vehicle_id IS NULL')
  if (query.supplierId !== undefined) tests.push(`d.supplier_id = ${$(query.supplierId)}`)
  if (query.kind) tests.push(`e.kind = ${$(query.kind)}`)
  const { rows } = await db.query<EntryRow>(
    `WITH found AS MATERIALIZED (SELECT e.*, u.name AS unit_name, d.year, d.number, ${told} AS told, v.vehicle_id AS seen_id, v.plate, v.plate_colour FROM ${joins}
       WHERE ${tests.join(' AND ')})
     SELECT n.total, n.fen AS "totalFen", f.entry_id AS "entryId", f.day::text, f.unit_id AS "unitId", f.unit_name AS "unitName",
       f.cost_centre AS "costCentre", f.seen_id AS "vehicleId", f.plate, f.plate_colour AS "plateColour", CASE WHEN f.told THEN f.order_id END AS "orderId", CASE WHEN f.told THEN f.bill_id END AS "billId", f.year, f.number, f.kind,
       f.fen, f.quantity, CASE WHEN f.told THEN coalesce(c.note, b.note) END AS note, o.name AS other
     FROM (SELECT count(*) AS total, coalesce(sum(fen), 0)::bigint AS fen FROM found) n
     LEFT JOIN (SELECT * FROM found ORDER BY day DESC, entry_id DESC LIMIT ${$(query.limit)} OFFSET ${$(query.offset)}) f ON true
     LEFT JOIN order_costs c ON c.cost_id = f.cost_id LEFT JOIN cost_bills b ON b.bill_id = f.bill_id
     LEFT JOIN cost_entries m ON f.kind = 'transfer' AND (m.entry_id = f.mirrors OR m.mirrors = f.entry_id)
     LEFT JOIN organisations o ON o.organisation_id = m.unit_id ORDER BY f.day DESC, f.entry_id DESC`,
    values,
  )
  return {
    total: rows[0]!.total,
    totalFen: rows[0]!.totalFen,
    rows: rows
      .filter(({ entryId }) => entryId !== null)
      .map(({ total: _total, totalFen: _sum, unitId, unitName, vehicleId, plate, plateColour, orderId, year, number, ...row }) => ({
        ...row,
        unit: { organisationId: unitId, name: unitName },
        vehicle: vehicleId === null ? null : { vehicleId, plate, plateColour },
        order: orderId === null ? null : { orderId, number: orderNumber(year, number) },
      })),
  }
}
