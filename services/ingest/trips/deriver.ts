import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db.ts'
import type { Logger } from '../../platform/log.ts'
export function startDeriver(_deps: { db: Database; clock: Clock; log: Logger }): { stop(): Promise<void> } {
  return { stop: () => Promise.resolve() }
}
