// How unusual a finding is among its like: of so many days of vehicles of its class in the reader's reach, on how many the same rule found as much or more. Ranked by that,
// and not by how many there are: what is found of every third vehicle is the rule's matter, and not that vehicle's.
import { DAY_MS, dayAt } from '../../domain/days.ts'
import { ruleList } from '../../domain/supervision/rules.ts'
import { supervisionWords } from '../../domain/supervision/ruleWords.ts'
import type { Reachable, Who } from '../kernel/caller.ts'
import { openVehicles } from '../kernel/sight.ts'
import { FROM, isReached } from './findingRows.ts'

/** What is likened: findings that began on these last days. */
const DAYS = 30
const states = ruleList.filter(({ kind }) => kind === 'state').map(({ code }) => `'${code}'`)
/** Notes that say which of several ways of a rule it was; others are names of places. */
const ways = Object.keys(supervisionWords.note).map((way) => `'${way}'`)

export const rareSince = (nowMs: number): string => dayAt(nowMs - DAYS * DAY_MS)

/**
 * SQL: of each finding that is likened `finding_id`, `beyond` (itself included) and `of`, in vehicle days; of what is judged as a state, in vehicles.
 * @param since the placeholder of `rareSince`; `$1`–`$4` as in findingRows.ts
 */
export const rarities = (who: Who<Reachable>, since: string): string => `
  (WITH fleet AS (SELECT v.class, count(*)::int AS n FROM ${openVehicles('$3')} v JOIN organisations u ON u.organisation_id = v.user_unit_id
     WHERE u.lft BETWEEN $1 AND $2 AND v.state <> 'DISPOSED' GROUP BY v.class)
   SELECT f.finding_id, f.code, count(*) OVER like_it AS beyond,
     greatest(count(*) OVER like_it, coalesce(n.n, 1) * CASE WHEN f.code IN (${states.join(', ')}) THEN 1 ELSE ${DAYS} END) AS "of"
   ${FROM} LEFT JOIN fleet n ON n.class = v.class
   WHERE ${isReached(who)} AND f.day >= ${since}::date AND f.state <> 'WITHDRAWN'
   WINDOW like_it AS (PARTITION BY f.code, v.class, CASE WHEN f.suspicion->>'note' IN (${ways.join(', ')}) THEN f.suspicion->>'note' END
     ORDER BY (f.suspicion->>'figure')::float8 DESC RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW))`
