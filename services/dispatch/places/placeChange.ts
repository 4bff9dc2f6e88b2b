// Entering and changing places. A shape is judged, rounded to a tenth of a metre and stored with its box and a point inside.
import { Refusal } from '../../contracts/errors.ts'
import { refusal } from '../../contracts/refusals.ts'
import { boxOf, pointInside, ringAreaM2, type Shape, withoutDoubledCorners } from '../../domain/geofence.ts'
import { findShapeProblem, flatRing, type PlaceKind, type SensitiveKind } from '../../domain/places.ts'
import { pinyinOf } from '../../platform/pinyin.ts'
import { type Act, difference, requireVersion } from '../kernel/act.ts'
import { requireOrganisation } from '../kernel/within.ts'
import { shapeOf } from './placeRow.ts'

export type PlaceFields = {
  kind: PlaceKind
  sensitiveKind: SensitiveKind | null
  name: string
  shape: Shape
  validFrom: string
  validUntil: string | null
  note: string | null
}

const round = (degrees: number) => Math.round(degrees * 1e6) / 1e6

/** As it is stored: rounded, and a ring without doubled corners and counter-clockwise (RFC 7946). */
function tidy(shape: Shape): Shape {
  if (shape.type === 'circle')
    return { ...shape, centre: [round(shape.centre[0]), round(shape.centre[1])], radiusM: Math.round(shape.radiusM * 10) / 10 }
  const ring = withoutDoubledCorners(shape.ring.map(([lon, lat]) => [round(lon), round(lat)] as const))
  return { type: 'polygon', ring: ring.length > 3 && ringAreaM2(ring) < 0 ? ring.toReversed() : ring }
}

function judge(fields: PlaceFields): PlaceFields {
  if (fields.validUntil !== null && fields.validUntil < fields.validFrom)
    throw refusal('VALIDATION_FAILED', 'body.validUntil', 'dates.until')
  if ((fields.kind === 'sensitive') !== (fields.sensitiveKind !== null))
    throw refusal('VALIDATION_FAILED', 'body.sensitiveKind', 'place.sensitive')
  const shape = tidy(fields.shape)
  const problem = findShapeProblem(shape, fields.kind)
  if (problem) throw refusal('VALIDATION_FAILED', 'body.shape', `place.shape.${problem}`)
  return { ...fields, shape }
}

const columns = 'kind, sensitive_kind, name, name_pinyin, lon, lat, radius_m, ring, west, south, east, north, valid_from, valid_until, note'
const valuesOf = ({ kind, sensitiveKind, name, shape, validFrom, validUntil, note }: PlaceFields): unknown[] => {
  const [lon, lat] = pointInside(shape)
  const radius = shape.type === 'circle' ? shape.radiusM : null
  const ring = shape.type === 'polygon' ? flatRing(shape.ring) : null
  return [kind, sensitiveKind, name, pinyinOf(name), lon, lat, radius, ring, ...boxOf(shape), validFrom, validUntil, note]
}
const placeholders = Array.from({ length: 15 }, (_, i) => `$${i + 2}`).join(', ')

const ofPlace = (placeId: number) => ({ type: 'place', id: placeId })

export async function createPlace(
  { client, scope, record }: Act,
  { organisationId, ...given }: PlaceFields & { organisationId: number },
): Promise<{ placeId: number; version: number }> {
  const fields = judge(given)
  await requireOrganisation(client, scope, organisationId, 'body.organisationId')
  const { rows } = await client.query<{ place_id: number }>(
    `INSERT INTO places (organisation_id, ${columns}) VALUES ($1, ${placeholders}) RETURNING place_id`,
    [organisationId, ...valuesOf(fields)],
  )
  const placeId = rows[0]!.place_id
  record('place.create', ofPlace(placeId), { after: { organisationId, ...fields } })
  return { placeId, version: 1 }
}

/** @throws Refusal NOT_FOUND outside the caller’s scope; CHANGED_MEANWHILE when the place was changed since `version` */
export async function editPlace(
  { client, scope, record }: Act,
  placeId: number,
  { version, ...given }: PlaceFields & { version: number },
): Promise<{ version: number }> {
  const next = judge(given)
  const { rows } = await client.query(
    `SELECT p.*, p.valid_from::text AS "from", p.valid_until::text AS until FROM places p JOIN organisations o USING (organisation_id)
     WHERE p.place_id = $1 AND o.lft BETWEEN $2 AND $3 FOR UPDATE OF p`,
    [placeId, scope.lft, scope.rgt],
  )
  const row = rows[0]
  if (!row) throw new Refusal('NOT_FOUND')
  requireVersion({ version: row.version as number }, version)
  const now = {
    kind: row.kind,
    sensitiveKind: row.sensitive_kind,
    name: row.name,
    shape: shapeOf(row),
    validFrom: row.from,
    validUntil: row.until,
    note: row.note,
  } as PlaceFields
  await client.query(`UPDATE places SET (${columns}, version) = (${placeholders}, version + 1) WHERE place_id = $1`, [
    placeId,
    ...valuesOf(next),
  ])
  record('place.edit', ofPlace(placeId), difference(now, next))
  return { version: version + 1 }
}
