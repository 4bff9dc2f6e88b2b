// The endpoints of import and export. An import is checked and applied by the same steps: read, plan, digest; what is applied is what
// was shown, or nothing.
import { createHash } from 'node:crypto'
import { dayAt } from '../../contracts/days.ts'
import { Refusal } from '../../contracts/errors.ts'
import { type ExchangeSubject, type ExportSubject, type Import, type ReportSubject, reportSubjects } from '../../contracts/exchange.ts'
import { refusal } from '../../contracts/refusals.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db.ts'
import { actorOf, type Caller } from '../audit/caller.ts'
import { recordAudit } from '../audit/record.ts'
import type { Handlers } from '../routes.ts'
import { annotate } from './annotate.ts'
import { applyPlan } from './apply.ts'
import { findingsOf, unreadableFindings } from './check/findings.ts'
import { digestOf, planImport } from './check/plan.ts'
import { exportList, exportReport } from './export.ts'
import { beginImport, claimImport, endCheck, getFile, getImport, listImports, markApplied, releaseImport } from './imports.ts'
import type { SeenLists } from './list.ts'
import { readFile } from './read/readFile.ts'
import type { LedgerRules } from './sheet.ts'
import { sheetOf } from './sheets.ts'
import { makeTemplate } from './template.ts'

type ExchangeDeps = {
  db: Database
  clock: Clock
  rules: LedgerRules
  lists: SeenLists
}

type ExchangeHandlers = Pick<
  Handlers,
  'getImportTemplate' | 'checkImport' | 'listImports' | 'getImport' | 'getAnnotatedImport' | 'applyImport' | 'exportList'
>

const isReport = (subject: ExportSubject): subject is ReportSubject => (reportSubjects as readonly string[]).includes(subject)
const movedOn = () => refusal('CONFLICT', 'body.token', 'import.changed')

export function createExchangeHandlers({ db, clock, rules, lists }: ExchangeDeps): ExchangeHandlers {
  const contextOf = (caller: Caller) => {
    const nowMs = clock.nowMs()
    return { db, scope: caller.scope, nowMs, today: dayAt(nowMs), rules }
  }

  async function check(caller: Caller, importId: number, subject: ExchangeSubject, file: Buffer, sha256: Buffer): Promise<Import> {
    const sheet = sheetOf(subject)
    const read = await readFile(file, subject)
    if (!read.readable) await endCheck(db, importId, unreadableFindings(read.words))
    else {
      const plan = await planImport(contextOf(caller), sheet, read)
      const token = plan.complaints.length === 0 ? await digestOf(plan, sha256) : null
      await endCheck(db, importId, findingsOf(sheet, plan, token))
    }
    return getImport(db, caller, importId)
  }

  async function apply(caller: Caller, { importId, subject, fileName }: Import, token: string, reason: string): Promise<void> {
    const { file, sha256 } = await getFile(db, importId)
    if (!file) throw refusal('CONFLICT', 'params.importId', 'import.notChecked')
    const sheet = sheetOf(subject)
    const read = await readFile(file, subject)
    if (!read.readable) throw movedOn()
    const context = contextOf(caller)
    const plan = await planImport(context, sheet, read)
    if (plan.complaints.length > 0 || (await digestOf(plan, sha256)) !== token) throw movedOn()
    const { created, changed, unchanged, rows } = plan
    await applyPlan({
      db,
      sheet,
      plan,
      importId,
      actor: actorOf(caller),
      detail: {
        subject,
        fileName,
        fileSha256: sha256.toString('hex'),
        token,
        rows,
        created: created.length,
        changed: changed.length,
        unchanged,
      },
      purpose: reason,
      context: { nowMs: context.nowMs, today: context.today, accountId: caller.accountId, rules },
      before: (client) => markApplied(client, importId, context.nowMs),
    })
    rules.onChanged()
  }

  return {
    getImportTemplate: ({ params, query }) => makeTemplate(sheetOf(params.subject), query.format, query.locale),
    async checkImport({ caller, query: { subject, fileName }, body: file }) {
      const sha256 = createHash('sha256').update(file).digest()
      const importId = await beginImport(db, caller, { subject, fileName, file, sha256 }, clock.nowMs())
      try {
        return await check(caller, importId, subject, file, sha256)
      } catch (error) {
        await releaseImport(db, importId)
        throw error
      }
    },
    listImports: ({ caller, query }) => listImports(db, caller, query),
    getImport: ({ caller, params }) => getImport(db, caller, params.importId),
    async getAnnotatedImport({ caller, params, query }) {
      const { subject, fileName, importId } = await getImport(db, caller, params.importId)
      const { file, accountId } = await getFile(db, importId)
      if (!file || accountId !== caller.accountId) throw new Refusal('NOT_FOUND')
      const sheet = sheetOf(subject)
      const read = await readFile(file, subject, { keepTexts: true })
      if (!read.readable) throw new Refusal('NOT_FOUND')
      const { complaints } = await planImport(contextOf(caller), sheet, read)
      await recordAudit(db, {
        atMs: clock.nowMs(),
        actor: actorOf(caller),
        action: 'import.file-read',
        subject: { type: 'import', id: importId },
        detail: { subject, fileName },
      })
      return annotate(sheet, read.texts, complaints, { ...query, fileName })
    },
    async applyImport({ caller, params: { importId }, body: { token, reason } }) {
      const known = await getImport(db, caller, importId)
      // Pressed twice, or the answer was lost on the way: it has been done, and is not done again.
      if (known.state === 'applied' && known.token === token) return known
      if (known.state !== 'checked') throw refusal('CONFLICT', 'params.importId', 'import.notChecked')
      await claimImport(db, caller, importId, clock.nowMs())
      try {
        await apply(caller, known, token, reason)
      } finally {
        await releaseImport(db, importId)
      }
      return getImport(db, caller, importId)
    },
    exportList({ caller, params: { subject }, query: { format, locale, list, ...filter } }) {
      const request = { caller, list, filter, format, locale, nowMs: clock.nowMs(), lists }
      return isReport(subject) ? exportReport(db, subject, request) : exportList(db, sheetOf(subject), request)
    },
  }
}
