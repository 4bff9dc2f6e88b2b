// The procedure of an accident or a violation (domain/mishaps.ts has the table): verified by another person, which keeps who drove; settled, which enters the bills.
import type { BodyOf } from '../../contracts/api.ts'
import { refusal } from '../../contracts/refusals.ts'
import { billsOf, findSettlingProblem, mishapLifecycle } from '../../domain/mishaps.ts'
import { openWorkStates } from '../../domain/workOrders.ts'
import type { Act } from '../kernel/act.ts'
import { enterBillOf } from '../kernel/costBook.ts'
import type { Change, Procedure, Step } from '../kernel/procedure.ts'
import { loadMishap, MISHAPS, type StoredMishap } from './mishapRows.ts'

type Data = BodyOf<'actOnMishap'>['data'] & object

export const mishapProcedure: Procedure<StoredMishap> = {
  ...MISHAPS,
  lifecycle: mishapLifecycle,
  lock: (act, id) => loadMishap(act.client, act.scope, id, 'FOR UPDATE OF m'),
  refusals: {
    notNow: { path: 'body.action', reason: 'mishap.not', values: ({ state }) => ({ mishapState: state }) },
    samePerson: { code: 'TWO_PERSON_RULE', path: 'body.action', reason: 'mishap.samePerson' },
  },
  effects: {
    verify: { before: verify },
    dismiss: { before: requireReason },
    reopen: {
      before: async (act, row, step) => {
        await requireReason(act, row, step)
        return { set: { order_id: null, driver_id: null } }
      },
    },
    settle: { before: settle },
  },
  record: ({ told }, { action }) => ({
    action: 'mishap.step',
    subject: { type: 'vehicle', id: told.vehicle.vehicleId },
    detail: { action, mishapId: told.mishapId },
  }),
  stateField: 'mishapState',
}

async function requireReason(_act: Act, _row: StoredMishap, { reason }: Step): Promise<undefined> {
  if (reason.length < 2) throw refusal('VALIDATION_FAILED', 'body.reason', 'flow.data', { field: 'reason' })
  return undefined
}

/** From now on it says who drove as the orders said then: what is put right of them later is looked at anew by whoever reopens it. */
async function verify(_act: Act, { told, orderId, driverId }: StoredMishap, { data }: Step): Promise<Change> {
  const { liability = told.liability, fineFen = told.fineFen, points = told.points } = data as Data
  if (told.kind === 'accident' && liability === null)
    throw refusal('VALIDATION_FAILED', 'body.data.liability', 'flow.data', { field: 'liability' })
  const before = { liability: told.liability, fineFen: told.fineFen, penaltyPoints: told.points }
  const after = { liability, fineFen, penaltyPoints: points, driverId }
  return { set: { liability, fine_fen: fineFen, points, order_id: orderId, driver_id: driverId }, before, after }
}

/** @throws Refusal CONFLICT while a repair is under way, or where the insurer paid more than it came to */
async function settle(act: Act, { id, told }: StoredMishap, { data }: Step): Promise<Change> {
  const { paidBy = null, costFen = 0, insuredFen = 0 } = data as Data
  const running = told.workOrders.find(({ state }) => openWorkStates.includes(state))
  if (running) throw refusal('CONFLICT', 'body.action', 'mishap.repair', { n: running.workOrderId })
  const repairsFen = told.workOrders.reduce((sum, { state, fen }) => sum + (state === 'ACCEPTED' ? (fen ?? 0) : 0), 0)
  const settled = { kind: told.kind, fineFen: told.fineFen, paidBy: told.fineFen > 0 ? paidBy : null, costFen, insuredFen, repairsFen }
  const problem = findSettlingProblem(settled)
  if (problem)
    throw refusal(
      'CONFLICT',
      problem.reason === 'mishap.payer' ? 'body.data.paidBy' : 'body.data.insuredFen',
      problem.reason,
      problem.values,
    )
  for (const { kind, fen } of billsOf(settled))
    await enterBillOf(act, {
      ...{ source: `mishap:${id}`, unitId: told.unit.organisationId, vehicleId: told.vehicle.vehicleId, kind, fen, day: act.today },
      ...{ documentNo: told.noticeNo, note: told.text.slice(0, 100) },
    })
  const after = { paidBy: settled.paidBy, costFen, insuredFen }
  return { set: { paid_by: settled.paidBy, cost_fen: costFen, insured_fen: insuredFen }, after }
}
