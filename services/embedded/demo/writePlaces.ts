// Writes drivers with licences and duty, places, suppliers and fuel cards of the demo region, in the transaction of the rest.
import { boxOf, type Shape } from '../../domain/geofence.ts'
import { flatRing } from '../../domain/places.ts'
import type { Queryable } from '../../platform/db.ts'
import { pinyinOf } from '../../platform/pinyin.ts'
import { insert } from './insert.ts'
import type { DemoPlace } from './places.ts'
import type { DemoRegion } from './region.ts'

const FIRST_DAY = '2026-01-01'
const DAY_LIMIT_FEN = 60_000

export async function writeDrivers(client: Queryable, { drivers, licences, duty }: DemoRegion): Promise<void> {
  const files = drivers.map((driver, i) => ({ ...driver, ...licences[i]! }))
  await insert(client, 'drivers', files, {
    driver_id: ['int', (d) => d.driverId],
    name: ['text', (d) => d.name],
    name_pinyin: ['text', (d) => pinyinOf(d.name)],
    phone: ['text', (d) => d.phone],
    organisation_id: ['int', (d) => d.organisationId],
    vehicle_id: ['int', (d) => d.vehicleId],
    licence_no: ['text', (d) => d.licenceNo],
    licence_class: ['text', (d) => d.licenceClass],
    licence_issued_on: ['date', (d) => d.issuedOn],
    licence_expires_on: ['date', (d) => d.expiresOn],
    state: ['text', (d) => (d.suspended ? 'suspended' : 'active')],
    state_reason: ['text', (d) => (d.suspended ? '年度体检未完成' : null)],
  })
  await insert(client, 'driver_shifts', duty.shifts, {
    driver_id: ['int', (s) => s.driverId],
    weekdays: ['smallint', (s) => s.weekdays],
    start_minute: ['smallint', (s) => s.startMinute],
    end_minute: ['smallint', (s) => s.endMinute],
    from_day: ['date', (s) => s.fromDay],
  })
  await insert(client, 'driver_leaves', duty.leaves, {
    driver_id: ['int', (l) => l.driverId],
    kind: ['text', (l) => l.kind],
    from_day: ['date', (l) => l.fromDay],
    until_day: ['date', (l) => l.untilDay],
  })
}

const shapeOf = (place: DemoPlace): Shape =>
  place.ring ? { type: 'polygon', ring: place.ring } : { type: 'circle', centre: place.centre, radiusM: place.radiusM! }

export async function writePlaces(client: Queryable, { places, suppliers, fuelCards }: DemoRegion): Promise<void> {
  const boxed = places.map((place) => ({ ...place, box: boxOf(shapeOf(place)) }))
  await insert(client, 'places', boxed, {
    place_id: ['int', (p) => p.placeId],
    organisation_id: ['int', (p) => p.organisationId],
    kind: ['text', (p) => p.kind],
    sensitive_kind: ['text', (p) => p.sensitiveKind],
    name: ['text', (p) => p.name],
    name_pinyin: ['text', (p) => pinyinOf(p.name)],
    lon: ['double precision', (p) => p.centre[0]],
    lat: ['double precision', (p) => p.centre[1]],
    radius_m: ['real', (p) => p.radiusM ?? 1],
    west: ['double precision', (p) => p.box[0]],
    south: ['double precision', (p) => p.box[1]],
    east: ['double precision', (p) => p.box[2]],
    north: ['double precision', (p) => p.box[3]],
    valid_from: ['date', () => FIRST_DAY],
  })
  // Rings differ in length, and PostgreSQL's arrays of arrays must not.
  const rings = places.filter((place) => place.ring)
  await client.query(
    `UPDATE places p SET radius_m = NULL, ring = string_to_array(r.ring, ',')::double precision[]
     FROM unnest($1::int[], $2::text[]) AS r (id, ring) WHERE p.place_id = r.id`,
    [rings.map((place) => place.placeId), rings.map((place) => flatRing(place.ring!).join(','))],
  )
  await client.query(
    `INSERT INTO suppliers (supplier_id, organisation_id, name, name_pinyin, kinds, contact, phone, place_id, valid_from)
     SELECT id, unit, name, pinyin, string_to_array(kinds, ','), contact, phone, place, '${FIRST_DAY}'
     FROM unnest($1::int[], $2::int[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::int[])
       AS s (id, unit, name, pinyin, kinds, contact, phone, place)`,
    [
      suppliers.map((s) => s.supplierId),
      suppliers.map((s) => s.organisationId),
      suppliers.map((s) => s.name),
      suppliers.map((s) => pinyinOf(s.name)),
      suppliers.map((s) => s.kinds.join(',')),
      suppliers.map((s) => s.contact),
      suppliers.map((s) => s.phone),
      suppliers.map((s) => s.placeId),
    ],
  )
  await insert(client, 'fuel_cards', fuelCards, {
    card_no: ['text', (c) => c.cardNo],
    supplier_id: ['int', (c) => c.supplierId],
    organisation_id: ['int', (c) => c.organisationId],
    vehicle_id: ['int', (c) => c.vehicleId],
    day_limit_fen: ['int', () => DAY_LIMIT_FEN],
    month_limit_fen: ['int', (c) => c.monthLimitFen],
  })
}
