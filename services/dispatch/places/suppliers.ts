// Designated suppliers (定点加油、维修、保险 …): who is designated for whom, for what, and from when to when.
import type { z } from 'zod'
import type { SupplierRow } from '../../contracts/api/places.ts'
import type { AnswerOf, Api } from '../../contracts/api.ts'
import { Refusal } from '../../contracts/errors.ts'
import { refusal } from '../../contracts/refusals.ts'
import { dayAt } from '../../domain/days.ts'
import { isWithin } from '../../domain/organisations.ts'
import type { SupplierKind } from '../../domain/places.ts'
import type { Queryable, Row } from '../../platform/db.ts'
import { pinyinOf } from '../../platform/pinyin.ts'
import { type Act, difference, requireVersion } from '../kernel/act.ts'
import type { Scope } from '../kernel/caller.ts'
import { isDesignatedOn } from '../kernel/designated.ts'
import { isNamed } from '../kernel/searchText.ts'
import { isHeldFor, isPlaceKnown, isUnder, requireOrganisation } from '../kernel/within.ts'

const columns = (
  day: string,
) => `s.supplier_id, s.version, s.organisation_id, o.name AS unit_name, o.lft, s.name, s.kinds, s.contact, s.phone,
  s.address, s.place_id, p.name AS place_name, s.valid_from::text AS valid_from, s.valid_until::text AS valid_until, s.note,
  ${isDesignatedOn(day)} AS valid, coalesce(c.cards, 0) AS fuel_cards`

/** Cards of each supplier in the scope, counted once and not once a supplier: twenty thousand cards hang on two dozen of them. */
const cardCounts = (lft: string, rgt: string) => `
  LEFT JOIN (SELECT f.supplier_id, count(*) AS cards FROM fuel_cards f JOIN organisations g USING (organisation_id)
    WHERE f.state <> 'cancelled' AND g.lft BETWEEN ${lft} AND ${rgt} GROUP BY f.supplier_id) c ON c.supplier_id = s.supplier_id`

const rowOf = (row: Row, scope: Scope): SupplierRow => ({
  supplierId: row.supplier_id as number,
  version: row.version as number,
  organisation: { organisationId: row.organisation_id as number, name: row.unit_name as string },
  own: isWithin(scope, { lft: row.lft as number }),
  name: row.name as string,
  kinds: row.kinds as SupplierKind[],
  contact: row.contact as string | null,
  phone: row.phone as string | null,
  address: row.address as string | null,
  place: row.place_id === null ? null : { placeId: row.place_id as number, name: row.place_name as string },
  validFrom: row.valid_from as string,
  validUntil: row.valid_until as string | null,
  note: row.note as string | null,
  valid: row.valid as boolean,
  fuelCards: row.fuel_cards as number,
})

export async function listSuppliers(
  db: Queryable,
  scope: Scope,
  query: z.output<Api['listSuppliers']['query']>,
  nowMs: number,
): Promise<AnswerOf<'listSuppliers'>> {
  const values: unknown[] = []
  const $ = (value: unknown) => `$${values.push(value)}`
  const [lft, rgt, day] = [$(scope.lft), $(scope.rgt), $(dayAt(nowMs))]
  const tests = [isHeldFor('o', lft, rgt)]
  if (query.kind) tests.push(`${$(query.kind)} = ANY(s.kinds)`)
  if (query.valid) tests.push(query.valid === 'yes' ? isDesignatedOn(day) : `NOT ${isDesignatedOn(day)}`)
  if (query.organisationId) tests.push(isUnder($(query.organisationId), 'o'))
  if (query.q) {
    const hits = [isNamed($, 's', query.q)]
    tests.push(`(${hits.join(' OR ')})`)
  }
  const { rows } = await db.query(
    `WITH matched AS MATERIALIZED (
       SELECT s.supplier_id, o.lft AS unit_lft, s.name AS its_name FROM suppliers s JOIN organisations o USING (organisation_id) WHERE ${tests.join(' AND ')}),
     page AS (SELECT * FROM matched ORDER BY unit_lft, its_name, supplier_id LIMIT ${$(query.limit)} OFFSET ${$(query.offset)})
     SELECT n.total, ${columns(day)} FROM (SELECT count(*) AS total FROM matched) n
     LEFT JOIN (page JOIN suppliers s USING (supplier_id) JOIN organisations o USING (organisation_id)) ON true
     LEFT JOIN places p ON p.place_id = s.place_id ${cardCounts(lft, rgt)} ORDER BY unit_lft, its_name, s.supplier_id`,
    values,
  )
  return { total: rows[0]!.total as number, rows: rows.filter((row) => row.supplier_id !== null).map((row) => rowOf(row, scope)) }
}

export async function findSupplier(db: Queryable, scope: Scope, supplierId: number, nowMs: number): Promise<SupplierRow | undefined> {
  const { rows } = await db.query(
    `SELECT ${columns('$4')} FROM suppliers s JOIN organisations o USING (organisation_id) LEFT JOIN places p ON p.place_id = s.place_id
     ${cardCounts('$2', '$3')} WHERE s.supplier_id = $1 AND ${isHeldFor('o', '$2', '$3')}`,
    [supplierId, scope.lft, scope.rgt, dayAt(nowMs)],
  )
  return rows[0] && rowOf(rows[0], scope)
}

export type SupplierFields = {
  name: string
  kinds: SupplierKind[]
  contact: string | null
  phone: string | null
  address: string | null
  placeId: number | null
  validFrom: string
  validUntil: string | null
  note: string | null
}

async function requireSound(client: Queryable, scope: Scope, fields: SupplierFields): Promise<SupplierFields> {
  if (fields.validUntil !== null && fields.validUntil < fields.validFrom)
    throw refusal('VALIDATION_FAILED', 'body.validUntil', 'dates.until')
  if (fields.placeId !== null && !(await isPlaceKnown(client, scope, fields.placeId)))
    throw refusal('VALIDATION_FAILED', 'body.placeId', 'supplier.place')
  return { ...fields, kinds: [...new Set(fields.kinds)] }
}

const stored = 'name, name_pinyin, kinds, contact, phone, address, place_id, valid_from, valid_until, note'
const placeholders = Array.from({ length: 10 }, (_, i) => `$${i + 2}`).join(', ')
const valuesOf = (f: SupplierFields): unknown[] => [
  f.name,
  pinyinOf(f.name),
  f.kinds,
  f.contact,
  f.phone,
  f.address,
  f.placeId,
  f.validFrom,
  f.validUntil,
  f.note,
]

const ofSupplier = (supplierId: number) => ({ type: 'supplier', id: supplierId })

export async function createSupplier(
  { client, scope, record }: Act,
  { organisationId, ...given }: SupplierFields & { organisationId: number },
): Promise<{ supplierId: number; version: number }> {
  await requireOrganisation(client, scope, organisationId, 'body.organisationId')
  const fields = await requireSound(client, scope, given)
  const { rows } = await client.query<{ supplier_id: number }>(
    `INSERT INTO suppliers (organisation_id, ${stored}) VALUES ($1, ${placeholders}) RETURNING supplier_id`,
    [organisationId, ...valuesOf(fields)],
  )
  const supplierId = rows[0]!.supplier_id
  record('supplier.create', ofSupplier(supplierId), { after: { organisationId, ...fields } })
  return { supplierId, version: 1 }
}

export async function editSupplier(
  { client, scope, record }: Act,
  supplierId: number,
  { version, ...given }: SupplierFields & { version: number },
): Promise<{ version: number }> {
  const { rows } = await client.query<SupplierFields & { version: number }>(
    `SELECT s.version, s.name, s.kinds, s.contact, s.phone, s.address, s.place_id AS "placeId", s.valid_from::text AS "validFrom",
            s.valid_until::text AS "validUntil", s.note
     FROM suppliers s JOIN organisations o USING (organisation_id) WHERE s.supplier_id = $1 AND o.lft BETWEEN $2 AND $3 FOR UPDATE OF s`,
    [supplierId, scope.lft, scope.rgt],
  )
  const row = rows[0]
  if (!row) throw new Refusal('NOT_FOUND')
  requireVersion(row, version)
  const next = await requireSound(client, scope, given)
  await client.query(`UPDATE suppliers SET (${stored}, version) = (${placeholders}, version + 1) WHERE supplier_id = $1`, [
    supplierId,
    ...valuesOf(next),
  ])
  record('supplier.edit', ofSupplier(supplierId), difference(row, next))
  return { version: version + 1 }
}
