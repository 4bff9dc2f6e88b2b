// Filings begin, and go from step to step.
import type { z } from 'zod'
import type { Filing } from '../../../contracts/api/filing.ts'
import type { AnswerOf, Api } from '../../../contracts/api.ts'
import { refusal } from '../../../contracts/refusals.ts'
import { dayAt } from '../../../domain/days.ts'
import { dueOn, filingLifecycle, readFilingPeriod } from '../../../domain/filing/filings.ts'
import { organisationKinds } from '../../../domain/vehicle.ts'
import { type Act, type ActDeps, act } from '../../kernel/act.ts'
import type { Who } from '../../kernel/caller.ts'
import { requireRight, takeStep } from '../../kernel/takeStep.ts'
import { requireOrganisation } from '../../kernel/within.ts'
import { filingProcedure } from './procedure.ts'
import { loadFiling } from './rows.ts'
import { daysToFile, takeSnapshot } from './take.ts'
import { tellFiling, toldOf } from './tell.ts'

type Begun = z.output<Api['beginFilings']['body']>

/** @throws Refusal VALIDATION_FAILED for an organisation out of the scope, for a period that is no year or month, and for one that has not begun */
export async function beginFilings(step: Act, { organisationId, period, below }: Begun): Promise<AnswerOf<'beginFilings'>> {
  const { client, scope, today, nowMs, actor, actorName } = step
  const days = readFilingPeriod(period)
  if (!days) throw refusal('VALIDATION_FAILED', 'body.period', 'filing.period')
  if (days.from > today) throw refusal('VALIDATION_FAILED', 'body.period', 'statistics.future', { today })
  const { lft, rgt } = await requireOrganisation(client, scope, organisationId, 'body.organisationId')
  const { rows } = await client.query<{ id: number }>(
    `INSERT INTO filings (organisation_id, period, state, since, due_on)
     SELECT o.organisation_id, $1, 'OPEN', $2, d.due FROM organisations o JOIN unnest($3::text[], $4::date[]) AS d (kind, due) ON d.kind = o.kind
     WHERE o.lft BETWEEN $5 AND $6 AND o.closed_at IS NULL ORDER BY o.lft ON CONFLICT (organisation_id, period) DO NOTHING RETURNING filing_id AS id`,
    [period, new Date(nowMs), organisationKinds, organisationKinds.map((kind) => dueOn(period, kind)), lft, below ? rgt : lft],
  )
  if (rows.length > 0) {
    await client.query(
      `INSERT INTO filing_steps (filing_id, step, action, state, at, account_id, username, reason)
       SELECT f.id, 1, 'begin', 'OPEN', $2, $3, $4, '' FROM unnest($1::int[]) AS f (id)`,
      [rows.map(({ id }) => id), new Date(nowMs), actor.accountId, actorName],
    )
    step.record('filing.begin', { type: 'organisation', id: organisationId }, { after: { period, filings: rows.length } })
  }
  const { rows: found } = await client.query<{ id: number }>(
    'SELECT f.filing_id AS id FROM filings f WHERE f.organisation_id = $1 AND f.period = $2',
    [organisationId, period],
  )
  return { filingId: found[0]!.id, begun: rows.length }
}

type Asked = z.output<Api['actOnFiling']['body']>

/**
 * The snapshot is taken before the act, which only keeps it: it reads for seconds what nobody should wait for.
 * @throws Refusal as `takeStep`; CONFLICT for a period that is not over, for what the checks find, and for what wants a word
 */
export async function actOnFiling(deps: ActDeps, who: Who, id: number, { action, version, reason, data }: Asked): Promise<Filing> {
  const { db, clock } = deps
  requireRight(filingLifecycle, action, who.caller)
  const filing = await loadFiling(db, who.reach, id)
  const taken = action === 'fill' && filingLifecycle.fill.from.some((state) => state === filing.state) ? await take() : undefined
  await act(deps, who, (step) =>
    takeStep(step, filingProcedure, id, { action, version, reason, data: { taken, explanations: data.explanations } }),
  )
  const nowMs = clock.nowMs()
  const now = await loadFiling(db, who.reach, id)
  return tellFiling(db, who, now, await toldOf(db, now, now.round === 0 ? undefined : now.round, nowMs), nowMs)

  function take() {
    const nowMs = clock.nowMs()
    const days = daysToFile(filing.period, dayAt(nowMs), data.preliminary ?? false)
    return takeSnapshot(db, { organisationId: filing.organisation.organisationId, period: filing.period }, days, nowMs)
  }
}
