// The book of costs as other slices write into it: what is done to a vehicle is entered as a bill by the act that does it, and booked when another person has agreed.
// What bills and closings are, and the rest of their steps: dispatch/costs.
import { type BillKind, bookedFen } from '../../domain/costBook.ts'
import { addDays } from '../../domain/days.ts'
import type { Queryable } from '../../platform/db.ts'
import type { Act } from './act.ts'
import { keepStep } from './procedure.ts'

export const BILLS = { table: 'cost_bills', key: 'bill_id', steps: 'cost_bill_steps' } as const
export const billSubject = (billId: number) => ({ type: 'bill', id: billId })

/** Through which day the unit's book is closed. `lock`: while others book into it, or close it, they wait. */
export async function closedUntil(client: Queryable, unitId: number, lock: 'SHARE' | 'NO KEY UPDATE'): Promise<string | null> {
  await client.query(`SELECT FROM organisations WHERE organisation_id = $1 FOR ${lock}`, [unitId])
  const { rows } = await client.query<{ day: string | null }>('SELECT max(until_day)::text AS day FROM cost_closings WHERE unit_id = $1', [
    unitId,
  ])
  return rows[0]!.day
}

type Booked = {
  billId: number
  unitId: number
  vehicleId: number | null
  kind: BillKind
  fen: number
  quantity: number | null
  day: string
}

/** The entry of a bill; with `sign` −1 the one that takes it back. */
export async function bookEntry(
  { client }: Act,
  { billId, unitId, vehicleId, kind, fen, quantity, day }: Booked,
  sign: 1 | -1 = 1,
): Promise<void> {
  await client.query(
    `INSERT INTO cost_entries (bill_id, unit_id, cost_centre, vehicle_id, kind, fen, quantity, day)
     SELECT $1, $2, o.cost_centre, $3, $4, $5, $6, $7 FROM organisations o WHERE o.organisation_id = $2`,
    [billId, unitId, vehicleId, kind, sign * bookedFen({ kind, fen }), quantity === null ? null : sign * quantity, day],
  )
}

/** What a bill follows from, such as work-order:12. */
export type BillSource = `${'work-order' | 'renewal' | 'mishap' | 'flow'}:${number}`
export type SourcedBill = {
  source: BillSource
  unitId: number
  vehicleId: number
  kind: BillKind
  fen: number
  day: string
  supplierId?: number | null
  documentNo?: string | null
  note?: string | null
}
/** Who entered it, and when, where that was an earlier step of another person. */
type Entered = { accountId: number; name: string; at: Date }

/**
 * Enters a bill of what an act did. In a month that is closed it is dated to the first open day, and says of which day it is.
 * @returns its number, and its day in the book
 */
export async function enterBillOf(act: Act, bill: SourcedBill, by?: Entered): Promise<{ billId: number; day: string }> {
  const { client, caller, actorName, nowMs } = act
  const { source, unitId, vehicleId, kind, fen, supplierId = null, documentNo = null } = bill
  const closed = await closedUntil(client, unitId, 'SHARE')
  const day = closed !== null && closed >= bill.day ? addDays(closed, 1) : bill.day
  const note = [bill.note ?? '', day === bill.day ? '' : bill.day].filter(Boolean).join(' ') || null
  const { accountId, name, at } = by ?? { accountId: caller.accountId, name: actorName, at: new Date(nowMs) }
  const { rows } = await client.query<{ id: number }>(
    `INSERT INTO cost_bills (unit_id, vehicle_id, kind, fen, day, supplier_id, document_no, note, state, entered_at, entered_by, key, source)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'SUBMITTED', $9, $10, gen_random_uuid(), $11) RETURNING bill_id AS id`,
    [unitId, vehicleId, kind, fen, day, supplierId, documentNo, note, at, accountId, source],
  )
  const billId = rows[0]!.id
  await client.query(
    `INSERT INTO cost_bill_steps (bill_id, step, action, state, at, account_id, username, reason) VALUES ($1, 1, 'enter', 'SUBMITTED', $2, $3, $4, '')`,
    [billId, at, accountId, name],
  )
  act.record('bill.enter', billSubject(billId), {
    after: { state: 'SUBMITTED', source, organisationId: unitId, vehicleId, kind, fen, day, supplierId, documentNo, note },
  })
  return { billId, day }
}

/** The same, approved in the same act by its caller, who is another person than who entered it and may approve costs. */
export async function bookBillOf(act: Act, bill: SourcedBill, by: Entered): Promise<number> {
  const { billId, day } = await enterBillOf(act, bill, by)
  await bookEntry(act, { ...bill, billId, day, quantity: null })
  await act.client.query(`UPDATE cost_bills SET state = 'BOOKED', version = version + 1 WHERE bill_id = $1`, [billId])
  await keepStep(act, BILLS, billId, { action: 'approve', to: 'BOOKED', reason: '' })
  act.record('bill.step', billSubject(billId), {
    before: { state: 'SUBMITTED' },
    after: { state: 'BOOKED' },
    detail: { action: 'approve' },
  })
  return billId
}
