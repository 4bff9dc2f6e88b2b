// Where seals are kept, and who is told of their steps.
import type { Deed } from '../kernel/act.ts'
import { announceSeal } from '../kernel/announce.ts'
import type { Step } from '../kernel/procedure.ts'

export const SEALS = {
  table: 'vehicle_seals',
  key: 'seal_id',
  steps: 'vehicle_seal_steps',
  announce: (deed: Deed, id: number, { action, reason }: Pick<Step, 'action' | 'reason'>) => announceSeal(deed, id, action, reason),
} as const
