// What scheduled reports are made with: who reads, what is sent, and the way out. Handed in where the slices are put together.
import type { ExchangeLocale, ReportListName } from '../../contracts/exchange.ts'
import type { RefusedReason } from '../../domain/reports.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db.ts'
import type { Mail } from '../../platform/mail.ts'
import type { Caller, Who } from '../kernel/caller.ts'

export type AskedFile = {
  list: ReportListName
  filter: Record<string, string>
  format: 'xlsx' | 'csv' | 'pdf'
  locale: ExchangeLocale
  nowMs: number
  /** Stands in the last line, so that a file that is found somewhere is traced back. */
  mark?: string
}
export type MadeFile = { fileName: string; mediaType: string; content: Buffer; rows: number }

/** Thrown by what makes a file where there is nothing to send, for a reason that has a word. */
export class NotSent extends Error {
  readonly why: RefusedReason
  constructor(why: RefusedReason) {
    super(why)
    this.why = why
  }
}

export type ReportDeps = {
  db: Database
  clock: Clock
  /** Undefined where no mail server is set. */
  mail: Mail | undefined
  /** How this service is reached, for links in mails; without it there are none. */
  site: string | undefined
  /** Proves links by which one unsubscribes without signing in. */
  key: Buffer | undefined
  /** Whoever reads, with the rights that he has now; undefined where his account is closed. Nothing sensitive is open to him this way: what is sent leaves the house. */
  findReader(accountId: number): Promise<Who | undefined>
  /** @throws Refusal as the list's own page, NotSent */
  makeFile(who: Who, asked: AskedFile): Promise<MadeFile>
  /** May he have the list as a file? */
  mayRead(caller: Caller, list: ReportListName): boolean
  /** Asks the list as its page does, once. @throws Refusal FORBIDDEN, VALIDATION_FAILED for a filter that it does not take */
  requireList(who: Who, list: ReportListName, filter: Record<string, string>): Promise<void>
  onDone(): void
}
