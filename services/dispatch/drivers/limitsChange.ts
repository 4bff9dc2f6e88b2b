// Driving-hour limits as dated configuration: a row a unit and day, which holds for the unit and everything below it.
import { type Act, requireSeen, requireVersion } from '../kernel/act.ts'
import { requireOrganisation } from '../kernel/within.ts'

type Body = {
  organisationId: number
  effectiveFrom: string
  dayMin: number
  continuousMin: number
  restMin: number
  weekMin: number | null
  version: number | null
}

export async function setDrivingLimits({ client, scope, record }: Act, body: Body): Promise<{ version: number }> {
  const { organisationId, effectiveFrom, dayMin, continuousMin, restMin, weekMin } = body
  await requireOrganisation(client, scope, organisationId, 'body.organisationId')
  const values = [organisationId, effectiveFrom, dayMin, continuousMin, restMin, weekMin]
  const { rows: before } = await client.query<{
    dayMin: number
    continuousMin: number
    restMin: number
    weekMin: number | null
    version: number
  }>(
    `SELECT day_min AS "dayMin", continuous_min AS "continuousMin", rest_min AS "restMin", week_min AS "weekMin", version
     FROM driving_limits WHERE organisation_id = $1 AND effective_from = $2 FOR UPDATE`,
    [organisationId, effectiveFrom],
  )
  requireSeen(before[0], body.version)
  const { rows } = await client.query<{ version: number }>(
    `INSERT INTO driving_limits (organisation_id, effective_from, day_min, continuous_min, rest_min, week_min) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (organisation_id, effective_from) DO UPDATE
       SET day_min = $3, continuous_min = $4, rest_min = $5, week_min = $6, version = driving_limits.version + 1
     RETURNING version`,
    values,
  )
  const { version } = rows[0]!
  // Two that both saw no row: the second met the first one's.
  requireVersion({ version }, (body.version ?? 0) + 1)
  record(
    'driving-limits.set',
    { type: 'organisation', id: organisationId },
    {
      before: before[0],
      after: { effectiveFrom, dayMin, continuousMin, restMin, weekMin },
    },
  )
  return { version }
}
