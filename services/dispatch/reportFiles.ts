// What scheduled reports send: the files of exports, made for whoever reads them by the same functions, with the same records.
import { api } from '../contracts/api.ts'
import { Refusal } from '../contracts/errors.ts'
import { exportLists, type ReportListName, type ReportSubject, reportSubjects } from '../contracts/exchange.ts'
import { filterFor, spanOf } from '../domain/reports.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/db.ts'
import { exportList, exportReport } from './exchange/export.ts'
import { sheetOf } from './exchange/sheets.ts'
import { type Caller, may, type Who } from './kernel/caller.ts'
import type { AskedFile, MadeFile, ReportDeps } from './reports/deps.ts'
import { timedBy } from './reports/timedBy.ts'
import { seenLists } from './seenLists.ts'

const isReport = (subject: string): subject is ReportSubject => (reportSubjects as readonly string[]).includes(subject)

export function reportFiles({ db, clock }: { db: Database; clock: Clock }): Pick<ReportDeps, 'makeFile' | 'mayRead' | 'requireList'> {
  return { makeFile, mayRead, requireList }

  function mayRead(caller: Caller, _list: ReportListName): boolean {
    return may(caller, api.exportList.access)
  }

  async function makeFile(who: Who, { list, format, ...asked }: AskedFile): Promise<MadeFile> {
    if (!mayRead(who.caller, list) || format === 'pdf') throw new Refusal('FORBIDDEN')
    const subject = exportLists[list]
    const request = { ...who, list, format, ...asked, lists: seenLists }
    const file = isReport(subject) ? await exportReport(db, subject, request) : await exportList(db, sheetOf(subject), request)
    const parts: Buffer[] = []
    for await (const part of file.content) parts.push(Buffer.from(part))
    return { ...file, content: Buffer.concat(parts) }
  }

  async function requireList(who: Who, list: ReportListName, filter: Record<string, string>): Promise<void> {
    if (!mayRead(who.caller, list)) throw new Refusal('FORBIDDEN')
    const nowMs = clock.nowMs()
    await seenLists[list](db, who, filterFor(timedBy[list], filter, spanOf({ every: 'day', onDay: 0, atMinute: 0 }, nowMs)), nowMs)
  }
}
