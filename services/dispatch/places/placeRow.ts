// One place as it is stored and as it is answered.
import type { Place, PlaceRow } from '../../contracts/api/places.ts'
import type { Shape } from '../../domain/geofence.ts'
import { isWithin } from '../../domain/organisations.ts'
import { ringOf } from '../../domain/places.ts'
import type { Row } from '../../platform/db.ts'
import type { Scope } from '../kernel/caller.ts'

/** Columns of p (places) and o (its organisation). */
export const placeColumns = `p.place_id, p.version, p.organisation_id, o.name AS unit_name, o.lft, p.kind, p.sensitive_kind, p.name, p.lon, p.lat,
  p.radius_m, cardinality(p.ring) / 2 - 1 AS corners, p.valid_from::text AS valid_from, p.valid_until::text AS valid_until`

export const placeRowOf = (row: Row, scope: Scope): PlaceRow => ({
  placeId: row.place_id as number,
  version: row.version as number,
  organisation: { organisationId: row.organisation_id as number, name: row.unit_name as string },
  own: isWithin(scope, { lft: row.lft as number }),
  kind: row.kind as PlaceRow['kind'],
  sensitiveKind: row.sensitive_kind as PlaceRow['sensitiveKind'],
  name: row.name as string,
  lon: row.lon as number,
  lat: row.lat as number,
  radiusM: row.radius_m as number | null,
  corners: row.corners as number | null,
  validFrom: row.valid_from as string,
  validUntil: row.valid_until as string | null,
})

export function shapeOf(row: Row): Place['shape'] {
  if (row.ring === null) return { type: 'circle', centre: [row.lon as number, row.lat as number], radiusM: row.radius_m as number }
  return { type: 'polygon', ring: ringOf(row.ring as number[]) }
}

export const placeOf = (row: Row, scope: Scope): Place => ({
  ...placeRowOf(row, scope),
  shape: shapeOf(row) satisfies Shape,
  note: row.note as string | null,
})
