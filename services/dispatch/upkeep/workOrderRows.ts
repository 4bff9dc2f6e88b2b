// Work orders as they are kept and told.
import type { WorkOrder } from '../../contracts/api/upkeep.ts'
import { Refusal } from '../../contracts/errors.ts'
import type { WorkKind, WorkOrderState } from '../../domain/workOrders.ts'
import type { Queryable, Row } from '../../platform/db.ts'
import type { Sight } from '../kernel/caller.ts'
import { type Stepped, takersSql } from '../kernel/procedure.ts'
import { openVehicles } from '../kernel/sight.ts'

export const WORK_ORDERS = { table: 'work_orders', key: 'work_order_id', steps: 'work_order_steps' } as const

/** As it is told, and what its steps are judged by. */
export type StoredWork = Stepped & { told: Omit<WorkOrder, 'mayAct' | 'late'>; readMs: number | null; trackM: number | null }

/** `$1` what is cleared for the reader. */
export const FROM = `work_orders w JOIN organisations u ON u.organisation_id = w.unit_id JOIN ${openVehicles('$1')} v ON v.vehicle_id = w.vehicle_id
  JOIN suppliers s USING (supplier_id) JOIN accounts a ON a.account_id = w.asked_by`
export const columns = `w.*, w.invoice_day::text AS invoice_on, u.name AS unit, v.plate, v.plate_colour, s.name AS supplier, a.display_name AS by, ${takersSql(WORK_ORDERS, 'w')} AS takers,
  (SELECT coalesce(json_agg(json_build_object('kind', p.kind, 'name', p.name, 'quantity', p.quantity, 'fen', p.fen) ORDER BY p.line), '[]')
    FROM work_order_parts p WHERE p.work_order_id = w.work_order_id AND p.round = w.redone AND w.invoice_fen IS NOT NULL) AS parts,
  (SELECT coalesce(json_agg(json_build_object('action', t.action, 'state', t.state, 'at', t.at, 'by', t.username, 'reason', t.reason,
      'fen', coalesce(t.data -> 'invoiceFen', t.data -> 'estimateFen')) ORDER BY t.step), '[]') FROM work_order_steps t WHERE t.work_order_id = w.work_order_id) AS steps,
  (SELECT max(b.bill_id) FROM cost_bills b WHERE b.source = 'work-order:' || w.work_order_id) AS bill_id`

const iso = (at: unknown): string => new Date(at as string | Date).toISOString()
const kmOf = (m: unknown): number | null => (m === null ? null : (m as number) / 1000)

export function workOf(row: Row): StoredWork {
  const id = row.work_order_id as number
  return {
    id,
    state: row.state as WorkOrderState,
    version: row.version as number,
    takers: row.takers as Stepped['takers'],
    readMs: row.read_at === null ? null : (row.read_at as Date).getTime(),
    trackM: row.track_m as number | null,
    told: {
      workOrderId: id,
      vehicle: { vehicleId: row.vehicle_id as number, plate: row.plate as string, plateColour: row.plate_colour as 'blue' },
      unit: { organisationId: row.unit_id as number, name: row.unit as string },
      supplier: { supplierId: row.supplier_id as number, name: row.supplier as string },
      kind: row.kind as WorkKind,
      item: row.item as string | null,
      work: row.work as string,
      from: iso(row.from_at),
      until: iso(row.until_at),
      estimateFen: row.estimate_fen as number | null,
      approvedFen: row.approved_fen as number | null,
      invoiceFen: row.invoice_fen as number | null,
      invoiceNo: row.invoice_no as string | null,
      invoiceDay: row.invoice_on as string | null,
      odometerKm: kmOf(row.odometer_m),
      backAt: row.back_at === null ? null : iso(row.back_at),
      redone: row.redone as number,
      parts: row.parts as WorkOrder['parts'],
      mishapId: row.mishap_id as number | null,
      billId: row.bill_id as number | null,
      state: row.state as WorkOrderState,
      askedAt: iso(row.asked_at),
      by: row.by as string,
      steps: (row.steps as WorkOrder['steps']).map((step) => ({ ...step, at: iso(step.at) })),
      version: row.version as number,
    },
  }
}

/** One in reach, `lock` as SQL. @throws Refusal NOT_FOUND */
export async function loadWork(db: Queryable, { lft, rgt, cleared }: Sight, id: number, lock = ''): Promise<StoredWork> {
  const { rows } = await db.query(`SELECT ${columns} FROM ${FROM} WHERE w.work_order_id = $2 AND u.lft BETWEEN $3 AND $4 ${lock}`, [
    ...[cleared, id, lft, rgt],
  ])
  if (!rows[0]) throw new Refusal('NOT_FOUND')
  return workOf(rows[0])
}
