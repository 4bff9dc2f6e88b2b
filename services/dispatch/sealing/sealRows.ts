// Seals as they are stored, and which of them a caller reaches: those of vehicles that he sees, of the units of his scope.
import type { Seal } from '../../contracts/api/sealing.ts'
import { Refusal } from '../../contracts/errors.ts'
import type { SealState } from '../../domain/sealing.ts'
import type { Queryable, Row } from '../../platform/db.ts'
import { may, type Who } from '../kernel/caller.ts'
import { type Stepped, takersSql } from '../kernel/procedure.ts'
import { openVehicles } from '../kernel/sight.ts'
import { SEALS } from './table.ts'

/** What the procedure looks at, and what is told. */
export type StoredSeal = Stepped & { state: SealState; vehicleId: number; photos: number; fromMs: number; untilMs: number }
type Loaded = StoredSeal & { told: Omit<Seal, 'mayAct' | 'mayAddPhoto'> }

/** SQL: `$1`–`$2` the scope, `$3` what is cleared. */
export const FROM = `FROM vehicle_seals s JOIN seal_plans p USING (plan_id) JOIN ${openVehicles('$3')} v ON v.vehicle_id = s.vehicle_id
  JOIN organisations u ON u.organisation_id = s.unit_id`
export const REACHED = 'u.lft BETWEEN $1 AND $2'
export const valuesOf = ({ reach }: Who): unknown[] => [reach.lft, reach.rgt, reach.cleared]

const columns = `s.seal_id, s.plan_id, p.name, s.state, s.since, s.from_at, s.until_at, s.vehicle_id, v.plate, v.plate_colour, u.organisation_id, u.name AS unit,
  s.exempt, s.place, s.lon, s.lat, s.key_keeper, s.proof, s.proof_from, s.proof_until, s.proof_far_m, s.proved_at, s.version, ${takersSql(SEALS, 's')} AS takers,
  (SELECT coalesce(json_agg(json_build_object('photoId', h.photo_id, 'by', a.display_name, 'at', h.added_at) ORDER BY h.photo_id), '[]')
    FROM vehicle_seal_photos h JOIN accounts a ON a.account_id = h.added_by WHERE h.seal_id = s.seal_id) AS photos,
  (SELECT coalesce(json_agg(json_build_object('action', t.action, 'state', t.state, 'at', t.at, 'by', t.username, 'reason', t.reason) ORDER BY t.step), '[]')
    FROM vehicle_seal_steps t WHERE t.seal_id = s.seal_id) AS steps,
  (SELECT max(f.finding_id) FROM supervision_findings f WHERE $4::boolean AND f.vehicle_id = s.vehicle_id AND f.code = 'R03' AND f.state <> 'WITHDRAWN'
    AND f.from_at < s.until_at AND coalesce(f.until_at, 'infinity') > s.from_at) AS finding_id`

const iso = (at: unknown): string => new Date(at as string | Date).toISOString()
const isoOrNull = (at: unknown): string | null => (at === null ? null : iso(at))

function sealOf(row: Row): Loaded {
  const photos = row.photos as Seal['photos']
  return {
    id: row.seal_id as number,
    state: row.state as SealState,
    version: row.version as number,
    takers: row.takers as Stepped['takers'],
    times: { sinceMs: (row.since as Date).getTime(), untilMs: (row.until_at as Date).getTime() },
    vehicleId: row.vehicle_id as number,
    photos: photos.length,
    fromMs: (row.from_at as Date).getTime(),
    untilMs: (row.until_at as Date).getTime(),
    told: {
      sealId: row.seal_id as number,
      planId: row.plan_id as number,
      name: row.name as string,
      state: row.state as SealState,
      from: iso(row.from_at),
      until: iso(row.until_at),
      vehicle: { vehicleId: row.vehicle_id as number, plate: row.plate as string, plateColour: row.plate_colour as 'blue' },
      organisation: { organisationId: row.organisation_id as number, name: row.unit as string },
      exempt: row.exempt as Seal['exempt'],
      place: row.place as string | null,
      lon: row.lon as number | null,
      lat: row.lat as number | null,
      keyKeeper: row.key_keeper as string | null,
      photos: photos.map(({ photoId, by, at }) => ({ photoId, by, at: iso(at) })),
      proof:
        row.proof === null
          ? null
          : {
              kind: row.proof as 'stayed',
              from: isoOrNull(row.proof_from),
              until: isoOrNull(row.proof_until),
              farM: row.proof_far_m as number,
              provedAt: iso(row.proved_at),
            },
      findingId: row.finding_id as number | null,
      steps: (row.steps as Seal['steps']).map((step) => ({ ...step, at: iso(step.at) })),
      version: row.version as number,
    },
  }
}

/** `where`: SQL over `s`, `p`, `v` and `u`, whose own placeholders begin at $5. */
export async function loadSeals(db: Queryable, who: Who, where: string, values: readonly unknown[]): Promise<Loaded[]> {
  // Whoever sees findings of the scope at all, and decides them, is led there.
  const seesFindings = may(who.caller, 'finding.decide')
  const { rows } = await db.query(`SELECT ${columns} ${FROM} WHERE ${REACHED} AND $4::boolean IS NOT NULL AND ${where}`, [
    ...valuesOf(who),
    seesFindings,
    ...values,
  ])
  return rows.map(sealOf)
}

/** @throws Refusal NOT_FOUND */
export async function loadSeal(db: Queryable, who: Who, sealId: number, lock = ''): Promise<Loaded> {
  const [found] = await loadSeals(db, who, `s.seal_id = $5 ${lock}`, [sealId])
  if (!found) throw new Refusal('NOT_FOUND')
  return found
}

export const takesPhotos = (state: SealState): boolean => state === 'PLANNED' || state === 'SEALED' || state === 'UNSEAL_ASKED'
