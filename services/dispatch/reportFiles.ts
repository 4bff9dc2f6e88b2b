// What scheduled reports send: the files of exports, made for whoever reads them by the same functions, with the same records; and monthly letters as they were made.
import { z } from 'zod'
import { api } from '../contracts/api.ts'
import { Refusal } from '../contracts/errors.ts'
import { exportLists, type ReportListName, type ReportSubject, reportSubjects } from '../contracts/exchange.ts'
import { refusal } from '../contracts/refusals.ts'
import { filterFor, spanOf } from '../domain/reports.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/db.ts'
import { exportList, exportReport } from './exchange/export.ts'
import { sheetOf } from './exchange/sheets.ts'
import { type Caller, may, type Who } from './kernel/caller.ts'
import { type AskedFile, type MadeFile, NotSent, type ReportDeps } from './reports/deps.ts'
import { timedBy } from './reports/timedBy.ts'
import { seenLists } from './seenLists.ts'
import { pdfOf } from './statistics/filing/files/pdf.ts'
import { fileNameOf } from './statistics/letters/handlers.ts'
import { loadLetter } from './statistics/letters/letter.ts'
import { letterPaper } from './statistics/letters/paper.ts'

const isReport = (subject: string): subject is ReportSubject => (reportSubjects as readonly string[]).includes(subject)
const letterFilter = z.strictObject({ organisationId: z.coerce.number().int().positive().max(2_147_483_647).optional(), month: z.string() })

export function reportFiles({ db, clock }: { db: Database; clock: Clock }): Pick<ReportDeps, 'makeFile' | 'mayRead' | 'requireList'> {
  return { makeFile, mayRead, requireList }

  function mayRead(caller: Caller, list: ReportListName): boolean {
    return may(caller, list === 'letters' ? api.listLetters.access : api.exportList.access)
  }

  async function makeFile(who: Who, { list, format, ...asked }: AskedFile): Promise<MadeFile> {
    if (!mayRead(who.caller, list)) throw new Refusal('FORBIDDEN')
    if (list === 'letters') return letterFile(who, asked)
    const subject = exportLists[list]
    const request = { ...who, list, format: format === 'csv' ? format : ('xlsx' as const), ...asked, lists: seenLists }
    const file = isReport(subject) ? await exportReport(db, subject, request) : await exportList(db, sheetOf(subject), request)
    const parts: Buffer[] = []
    for await (const part of file.content) parts.push(Buffer.from(part))
    return { ...file, content: Buffer.concat(parts) }
  }

  /** Of the organisation that is named, or the reader's own: as it was made by whoever may; none is made here. */
  async function letterFile({ caller, reach }: Who, { filter, locale, nowMs }: Omit<AskedFile, 'list' | 'format'>): Promise<MadeFile> {
    const { organisationId = caller.organisation.organisationId, month } = letterFilter.parse(filter)
    const letter = await loadLetter(db, reach, { organisationId, month }).catch((error: unknown) => {
      throw error instanceof Refusal && error.code === 'NOT_FOUND' ? new NotSent('noLetter') : error
    })
    const content = await pdfOf(letterPaper(letter, locale), nowMs)
    return { fileName: fileNameOf(letter), mediaType: 'application/pdf', content, rows: letter.body.findings.length }
  }

  async function requireList(who: Who, list: ReportListName, filter: Record<string, string>): Promise<void> {
    if (!mayRead(who.caller, list)) throw new Refusal('FORBIDDEN')
    const nowMs = clock.nowMs()
    const asked = filterFor(timedBy[list], filter, spanOf({ every: 'day', onDay: 0, atMinute: 0 }, nowMs))
    if (list !== 'letters') await seenLists[list](db, who, asked, nowMs)
    else if (!letterFilter.safeParse(asked).success) throw refusal('VALIDATION_FAILED', 'body.filter', 'report.letterFilter')
  }
}
