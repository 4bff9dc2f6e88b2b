// What holds of every table of states, whatever it is of.
import t from 'tap'
import { caseLifecycle, caseVehicleLifecycle } from '../../services/domain/cases.ts'
import { billLifecycle } from '../../services/domain/costBook.ts'
import { filingLifecycle } from '../../services/domain/filing/filings.ts'
import { findingLifecycle } from '../../services/domain/findings.ts'
import { handoverLifecycle } from '../../services/domain/handover.ts'
import { leaveLifecycle } from '../../services/domain/leave.ts'
import {
  actionsOf,
  findDue,
  flowLifecycles,
  flowStart,
  type Lifecycle,
  quotaLifecycle,
  stateAt,
  unmaskingLifecycle,
  vehicleLifecycle,
} from '../../services/domain/lifecycle.ts'
import { loanLifecycle } from '../../services/domain/loans.ts'
import { mishapLifecycle } from '../../services/domain/mishaps.ts'
import { publicationLifecycle } from '../../services/domain/publication.ts'
import { renewalLifecycle } from '../../services/domain/renewals.ts'
import { sealLifecycle } from '../../services/domain/sealing.ts'
import { rideLifecycle } from '../../services/domain/sharing.ts'
import { supervisionLifecycle } from '../../services/domain/supervision/findings.ts'
import { workOrderLifecycle } from '../../services/domain/workOrders.ts'

const tables: Record<string, { table: Lifecycle<string>; begins: string | readonly string[]; ends: readonly string[]; start: string }> = {
  vehicle: { table: vehicleLifecycle, begins: 'AVAILABLE', ends: ['DISPOSED'], start: 'start' },
  quota: { table: quotaLifecycle, begins: 'DRAFT', ends: ['APPROVED'], start: 'draft' },
  unmasking: { table: unmaskingLifecycle, begins: 'pending', ends: ['refused', 'withdrawn', 'ended', 'expired'], start: 'start' },
  bill: { table: billLifecycle, begins: 'SUBMITTED', ends: ['REFUSED', 'WITHDRAWN', 'REVERSED'], start: 'enter' },
  renewal: { table: renewalLifecycle, begins: 'RECORDED', ends: ['WITHDRAWN'], start: 'record' },
  mishap: { table: mishapLifecycle, begins: 'SUSPECTED', ends: ['DISMISSED', 'SETTLED'], start: 'enter' },
  workOrder: { table: workOrderLifecycle, begins: ['ASKED', 'ESTIMATED'], ends: ['ACCEPTED', 'DECLINED', 'CANCELLED'], start: 'ask' },
  leave: { table: leaveLifecycle, begins: 'ASKED', ends: ['REFUSED', 'WITHDRAWN', 'CANCELLED'], start: 'ask' },
  ride: { table: rideLifecycle, begins: 'WISHED', ends: ['REFUSED', 'LAPSED', 'WITHDRAWN', 'ENDED'], start: 'wish' },
  loan: { table: loanLifecycle, begins: 'ASKED', ends: ['REFUSED', 'WITHDRAWN', 'ENDED'], start: 'ask' },
  case: { table: caseLifecycle, begins: 'OPEN', ends: [], start: 'open' },
  // Withdrawn it may be raised again.
  supervision: { table: supervisionLifecycle, begins: 'OPEN', ends: ['CLOSED'], start: 'raise' },
  handover: { table: handoverLifecycle, begins: 'OFFERED', ends: ['TAKEN', 'REFUSED', 'WITHDRAWN'], start: 'offer' },
  seal: { table: sealLifecycle, begins: ['PLANNED', 'EXEMPT'], ends: ['UNSEALED', 'OVER', 'MISSED', 'EXEMPT'], start: 'plan' },
  // Of some classes it waits from the first; of others it may be looked at.
  caseVehicle: { table: caseVehicleLifecycle, begins: ['OPEN', 'WAITING'], ends: ['OUT'], start: 'add' },
  publication: { table: publicationLifecycle, begins: 'DRAFTED', ends: ['DROPPED', 'WITHDRAWN'], start: 'draft' },
  // Added up above it may be let go again.
  filing: { table: filingLifecycle, begins: 'OPEN', ends: [], start: 'begin' },
  finding: { table: findingLifecycle, begins: 'SUSPECTED', ends: ['WITHDRAWN'], start: 'note' },
  acquisition: {
    table: flowLifecycles.acquisition,
    begins: flowStart.acquisition,
    ends: ['REGISTERED', 'REFUSED', 'WITHDRAWN'],
    start: 'start',
  },
  transfer: { table: flowLifecycles.transfer, begins: flowStart.transfer, ends: ['TRANSFERRED', 'REFUSED', 'WITHDRAWN'], start: 'start' },
  disposal: { table: flowLifecycles.disposal, begins: flowStart.disposal, ends: ['CLOSED', 'REFUSED', 'WITHDRAWN'], start: 'start' },
}

for (const [name, { table, begins, ends, start }] of Object.entries(tables))
  t.test(`${name}: every state is reached, nothing but an end is a dead end, and the clock goes round in none`, async (t) => {
    const reached = new Set([begins].flat())
    for (const state of reached) for (const action of actionsOf(table, state)) reached.add(table[action]!.to)
    const named = new Set(Object.values(table).flatMap(({ from, to }) => [...from, to]))
    t.same(
      [...named].filter((state) => !reached.has(state)),
      [],
    )
    t.same([...reached].filter((state) => actionsOf(table, state).length === 0).sort(), [...ends].sort())
    for (const [action, { by, due, notBy = [] }] of Object.entries(table)) {
      if (due) t.equal(by, 'system', `${action} is the clock's and nobody else's`)
      for (const earlier of notBy) t.ok(earlier === start || earlier in table, `${action} is not by ${earlier}, which there is`)
    }
    for (const state of reached) {
      const seen = new Set<string>()
      for (let at: string | undefined = state; at !== undefined; ) {
        t.notOk(seen.has(at), `${at} is not come back to by the clock alone`)
        seen.add(at)
        at = Object.values(table).find(({ due, from }) => due && from.includes(at!))?.to
      }
    }
  })

t.test('the clock takes the step that comes first, and the steps that follow from it, at their instants', async (t) => {
  const table: Lifecycle<string> = {
    remind: { from: ['ASKED'], to: 'REMINDED', by: 'system', due: ({ sinceMs }) => sinceMs + 10 },
    end: { from: ['ASKED', 'REMINDED'], to: 'LAPSED', by: 'system', due: ({ untilMs }) => untilMs },
    archive: { from: ['LAPSED'], to: 'ARCHIVED', by: 'system', due: ({ sinceMs }) => sinceMs + 5 },
  }
  const times = { sinceMs: 0, untilMs: 20 }
  const states = [9, 10, 19, 20, 24, 25].map((nowMs) => stateAt(table, 'ASKED', times, nowMs))
  t.same(states, ['ASKED', 'REMINDED', 'REMINDED', 'LAPSED', 'LAPSED', 'ARCHIVED'])
  t.same(findDue(table, 'ASKED', times, 100), { action: 'remind', to: 'REMINDED', atMs: 10 })
  t.same(findDue(table, 'ASKED', { sinceMs: 0, untilMs: 3 }, 100), { action: 'end', to: 'LAPSED', atMs: 3 })
  t.equal(stateAt(table, 'REMINDED', { sinceMs: 0, untilMs: null }, 1e9), 'REMINDED', 'without an end it has none')
})
