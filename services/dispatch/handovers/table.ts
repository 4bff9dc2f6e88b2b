// Where the book of shifts is kept, and who is told of its steps.
import type { Deed } from '../kernel/act.ts'
import { announceHandover } from '../kernel/announce.ts'
import type { Step } from '../kernel/procedure.ts'

export const HANDOVERS = {
  table: 'vehicle_handovers',
  key: 'handover_id',
  steps: 'vehicle_handover_steps',
  announce: (deed: Deed, id: number, { action, reason }: Pick<Step, 'action' | 'reason'>) => announceHandover(deed, id, action, reason),
} as const
