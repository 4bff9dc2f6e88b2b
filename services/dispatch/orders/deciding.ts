// Whose turn it is to decide a request, as SQL over the rows `r` (the request) and `u` (its unit): the levels of domain/approvals.ts, and who
// stands in for whom today. The right is read where it is used: whoever was given or lost a role, a unit or a deputy is judged by that at once.
import { approvalLevels, deciders } from '../../domain/approvals.ts'
import { covers } from '../kernel/dated.ts'
import { areTwoPeople } from '../kernel/persons.ts'

/** Some step waits: of the chain, or, of an emergency, the approval afterwards. */
export const waitsForDecision = `(r.state = 'SUBMITTED' OR (r.ratify_by IS NOT NULL AND r.ratified_at IS NULL AND r.state NOT IN ('DRAFT', 'CANCELLED', 'DECLINED', 'EXPIRED')))`

/** SQL: is the account `a` at work, with the role that it has? */
const works = (a: string, now: string): string =>
  `${a}.status = 'active' AND (${a}.role_expires_at IS NULL OR ${a}.role_expires_at > ${now}::timestamptz)`

/** SQL: the level at which the account `p`, whose organisation is `h`, decides; NULL at none. */
const levelOf = `CASE ${approvalLevels
  .map((level) => {
    const { role, kind } = deciders[level]
    return `WHEN p.role = '${role}'${kind ? ` AND h.kind = '${kind}'` : ''} THEN '${level}'`
  })
  .join(' ')} END`

/** SQL: the accounts in whose names `account` may act at this instant: his own, and those of whom he is deputy, for which only whoever has the same role is fit. */
const actsFor = (account: string, now: string): string =>
  `ARRAY(SELECT ${account}::int UNION ALL SELECT s.account_id FROM approval_deputies s JOIN accounts me ON me.account_id = s.deputy_id
     JOIN accounts q ON q.account_id = s.account_id AND q.role = me.role
     WHERE s.deputy_id = ${account} AND s.ended_at IS NULL AND ${covers(`(${now}::timestamptz AT TIME ZONE 'Asia/Shanghai')`, 's.from_day', 's.until_day')})`

/** SQL: who is to be told that a decision waits: of those who decide at its level the nearest to the unit, and whoever stands in for them today. */
export const nearestDeciders = (now: string): string => decidersNear('r.level', now)
/** The same of a level that is not the request's own. */
export const decidersNear = (level: string, now: string): string =>
  `SELECT x.account_id FROM (
     SELECT p.account_id, rank() OVER (ORDER BY h.lft DESC) AS nearness FROM ${accounts}
     WHERE u.lft BETWEEN h.lft AND h.rgt AND ${works('p', now)} AND ${level} = ${levelOf}) n
   CROSS JOIN LATERAL (SELECT n.account_id UNION ALL SELECT s.deputy_id FROM approval_deputies s
     WHERE s.account_id = n.account_id AND s.ended_at IS NULL AND ${covers(`(${now}::timestamptz AT TIME ZONE 'Asia/Shanghai')`, 's.from_day', 's.until_day')}) x (account_id)
   WHERE n.nearness = 1 AND x.account_id <> r.applicant_id`

const accounts = 'accounts p JOIN organisations h ON h.organisation_id = p.organisation_id'

/** SQL: is `p` another person than who asked? In the name of whoever asked nobody decides, whom he named. */
const isAnothers = `EXISTS (SELECT FROM accounts asked WHERE asked.account_id = r.applicant_id AND ${areTwoPeople('p', 'asked')})`

/** SQL: at which level `account` decides the request at this instant and in whose name, his own first: a JSON object; NULL when it is not his turn. */
export const turnOf = (account: string, now: string): string =>
  `(SELECT json_build_object('accountId', p.account_id, 'level', ${levelOf}) FROM ${accounts}
     WHERE ${waitsForDecision} AND p.account_id = ANY(${actsFor(account, now)}) AND ${works('p', now)} AND u.lft BETWEEN h.lft AND h.rgt
       AND (p.account_id = ${account} OR ${isAnothers})
       AND (r.level = ${levelOf} OR (r.lower_level = ${levelOf} AND r.lower_until > ${now}::timestamptz))
     ORDER BY (p.account_id = ${account}) DESC, p.account_id LIMIT 1)`

/** SQL: is the unit one of somebody in whose name `account` may act at this instant? He sees what he is to decide. */
export const actsOver = (account: string, now: string): string =>
  `EXISTS (SELECT FROM ${accounts} WHERE p.account_id = ANY(${actsFor(account, now)}) AND p.account_id <> ${account} AND ${works('p', now)} AND u.lft BETWEEN h.lft AND h.rgt)`

/** SQL: `most` of those who decide the request `r` of the unit `u` at its level and are another person than who asked, the nearest to it first: a JSON array. */
export const decidersOf = (now: string, most: number): string =>
  `(SELECT coalesce(json_agg(json_build_object('accountId', id, 'name', name)), '[]') FROM (SELECT p.account_id AS id, p.display_name AS name FROM ${accounts}
     WHERE u.lft BETWEEN h.lft AND h.rgt AND ${works('p', now)} AND r.level = ${levelOf} AND ${isAnothers} ORDER BY h.lft DESC, p.account_id LIMIT ${most}) named)`

/** SQL: the names of `most` of those who decide at a level for the organisation with this lft, the nearest to it first: a JSON array. */
export const namesOfDeciders = (level: string, lft: string, now: string, most: number): string =>
  `(SELECT coalesce(json_agg(name), '[]') FROM (SELECT p.display_name AS name FROM ${accounts}
     WHERE ${lft} BETWEEN h.lft AND h.rgt AND ${works('p', now)} AND ${level} = ${levelOf} ORDER BY h.lft DESC, p.account_id LIMIT ${most}) named)`
