// Reports that are sent to oneself: the list, the file, and where one is reached by mail.
import type { z } from 'zod'
import type { AnswerOf, Api } from '../../contracts/api.ts'
import { Refusal } from '../../contracts/errors.ts'
import type { ReportListName } from '../../contracts/exchange.ts'
import { refusal } from '../../contracts/refusals.ts'
import type { Download } from '../../platform/download.ts'
import type { Act } from '../kernel/act.ts'
import { actorOf, type Caller } from '../kernel/caller.ts'
import { ofAccount } from '../kernel/persons.ts'
import { recordAudit } from '../kernel/record.ts'
import type { ReportDeps } from './deps.ts'
import { listDeliveries, subjectOf } from './rows.ts'

const mediaTypes: Record<string, string> = {
  csv: 'text/csv; charset=utf-8',
  pdf: 'application/pdf',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
}

export async function listOwnReports(
  { db, mail }: ReportDeps,
  { accountId }: Caller,
  query: z.output<Api['listOwnReports']['query']>,
): Promise<AnswerOf<'listOwnReports'>> {
  const { rows: reports } = await db.query<AnswerOf<'listOwnReports'>['reports'][number]>(
    `SELECT p.report_id AS "reportId", p.name, p.every, p.on_day AS "onDay", p.at_minute AS "atMinute", r.by_app AS "byApp", r.by_mail AS "byMail", r.left_at IS NOT NULL AS left
     FROM report_readers r JOIN report_plans p USING (report_id) WHERE r.account_id = $1 AND p.next_at IS NOT NULL ORDER BY p.report_id`,
    [accountId],
  )
  const { rows } = await db.query<{ address: string }>('SELECT address FROM mail_addresses WHERE account_id = $1', [accountId])
  return {
    ...(await listDeliveries(db, { accountId }, query)),
    reports,
    mail: { set: mail !== undefined, address: rows[0]?.address ?? null },
  }
}

/** @throws Refusal NOT_FOUND for what came to another, or not in the application; FORBIDDEN to whoever may see the list no more */
export async function readOwnReport(deps: ReportDeps, caller: Caller, deliveryId: number): Promise<Download> {
  const { rows } = await deps.db.query<{ reportId: number; fileName: string; content: Buffer; list: ReportListName; sha256: string }>(
    `SELECT d.report_id AS "reportId", d.file_name AS "fileName", d.content, p.list, d.sha256 FROM report_deliveries d JOIN report_plans p USING (report_id)
     WHERE d.delivery_id = $1 AND d.account_id = $2 AND d.content IS NOT NULL`,
    [deliveryId, caller.accountId],
  )
  const found = rows[0]
  if (!found) throw new Refusal('NOT_FOUND')
  if (!deps.mayRead(caller, found.list)) throw refusal('FORBIDDEN', 'params.deliveryId', 'report.rights')
  await recordAudit(deps.db, {
    atMs: deps.clock.nowMs(),
    actor: actorOf(caller),
    action: 'report.read',
    subject: subjectOf(found.reportId),
    detail: { deliveryId, sha256: found.sha256 },
  })
  const { fileName, content } = found
  return {
    fileName,
    mediaType: mediaTypes[fileName.slice(fileName.lastIndexOf('.') + 1)] ?? 'application/octet-stream',
    content,
    bytes: content.byteLength,
  }
}

export async function setMailAddress(act: Act, address: string | null): Promise<{ address: string | null }> {
  const { client, caller, nowMs } = act
  const { accountId } = caller
  const { rows } = await client.query<{ address: string }>('SELECT address FROM mail_addresses WHERE account_id = $1 FOR UPDATE', [
    accountId,
  ])
  const before = rows[0]?.address ?? null
  if (before === address) return { address }
  if (address === null) await client.query('DELETE FROM mail_addresses WHERE account_id = $1', [accountId])
  else
    await client.query(
      `INSERT INTO mail_addresses (account_id, address, set_at) VALUES ($1, $2, $3)
       ON CONFLICT (account_id) DO UPDATE SET address = excluded.address, set_at = excluded.set_at`,
      [accountId, address, new Date(nowMs)],
    )
  act.record('mail.address', ofAccount(accountId), { before: { mailAddress: before }, after: { mailAddress: address } })
  return { address }
}
