// The endpoints of import and export. An import is checked and applied by the same steps: read, plan, digest; what is applied is what
// was shown, or nothing.
import { createHash } from 'node:crypto'
import { Refusal } from '../../contracts/errors.ts'
import { type ExportSubject, type Import, type ReportSubject, reportSubjects } from '../../contracts/exchange.ts'
import { changedMeanwhile, refusal } from '../../contracts/refusals.ts'
import { dayAt } from '../../domain/days.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db.ts'
import { actorOf, type Sight, type Who } from '../kernel/caller.ts'
import { recordAudit } from '../kernel/record.ts'
import type { Handlers } from '../routes.ts'
import { annotate } from './annotate.ts'
import { applyPlan } from './apply.ts'
import { exportBulk } from './bulk.ts'
import { findingsOf, unreadableFindings } from './check/findings.ts'
import { foreignOf, foreignToldOf, MOST_FOREIGN, withoutTooMany } from './check/foreign.ts'
import { digestOf, planImport } from './check/plan.ts'
import { exportList, exportReport } from './export.ts'
import { beginImport, claimImport, endCheck, getFile, getImport, listImports, markApplied, releaseImport, type Upload } from './imports.ts'
import type { SeenLists } from './list.ts'
import { readFile } from './read/readFile.ts'
import type { LedgerRules, Sheet } from './sheet.ts'
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
  'getImportTemplate' | 'checkImport' | 'listImports' | 'getImport' | 'getAnnotatedImport' | 'applyImport' | 'exportList' | 'exportBulk'
>

const isReport = (subject: ExportSubject): subject is ReportSubject => (reportSubjects as readonly string[]).includes(subject)
const movedOn = () => changedMeanwhile('body.token', 'import.changed')

export function createExchangeHandlers({ db, clock, rules, lists }: ExchangeDeps): ExchangeHandlers {
  const contextOf = (scope: Sight) => {
    const nowMs = clock.nowMs()
    return { db, scope, nowMs, today: dayAt(nowMs), rules }
  }

  async function check(who: Who, importId: number, { subject, fileName, file, sha256 }: Upload): Promise<Import> {
    const sheet = sheetOf(subject)
    const read = await readFile(file, subject)
    if (!read.readable) await endCheck(db, importId, unreadableFindings(read.words))
    else {
      const context = contextOf(who.reach)
      const judged = await planImport(context, sheet, read)
      const foreign = foreignOf(judged)
      if (sheet.taken) await recordAsking(who, importId, sheet, context.nowMs, { fileName, rows: judged.rows, foreign })
      const plan = withoutTooMany(judged, await foreignToldOf(db, sheet, who.caller.accountId, context.nowMs, importId))
      const token = plan.complaints.length === 0 ? await digestOf(plan, sha256) : null
      await endCheck(db, importId, findingsOf(sheet, plan, token), foreign)
    }
    return getImport(db, who, importId)
  }

  /** Before anything is answered: whoever tries numbers is named. */
  async function recordAsking({ caller }: Who, importId: number, { subject }: Sheet, atMs: number, counts: object): Promise<void> {
    const about = { type: 'import', id: importId }
    await recordAudit(db, { atMs, actor: actorOf(caller), action: 'import.check', subject: about, detail: { subject, ...counts } })
  }

  /** @throws Refusal RATE_LIMITED once an account was told of too many numbers of others today */
  async function requireLeft({ caller }: Who, sheet: Sheet): Promise<void> {
    if (!sheet.taken) return
    const told = await foreignToldOf(db, sheet, caller.accountId, clock.nowMs(), 2 ** 31 - 1)
    if (told >= MOST_FOREIGN) throw refusal('RATE_LIMITED', 'query.subject', 'terminal.askedTooOften', { most: MOST_FOREIGN })
  }

  async function apply({ caller, reach }: Who, { importId, subject, fileName }: Import, token: string, reason: string): Promise<void> {
    const { file, sha256 } = await getFile(db, importId)
    if (!file) throw refusal('CONFLICT', 'params.importId', 'import.notChecked')
    const sheet = sheetOf(subject)
    const read = await readFile(file, subject)
    if (!read.readable) throw movedOn()
    const context = contextOf(reach)
    const plan = await planImport(context, sheet, read)
    if (plan.complaints.length > 0 || (await digestOf(plan, sha256)) !== token) throw movedOn()
    const { created, changed, unchanged, rows } = plan
    const ofImport = { db, clock, onDone: rules.onChanged }
    await applyPlan(
      ofImport,
      { caller, reach },
      {
        sheet,
        plan,
        importId,
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
      },
    )
  }

  return {
    getImportTemplate: ({ params, query }) => makeTemplate(sheetOf(params.subject), query.format, query.locale),
    async checkImport(call) {
      const { subject, fileName } = call.query
      const file = call.body
      const sha256 = createHash('sha256').update(file).digest()
      await requireLeft(call, sheetOf(subject))
      const upload = { subject, fileName, file, sha256 }
      const importId = await beginImport(db, call, upload, clock.nowMs())
      try {
        return await check(call, importId, upload)
      } catch (error) {
        await releaseImport(db, importId)
        throw error
      }
    },
    listImports: (call) => listImports(db, call, call.query),
    getImport: (call) => getImport(db, call, call.params.importId),
    async getAnnotatedImport({ caller, reach, params, query }) {
      const { subject, fileName, importId, createdAt } = await getImport(db, { caller, reach }, params.importId)
      const { file, accountId } = await getFile(db, importId)
      if (!file || accountId !== caller.accountId) throw new Refusal('NOT_FOUND')
      await recordAudit(db, {
        atMs: clock.nowMs(),
        actor: actorOf(caller),
        action: 'import.file-read',
        subject: { type: 'import', id: importId },
        detail: { subject, fileName },
      })
      const sheet = sheetOf(subject)
      const read = await readFile(file, subject, { keepTexts: true })
      if (!read.readable) throw new Refusal('NOT_FOUND')
      const told = await foreignToldOf(db, sheet, accountId, Date.parse(createdAt), importId)
      const { complaints } = withoutTooMany(await planImport(contextOf(reach), sheet, read), told)
      return annotate(sheet, read.texts, complaints, { ...query, fileName })
    },
    async applyImport(call) {
      const { importId } = call.params
      const { token, reason } = call.body
      const known = await getImport(db, call, importId)
      // Pressed twice, or the answer was lost on the way: it has been done, and is not done again.
      if (known.state === 'applied' && known.token === token) return known
      if (known.state !== 'checked') throw refusal('CONFLICT', 'params.importId', 'import.notChecked')
      await claimImport(db, call.reach, importId, clock.nowMs())
      try {
        await apply(call, known, token, reason)
      } finally {
        await releaseImport(db, importId)
      }
      return getImport(db, call, importId)
    },
    exportBulk: (call) => exportBulk(db, call, call.params.subject, call.query, clock.nowMs()),
    exportList({ caller, reach, params: { subject }, query: { format, locale, list, ...filter } }) {
      const request = { caller, reach, list, filter, format, locale, nowMs: clock.nowMs(), lists }
      return isReport(subject) ? exportReport(db, subject, request) : exportList(db, sheetOf(subject), request)
    },
  }
}
