// The procedure of a handover (domain/handover.ts has the table): whoever takes it has the vehicle from then on.
import { refusal } from '../../contracts/refusals.ts'
import { handoverLifecycle } from '../../domain/handover.ts'
import type { Act } from '../kernel/act.ts'
import { grantFor, type Who } from '../kernel/caller.ts'
import type { Procedure } from '../kernel/procedure.ts'
import { loadHandover, type StoredHandover } from './handoverRows.ts'
import { HANDOVERS } from './table.ts'

export const handoverProcedure: Procedure<StoredHandover> = {
  ...HANDOVERS,
  lifecycle: handoverLifecycle,
  lock: (act: Act, id) => loadHandover(act.client, { caller: act.caller, reach: { ...act.scope, vehicleId: null } }, id, 'FOR UPDATE OF h'),
  reaches: ({ caller }: Who, { inScope, gives, receives }, side) => {
    if (grantFor(caller, 'order.drive').reach !== 'self') return inScope
    return side === 'asker' ? gives : receives
  },
  refusals: {
    notNow: { path: 'body.action', reason: 'handover.not', values: ({ state }) => ({ handoverState: state }) },
    samePerson: { code: 'TWO_PERSON_RULE', path: 'body.action', reason: 'handover.samePerson' },
  },
  effects: {
    take: { before: async ({ nowMs }) => ({ set: { taken_at: new Date(nowMs) } }) },
    refuse: {
      before: async (_act, _row, { reason }) => {
        if (reason.length < 2) throw refusal('VALIDATION_FAILED', 'body.reason', 'handover.why')
        return undefined
      },
    },
  },
  set: (_row, _step, _kept, { nowMs }) => ({ since: new Date(nowMs) }),
  record: ({ id, vehicleId }, { action }) => ({
    action: 'handover.step',
    subject: { type: 'vehicle', id: vehicleId },
    detail: { action, handoverId: id },
  }),
  stateField: 'handoverState',
}
