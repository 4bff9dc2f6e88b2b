// The notice on positions (行踪轨迹 is sensitive personal information): versions with a date, and who has read which.
import type { AnswerOf } from '../../contracts/api.ts'
import { refusal } from '../../contracts/refusals.ts'
import type { Queryable, Row } from '../../platform/db.ts'
import { wrote } from '../../platform/wrote.ts'
import { type ActDeps, act } from '../kernel/act.ts'
import { holdsRegion, type Who } from '../kernel/caller.ts'
import type { Call } from '../routes.ts'

type NoticeText = AnswerOf<'publishNotice'>

export async function findNotice(db: Queryable, noticeId: number): Promise<NoticeText | null> {
  const { rows } = await db.query('SELECT * FROM notices WHERE notice_id = $1', [noticeId])
  return rows[0] ? noticeOf(rows[0]) : null
}

export async function listNotices(db: Queryable): Promise<AnswerOf<'listNotices'>> {
  const { rows } = await db.query(
    `SELECT n.*, (SELECT count(*) FROM notice_acknowledgements k WHERE k.notice_id = n.notice_id) AS acknowledged
     FROM notices n ORDER BY n.effective_from DESC, n.notice_id DESC LIMIT 100`,
  )
  return {
    rows: rows.map((row) => ({
      ...noticeOf(row),
      publishedAt: (row.published_at as Date).toISOString(),
      acknowledged: row.acknowledged as number,
    })),
  }
}

/** What this account has been asked to read, newest first. */
export async function listAcknowledged(db: Queryable, accountId: number): Promise<AnswerOf<'getOwnAccount'>['notices']> {
  const { rows } = await db.query(
    'SELECT n.*, k.at FROM notice_acknowledgements k JOIN notices n USING (notice_id) WHERE k.account_id = $1 ORDER BY k.at DESC LIMIT 50',
    [accountId],
  )
  return rows.map((row) => ({ ...noticeOf(row), acknowledgedAt: (row.at as Date).toISOString() }))
}

export async function publishNotice(deps: ActDeps, who: Who, body: Call<'publishNotice'>['body']): Promise<NoticeText> {
  if (!holdsRegion(who.caller)) throw refusal('FORBIDDEN', 'body', 'policy.regionOnly')
  return act(deps, who, async ({ client, caller, nowMs, record }) => {
    const fromMs = body.effectiveFrom ? Date.parse(body.effectiveFrom) : nowMs
    if (fromMs < nowMs) throw refusal('VALIDATION_FAILED', 'body.effectiveFrom', 'time.past')
    const published = await client.query(
      `INSERT INTO notices (effective_from, title_zh, text_zh, title_en, text_en, published_at, published_by)
       VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING *`,
      [new Date(fromMs), body.titleZh, body.textZh, body.titleEn, body.textEn, new Date(nowMs), caller.accountId],
    )
    const notice = noticeOf(wrote(published, 1, 'a notice').rows[0]!)
    record('notice.publish', { type: 'notice', id: notice.noticeId }, { after: notice, reason: body.reason })
    return notice
  })
}

const noticeOf = (row: Row): NoticeText => ({
  noticeId: row.notice_id as number,
  effectiveFrom: (row.effective_from as Date).toISOString(),
  titleZh: row.title_zh as string,
  textZh: row.text_zh as string,
  titleEn: row.title_en as string,
  textEn: row.text_en as string,
})
