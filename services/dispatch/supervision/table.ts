// Where findings are kept, and who is told of their steps.
import type { Deed } from '../kernel/act.ts'
import { announceSupervision } from '../kernel/announce.ts'
import type { Step } from '../kernel/procedure.ts'

export const TABLE = {
  table: 'supervision_findings',
  key: 'finding_id',
  steps: 'supervision_finding_steps',
  announce: (deed: Deed, id: number, { action, reason }: Pick<Step, 'action' | 'reason'>) => announceSupervision(deed, id, action, reason),
} as const
