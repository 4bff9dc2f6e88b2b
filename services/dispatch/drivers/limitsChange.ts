// Driving-hour limits as dated configuration: a row a unit and day, which holds for the unit and everything below it.
import { refusal } from '../../contracts/refusals.ts'
import { actorOf, type Caller } from '../audit/caller.ts'
import { recordAudit } from '../audit/record.ts'
import { requireOrganisation } from '../audit/within.ts'
import type { Deps } from './driverChange.ts'

type Body = {
  organisationId: number
  effectiveFrom: string
  dayMin: number
  continuousMin: number
  restMin: number
  version: number | null
}

export const setDrivingLimits = ({ db, clock }: Deps, caller: Caller, body: Body): Promise<{ version: number }> =>
  db.transaction(async (client) => {
    const { organisationId, effectiveFrom, dayMin, continuousMin, restMin } = body
    await requireOrganisation(client, caller.scope, organisationId, 'body.organisationId')
    const values = [organisationId, effectiveFrom, dayMin, continuousMin, restMin]
    const { rows: before } = await client.query<{ dayMin: number; continuousMin: number; restMin: number; version: number }>(
      `SELECT day_min AS "dayMin", continuous_min AS "continuousMin", rest_min AS "restMin", version
       FROM driving_limits WHERE organisation_id = $1 AND effective_from = $2 FOR UPDATE`,
      [organisationId, effectiveFrom],
    )
    if ((before[0]?.version ?? null) !== body.version) throw refusal('CONFLICT', 'body.version', 'version.changed')
    const { rows } = await client.query<{ version: number }>(
      `INSERT INTO driving_limits (organisation_id, effective_from, day_min, continuous_min, rest_min) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (organisation_id, effective_from) DO UPDATE
         SET day_min = $3, continuous_min = $4, rest_min = $5, version = driving_limits.version + 1
       RETURNING version`,
      values,
    )
    const version = rows[0]!.version
    // Two that both saw no row: the second met the first one's.
    if (version !== (body.version ?? 0) + 1) throw refusal('CONFLICT', 'body.version', 'version.changed')
    await recordAudit(client, {
      atMs: clock.nowMs(),
      actor: actorOf(caller),
      action: 'driving-limits.set',
      subject: { type: 'organisation', id: organisationId },
      before: before[0] ?? null,
      after: { effectiveFrom, dayMin, continuousMin, restMin },
    })
    return { version }
  })
