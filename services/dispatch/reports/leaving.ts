// Unsubscribing: signed in, or by the link of a mail, which is proved and opens nothing else. The page asks first, because programs that read mails follow links; a mail program's own button
// (RFC 8058) posts at once.
import type { FastifyInstance } from 'fastify'
import { Refusal } from '../../contracts/errors.ts'
import { authenticate, authenticates } from '../../platform/crypto.ts'
import type { Queryable } from '../../platform/db.ts'
import { type Act, actAs } from '../kernel/act.ts'
import type { ReportDeps } from './deps.ts'
import { subjectOf } from './rows.ts'

const textFor = (reportId: number, accountId: number): string => `report:${reportId}:${accountId}`

export function leaveUrlOf({ site, key }: Pick<ReportDeps, 'site' | 'key'>, reportId: number, accountId: number): string | undefined {
  if (site === undefined || key === undefined) return undefined
  return `${site}/unsubscribe/${reportId}-${accountId}-${authenticate(key, textFor(reportId, accountId))}`
}

/** @returns false where he left already, or came back already */
async function setLeft(client: Queryable, reportId: number, accountId: number, leftAt: Date | null): Promise<boolean> {
  const { rowCount } = await client.query(
    'UPDATE report_readers SET left_at = $3 WHERE report_id = $1 AND account_id = $2 AND (left_at IS NULL) <> ($3::timestamptz IS NULL)',
    [reportId, accountId, leftAt],
  )
  return rowCount === 1
}

/** @throws Refusal NOT_FOUND for a report that does not go to him */
export async function leaveReport(act: Act, reportId: number, on: boolean): Promise<void> {
  const { client, caller, nowMs } = act
  const { rowCount } = await client.query('SELECT FROM report_readers WHERE report_id = $1 AND account_id = $2 FOR UPDATE', [
    reportId,
    caller.accountId,
  ])
  if (rowCount === 0) throw new Refusal('NOT_FOUND')
  if (await setLeft(client, reportId, caller.accountId, on ? null : new Date(nowMs)))
    act.record('report.leave', subjectOf(reportId), { before: { subscribed: !on }, after: { subscribed: on } })
}

export function registerLeaving(app: FastifyInstance, deps: ReportDeps): void {
  const quiet = { logLevel: 'silent', schema: { hide: true } } as const
  const read = (token: string): { reportId: number; accountId: number } | undefined => {
    const found = /^([1-9]\d{0,8})-([1-9]\d{0,8})-([\w-]{22})$/.exec(token)
    if (!found || !deps.key) return undefined
    const [reportId, accountId] = [Number(found[1]), Number(found[2])]
    return authenticates(deps.key, textFor(reportId, accountId), found[3]!) ? { reportId, accountId } : undefined
  }
  app.addContentTypeParser('application/x-www-form-urlencoded', { bodyLimit: 1_000 }, (_request, body, done) => {
    body.resume()
    done(null, {})
  })
  app.get<{ Params: { token: string } }>('/unsubscribe/:token', quiet, async (request, reply) => {
    const found = read(request.params.token)
    void reply.header('cache-control', 'no-store').type('text/html; charset=utf-8')
    if (!found) {
      void reply.code(404)
      return pageOf('链接无效', 'This link is not valid', '')
    }
    return pageOf('退订定期报告', 'Unsubscribe from a report', '<form method="post"><button>退订 · Unsubscribe</button></form>')
  })
  app.post<{ Params: { token: string } }>('/unsubscribe/:token', quiet, async (request, reply) => {
    const found = read(request.params.token)
    void reply.header('cache-control', 'no-store').type('text/html; charset=utf-8')
    if (!found) {
      void reply.code(404)
      return pageOf('链接无效', 'This link is not valid', '')
    }
    const { reportId, accountId } = found
    const { rows } = await deps.db.query<{ username: string }>('SELECT username FROM accounts WHERE account_id = $1', [accountId])
    if (rows[0])
      await actAs(deps, { accountId, username: rows[0].username, role: null }, async (deed) => {
        if (await setLeft(deed.client, reportId, accountId, new Date(deed.nowMs)))
          deed.record('report.leave', subjectOf(reportId), {
            before: { subscribed: true },
            after: { subscribed: false },
            detail: { through: 'mail' },
          })
      })
    return pageOf('已退订，不再发送', 'You are unsubscribed', '')
  })
}

const pageOf = (title: string, english: string, content: string): string => `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { margin: 0 auto; max-width: 40rem; padding: 1.5rem 1rem }
h1 { font-size: 1.3rem }
small { font-weight: 400; opacity: .75 }
button { font: inherit; padding: .6rem 1.2rem }
</style>
</head>
<body>
<h1>${title} <small lang="en">${english}</small></h1>
${content}
</body>
</html>
`
