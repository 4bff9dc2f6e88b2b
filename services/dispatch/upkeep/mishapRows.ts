// Accidents and violations as they are kept and told. Who drove is read from the orders of the time, parts before a swap or a hand-over included, until it is verified.
import type { Mishap, OwnMishap } from '../../contracts/api/mishaps.ts'
import { Refusal } from '../../contracts/errors.ts'
import type { FinePayer, Liability, MishapKind, MishapState } from '../../domain/mishaps.ts'
import { orderNumber } from '../../domain/orders.ts'
import type { Queryable, Row } from '../../platform/db.ts'
import type { Sight } from '../kernel/caller.ts'
import { type Stepped, takersSql } from '../kernel/procedure.ts'
import { openVehicles } from '../kernel/sight.ts'

export const MISHAPS = { table: 'vehicle_mishaps', key: 'mishap_id', steps: 'vehicle_mishap_steps' } as const
export type StoredMishap = Stepped & {
  told: Omit<Mishap, 'mayAct'>
  /** Who drove by the order of the time; null: unknown, or nobody of ours. */
  orderId: number | null
  driverId: number | null
}

/** SQL: of the mishap `m`, as a lateral row: who drove (`order_id`, `driver_id`), kept once it was verified. */
export const droveOf = (m: string): string => `
  LATERAL (SELECT ${m}.order_id, ${m}.driver_id WHERE ${m}.state <> 'SUSPECTED'
    UNION ALL (SELECT p.order_id, p.driver_id FROM order_parts p WHERE ${m}.state = 'SUSPECTED' AND p.vehicle_id = ${m}.vehicle_id AND p.from_at <= ${m}.at
      AND (p.until_at IS NULL OR p.until_at >= ${m}.at) ORDER BY p.from_at DESC LIMIT 1))`

/** `$1` what is cleared for the reader. */
export const FROM = `vehicle_mishaps m JOIN organisations u ON u.organisation_id = m.unit_id JOIN ${openVehicles('$1')} v ON v.vehicle_id = m.vehicle_id
  JOIN organisations n ON n.organisation_id = v.user_unit_id JOIN accounts a ON a.account_id = m.entered_by`
/** Beside FROM: who drove. */
export const DROVE = `LEFT JOIN ${droveOf('m')} w ON true LEFT JOIN dispatch_orders d ON d.order_id = w.order_id LEFT JOIN drivers h ON h.driver_id = w.driver_id`
const ofMishap = `m.mishap_id, m.kind, m.vehicle_id, v.plate, v.plate_colour, m.at, m.place, m.text, m.notice_no, m.liability, m.fine_fen, m.points, m.paid_by, m.state,
  w.order_id, w.driver_id, d.year, d.number, h.name AS driver`
export const columns = `${ofMishap}, m.cost_fen, m.insured_fen, m.unit_id, u.name AS unit, CASE WHEN n.organisation_id <> m.unit_id THEN n.name END AS moved_to, m.entered_at,
  a.display_name AS by, m.version, ${takersSql(MISHAPS, 'm')} AS takers,
  (SELECT coalesce(json_agg(json_build_object('workOrderId', o.work_order_id, 'state', o.state, 'fen', coalesce(o.invoice_fen, o.approved_fen, o.estimate_fen))
      ORDER BY o.work_order_id), '[]') FROM work_orders o WHERE o.mishap_id = m.mishap_id) AS works,
  (SELECT coalesce(json_agg(b.bill_id ORDER BY b.bill_id), '[]') FROM cost_bills b WHERE b.source = 'mishap:' || m.mishap_id) AS bills,
  (SELECT coalesce(json_agg(json_build_object('action', t.action, 'state', t.state, 'at', t.at, 'by', t.username, 'reason', t.reason) ORDER BY t.step), '[]')
    FROM vehicle_mishap_steps t WHERE t.mishap_id = m.mishap_id) AS steps`

const iso = (at: unknown): string => new Date(at as string | Date).toISOString()

export function ownOf(row: Row): OwnMishap {
  return {
    mishapId: row.mishap_id as number,
    kind: row.kind as MishapKind,
    vehicle: { vehicleId: row.vehicle_id as number, plate: row.plate as string, plateColour: row.plate_colour as 'blue' },
    at: iso(row.at),
    place: row.place as string,
    text: row.text as string,
    noticeNo: row.notice_no as string | null,
    liability: row.liability as Liability | null,
    fineFen: row.fine_fen as number,
    points: row.points as number,
    drove:
      row.order_id === null
        ? null
        : {
            order: { orderId: row.order_id as number, number: orderNumber(row.year as number, row.number as number) },
            driver: row.driver as string | null,
          },
    paidBy: row.paid_by as FinePayer | null,
    state: row.state as MishapState,
  }
}

export function mishapOf(row: Row): StoredMishap {
  return {
    id: row.mishap_id as number,
    state: row.state as MishapState,
    version: row.version as number,
    takers: row.takers as Stepped['takers'],
    orderId: row.order_id as number | null,
    driverId: row.driver_id as number | null,
    told: {
      ...ownOf(row),
      unit: { organisationId: row.unit_id as number, name: row.unit as string },
      movedTo: row.moved_to as string | null,
      workOrders: row.works as Mishap['workOrders'],
      costFen: row.cost_fen as number | null,
      insuredFen: row.insured_fen as number | null,
      billIds: row.bills as number[],
      enteredAt: iso(row.entered_at),
      by: row.by as string,
      steps: (row.steps as Mishap['steps']).map((step) => ({ ...step, at: iso(step.at) })),
      version: row.version as number,
    },
  }
}

/** The SELECT list of what a driver is told of his own. */
export const ownColumns = ofMishap

/** One in reach, `lock` as SQL. @throws Refusal NOT_FOUND */
export async function loadMishap(db: Queryable, { lft, rgt, cleared }: Sight, id: number, lock = ''): Promise<StoredMishap> {
  const { rows } = await db.query(`SELECT ${columns} FROM ${FROM} ${DROVE} WHERE m.mishap_id = $2 AND u.lft BETWEEN $3 AND $4 ${lock}`, [
    ...[cleared, id, lft, rgt],
  ])
  if (!rows[0]) throw new Refusal('NOT_FOUND')
  return mishapOf(rows[0])
}
