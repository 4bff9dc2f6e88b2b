// What holds for many vehicles, read once for a round of judging: places, the calendar, standards, and the values of rules.
import type { Shape } from '../../domain/geofence.ts'
import { ringOf } from '../../domain/places.ts'
import { byNearness, type StandardLimit } from '../../domain/standards.ts'
import type { PlaceFact } from '../../domain/supervision/facts.ts'
import type { ParamsRow } from '../../domain/supervision/params.ts'
import type { Queryable } from '../../platform/db.ts'
import { type CalendarBook, readCalendarBook } from '../../platform/workCalendar.ts'

type PlaceRow = PlaceFact & { placeId: number; lft: number; rgt: number; validFrom: string; validUntil: string | null }
export type Book = {
  params: readonly ParamsRow[]
  limits: readonly StandardLimit[]
  calendar: CalendarBook
  /** Those of the unit and of everything above it that are valid on the day; of borders the nearest organisation's alone, and its own lot wherever it is. */
  placesOf(unitLft: number, day: string, parkingPlaceId: number | null): PlaceFact[]
}

const kinds = { compound: 'lot', designated_lot: 'lot', sensitive: 'sensitive', border: 'border' } as const

/** @param from, until the days that will be judged */
export async function readBook(db: Queryable, from: string, until: string): Promise<Book> {
  const { rows: params } = await db.query<ParamsRow>(
    `SELECT p.params_id AS "paramsId", p.code, o.lft, o.rgt, p.effective_from::text AS "effectiveFrom", p.enabled, p.params, p.class
     FROM supervision_params p JOIN organisations o USING (organisation_id)`,
  )
  const { rows: limits } = await db.query<StandardLimit>(
    `SELECT o.lft, o.rgt, l.category, l.body_type AS "bodyType", l.new_energy AS "newEnergy", l.max_price_fen AS "maxPriceFen",
       l.max_displacement_ml AS "maxDisplacementMl", l.effective_from::text AS "effectiveFrom"
     FROM standard_limits l JOIN organisations o USING (organisation_id)`,
  )
  const places = await readPlaces(db, from, until)
  return {
    params,
    limits: limits.sort(byNearness),
    calendar: await readCalendarBook(db, from, until),
    placesOf(unitLft, day, parkingPlaceId) {
      const valid = places.filter(({ validFrom, validUntil }) => validFrom <= day && (validUntil === null || day <= validUntil))
      const held = valid.filter(({ lft, rgt, placeId }) => (lft <= unitLft && unitLft <= rgt) || placeId === parkingPlaceId)
      const nearest = Math.max(...held.filter(({ kind }) => kind === 'border').map(({ lft }) => lft))
      return held.filter(({ kind, lft }) => kind !== 'border' || lft === nearest)
    },
  }
}

async function readPlaces(db: Queryable, from: string, until: string): Promise<PlaceRow[]> {
  type Stored = Omit<PlaceRow, 'shape' | 'kind'> & {
    kind: keyof typeof kinds
    lon: number
    lat: number
    radiusM: number | null
    ring: number[] | null
  }
  const { rows } = await db.query<Stored>(
    `SELECT p.place_id AS "placeId", p.kind, p.sensitive_kind AS "sensitiveKind", p.name, p.lon, p.lat, p.radius_m AS "radiusM", p.ring, o.lft, o.rgt,
       p.valid_from::text AS "validFrom", p.valid_until::text AS "validUntil"
     FROM places p JOIN organisations o USING (organisation_id)
     WHERE p.kind = ANY($1) AND p.valid_from <= $3::date AND (p.valid_until IS NULL OR p.valid_until >= $2::date)`,
    [Object.keys(kinds), from, until],
  )
  return rows.map(({ kind, lon, lat, radiusM, ring, ...place }) => {
    const shape: Shape = ring ? { type: 'polygon', ring: ringOf(ring) } : { type: 'circle', centre: [lon, lat], radiusM: radiusM! }
    return { ...place, kind: kinds[kind], shape }
  })
}
