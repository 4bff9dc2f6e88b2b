// Sends one report to one reader one way, with the rights that he has at that moment. What is not sent says why, and stays so; a mail server that is away is asked again. How it ended is
// written together with the end of its work, so that nothing is done twice for it; a mail whose end was not heard is handed over again under the same number.
import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { Refusal } from '../../contracts/errors.ts'
import type { ReportListName } from '../../contracts/exchange.ts'
import { ZONE_OFFSET_MS } from '../../domain/days.ts'
import { filterFor, type RefusedReason, type ReportChannel, type Rhythm, spanOf } from '../../domain/reports.ts'
import { sha256 } from '../../platform/crypto.ts'
import type { Queryable } from '../../platform/db.ts'
import { MailFault } from '../../platform/mail.ts'
import { actAs } from '../kernel/act.ts'
import { announceReport } from '../kernel/announce.ts'
import type { Who } from '../kernel/caller.ts'
import type { JobKind, JobRun } from '../kernel/jobRunner.ts'
import { system } from '../kernel/record.ts'
import { type MadeFile, NotSent, type ReportDeps } from './deps.ts'
import { leaveUrlOf } from './leaving.ts'
import { textOf } from './mailText.ts'
import { subjectOf } from './rows.ts'
import { timedBy } from './timedBy.ts'

/** 2 s, 8 s, 32 s … an hour: for some six hours. */
const ATTEMPTS = 12
/** What mail servers take, with what the encoding adds. */
const MOST_BYTES = 10_000_000

const payload = z.object({ deliveryId: z.int() })
type Payload = z.output<typeof payload>
type Owed = Rhythm & {
  deliveryId: number
  reportId: number
  accountId: number
  channel: ReportChannel
  plannedAt: Date
  name: string
  list: ReportListName
  filter: Record<string, string>
  format: 'xlsx' | 'csv' | 'pdf'
  locale: 'zh-CN' | 'en'
  ended: boolean
  left: boolean
  unitClosed: boolean
  address: string | null
  username: string
}

export const sendReportJob = (deps: ReportDeps): JobKind<Payload> => ({
  payload,
  maxAttempts: ATTEMPTS,
  async run(job) {
    const owed = await load(deps.db, job.payload.deliveryId)
    if (!owed) return
    try {
      await send(deps, owed, job)
    } catch (error) {
      if (error instanceof NotSent) return settle(deps, owed, job, 'refused', error.why, null)
      // What its list says of what is asked, in the words of the page.
      if (error instanceof Refusal)
        return settle(
          deps,
          owed,
          job,
          'refused',
          error.code === 'FORBIDDEN' || error.code === 'PURPOSE_REQUIRED' ? 'rights' : 'asked',
          saidBy(error),
        )
      if (!(error instanceof MailFault)) throw error
      if (error.permanent) return settle(deps, owed, job, 'failed', 'mailRefused', error.message)
      if (job.attempt >= ATTEMPTS) return settle(deps, owed, job, 'failed', 'gaveUp', error.message)
      await deps.db.query('UPDATE report_deliveries SET attempts = $2, tried_at = $3, said = $4 WHERE delivery_id = $1', [
        owed.deliveryId,
        job.attempt,
        new Date(deps.clock.nowMs()),
        error.message,
      ])
      throw new Error('the mail server has not taken a report')
    }
  },
})

/** Undefined where it has ended. A filter names an organisation that is there no more: it is closed, as the report's own may be. */
async function load(db: Queryable, deliveryId: number): Promise<Owed | undefined> {
  const { rows } = await db.query<Owed>(
    `SELECT d.delivery_id AS "deliveryId", d.report_id AS "reportId", d.account_id AS "accountId", d.channel, d.planned_at AS "plannedAt", p.name, p.list, p.filter, p.format,
       p.locale, p.every, p.on_day AS "onDay", p.at_minute AS "atMinute", p.next_at IS NULL AS ended, coalesce(r.left_at IS NOT NULL, true) AS left,
       EXISTS (SELECT FROM organisations o WHERE o.organisation_id IN (p.organisation_id, (p.filter ->> 'organisationId')::int) AND o.closed_at IS NOT NULL) AS "unitClosed",
       m.address, a.username
     FROM report_deliveries d JOIN report_plans p USING (report_id) JOIN accounts a ON a.account_id = d.account_id
       LEFT JOIN report_readers r ON r.report_id = d.report_id AND r.account_id = d.account_id LEFT JOIN mail_addresses m ON m.account_id = d.account_id
     WHERE d.delivery_id = $1 AND d.state = 'owed'`,
    [deliveryId],
  )
  return rows[0]
}

const saidBy = (error: Refusal): string =>
  (error.issues ?? [])
    .map(({ message }) => message)
    .join(' ')
    .slice(0, 300) || error.code

const minuteOf = (atMs: number): string => new Date(atMs + ZONE_OFFSET_MS).toISOString().slice(0, 16).replace('T', ' ')

async function send(deps: ReportDeps, owed: Owed, job: JobRun<Payload>): Promise<void> {
  const { mail, clock } = deps
  const nowMs = clock.nowMs()
  const reader = await deps.findReader(owed.accountId)
  const why: RefusedReason | undefined =
    reader === undefined
      ? 'account'
      : owed.left
        ? 'left'
        : owed.unitClosed
          ? 'unitClosed'
          : owed.channel === 'mail' && !mail
            ? 'noMail'
            : owed.channel === 'mail' && owed.address === null
              ? 'noAddress'
              : undefined
  if (why !== undefined) throw new NotSent(why)
  const watermark = `MW-${randomBytes(6).toString('hex').toUpperCase()}`
  const span = spanOf(owed, owed.plannedAt.getTime())
  const file = await deps.makeFile(reader!, {
    ...{ list: owed.list, format: owed.format, locale: owed.locale, nowMs },
    filter: filterFor(timedBy[owed.list], owed.filter, span),
    mark: `${reader!.caller.displayName} ${minuteOf(nowMs)} ${watermark}`,
  })
  if (file.content.byteLength > MOST_BYTES) throw new NotSent('tooLarge')
  if (owed.channel === 'mail') {
    const leaveUrl = leaveUrlOf(deps, owed.reportId, owed.accountId)
    await mail!.send({
      to: owed.address!,
      subject: `${owed.name} ${span.from === span.until ? span.from : `${span.from} – ${span.until}`}`,
      text: textOf({ ...owed, ...span, rows: file.rows, leaveUrl, site: deps.site, to: reader!.caller.displayName }),
      id: `report-${owed.deliveryId}-${owed.plannedAt.getTime()}`,
      leaveUrl,
      attachment: file,
    })
  }
  await keep(deps, owed, job, reader!, file, watermark)
}

/** That it was sent: its row, its record, the word to whoever reads it in the application, and the end of the work, all together. */
async function keep(deps: ReportDeps, owed: Owed, job: JobRun<Payload>, { caller }: Who, file: MadeFile, watermark: string): Promise<void> {
  const { deliveryId, reportId, channel } = owed
  const hash = sha256(file.content).toString('hex')
  await actAs(deps, system, async (deed) => {
    await deed.client.query(
      `UPDATE report_deliveries SET state = 'sent', why = NULL, said = NULL, attempts = $2, tried_at = $3, done_at = $3, file_name = $4, rows = $5, bytes = $6, sha256 = $7,
         watermark = $8, content = $9 WHERE delivery_id = $1`,
      [
        deliveryId,
        job.attempt,
        new Date(deed.nowMs),
        file.fileName,
        file.rows,
        file.content.byteLength,
        hash,
        watermark,
        channel === 'app' ? file.content : null,
      ],
    )
    if (channel === 'app') await announceReport(deed, deliveryId)
    deed.record('report.send', subjectOf(reportId), {
      detail: {
        deliveryId,
        accountId: caller.accountId,
        channel,
        rows: file.rows,
        bytes: file.content.byteLength,
        sha256: hash,
        watermark,
      },
    })
    await job.end(deed.client)
  })
}

async function settle(
  deps: ReportDeps,
  { deliveryId, reportId, accountId, channel }: Owed,
  job: JobRun<Payload>,
  state: 'refused' | 'failed',
  why: RefusedReason,
  said: string | null,
): Promise<void> {
  await actAs(deps, system, async (deed) => {
    await deed.client.query(
      'UPDATE report_deliveries SET state = $2, why = $3, said = $4, attempts = $5, tried_at = $6, done_at = $6 WHERE delivery_id = $1',
      [deliveryId, state, why, said, job.attempt, new Date(deed.nowMs)],
    )
    deed.record('report.unsent', subjectOf(reportId), { detail: { deliveryId, accountId, channel, why } })
    await job.end(deed.client)
  })
}
