// What handlers are made with.
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/db.ts'
import type { TravelTimes } from '../platform/routing/port.ts'
import type { AuditHeads } from './audit/heads.ts'
import type { AuditVerification } from './audit/verification.ts'
import type { EvidenceDesk } from './cases/evidence/desk.ts'
import type { Identity } from './identity/identity.ts'
import type { Act } from './kernel/act.ts'
import type { Who } from './kernel/caller.ts'
import type { LiveLooks } from './kernel/liveLooks.ts'
import type { LiveFeed } from './live/liveFeed.ts'
import type { PushDeps } from './notifications/push.ts'
import type { HealthReader } from './operations/health.ts'
import type { Publish } from './operations/quarantine.ts'
import type { BringIn } from './orders/tracker.ts'
import type { fitTerminal } from './registry/fitting.ts'
import type { ReportDeps } from './reports/deps.ts'
import type { Settings } from './settings.ts'

export type HandlerDeps = {
  db: Database
  clock: Clock
  settings: Settings
  identity: Identity
  push: PushDeps
  feed: LiveFeed
  health: HealthReader
  publish: Publish
  bringIn: BringIn
  /** What scheduled reports are made with. */
  reports: ReportDeps
  looks: LiveLooks
  travelTimes: TravelTimes
  auditHeads: AuditHeads | undefined
  verification: AuditVerification
  /** Where evidence packages lie; without it none is made. */
  evidence: EvidenceDesk | undefined
  /** Told when what someone may see of sensitive vehicles has changed. */
  onSightChanged(): void
  /** Told when a request or an order has changed. */
  onTripsChanged(): void
  /** Owed work was put in: look at once. */
  wakeJobs(): void
}

export type TerminalChange = Act
/** What the registry decides and the slice of terminals must not decide again. */
export type TerminalRules = {
  change<T>(who: Who, work: (change: TerminalChange) => Promise<T>): Promise<T>
  fit: typeof fitTerminal
}
