// Prices as dated rows: they are added, never changed, so that a settlement of last year can be worked out again.
import type { z } from 'zod'
import type { TariffRow } from '../../contracts/api/costs.ts'
import type { AnswerOf, Api } from '../../contracts/api.ts'
import { refusal } from '../../contracts/refusals.ts'
import { dayAt } from '../../domain/days.ts'
import type { Queryable } from '../../platform/db.ts'
import type { Act } from '../kernel/act.ts'
import type { Scope } from '../kernel/caller.ts'
import { isDesignatedOn } from '../kernel/designated.ts'
import { isHeldFor, requireOrganisation } from '../kernel/within.ts'
import type { Sent } from './own.ts'

type Found = Omit<TariffRow, 'organisation' | 'supplier'> & {
  total: number
  unitId: number
  unitName: string
  supplierId: number | null
  supplierName: string | null
}

export async function listTariffs(
  db: Queryable,
  scope: Scope,
  { kind, supplierId, limit, offset }: z.output<Api['listTariffs']['query']>,
  nowMs: number,
): Promise<AnswerOf<'listTariffs'>> {
  const { rows } = await db.query<Found>(
    `WITH found AS MATERIALIZED (
       SELECT t.*, o.lft, o.name AS unit_name, s.name AS supplier_name, t.effective_from = max(t.effective_from) FILTER (WHERE t.effective_from <= $5::date)
         OVER (PARTITION BY t.organisation_id, t.kind, t.supplier_id, t.body_type) AS in_force
       FROM tariffs t JOIN organisations o USING (organisation_id) LEFT JOIN suppliers s USING (supplier_id)
       WHERE ${isHeldFor('o', '$1', '$2')} AND ($3::text IS NULL OR t.kind = $3) AND ($4::int IS NULL OR t.supplier_id = $4))
     SELECT n.total, f.tariff_id AS "tariffId", f.organisation_id AS "unitId", f.unit_name AS "unitName", f.kind, f.supplier_id AS "supplierId",
       f.supplier_name AS "supplierName", f.body_type AS "bodyType", f.effective_from::text AS "effectiveFrom", f.base_fen AS "baseFen",
       f.included_m AS "includedM", f.included_min AS "includedMin", f.km_fen AS "kmFen", f.hour_fen AS "hourFen", f.driver_fen AS "driverFen",
       f.night_fen AS "nightFen", f.away_fen AS "awayFen", f.note, coalesce(f.in_force, false) AS "inForce"
     FROM (SELECT count(*) AS total FROM found) n
     LEFT JOIN (SELECT * FROM found ORDER BY kind, lft, supplier_name, body_type NULLS FIRST, effective_from DESC, tariff_id LIMIT $6 OFFSET $7) f ON true
     ORDER BY f.kind, f.lft, f.supplier_name, f.body_type NULLS FIRST, f.effective_from DESC, f.tariff_id`,
    [scope.lft, scope.rgt, kind ?? null, supplierId ?? null, dayAt(nowMs), limit, offset],
  )
  return {
    total: rows[0]!.total,
    rows: rows
      .filter(({ tariffId }) => tariffId !== null)
      .map(({ total: _total, unitId, unitName, supplierId: ofSupplier, supplierName, ...row }) => ({
        ...row,
        organisation: { organisationId: unitId, name: unitName },
        supplier: ofSupplier === null ? null : { supplierId: ofSupplier, name: supplierName! },
      })),
  }
}

/** @throws Refusal VALIDATION_FAILED for a unit out of reach, or a supplier that is not designated for rental there; CONFLICT for a day that has one */
export async function addTariff(act: Act, { reason, ...tariff }: Sent<'addTariff'>): Promise<{ tariffId: number }> {
  const { client, scope } = act
  await requireOrganisation(client, scope, tariff.organisationId, 'body.organisationId')
  if ((tariff.kind === 'lease') !== (tariff.supplierId !== null)) throw refusal('VALIDATION_FAILED', 'body.supplierId', 'tariff.supplier')
  if (tariff.supplierId !== null) {
    const { rowCount } = await client.query(
      `SELECT FROM suppliers s JOIN organisations o USING (organisation_id) WHERE s.supplier_id = $1 AND 'rental' = ANY(s.kinds)
         AND ${isDesignatedOn('$4')} AND ${isHeldFor('o', '$2', '$3')}`,
      [tariff.supplierId, scope.lft, scope.rgt, tariff.effectiveFrom],
    )
    if (rowCount === 0) throw refusal('VALIDATION_FAILED', 'body.supplierId', 'supplier.unknown')
  }
  const { rows } = await client.query<{ id: number }>(
    `INSERT INTO tariffs (organisation_id, kind, supplier_id, body_type, effective_from, base_fen, included_m, included_min, km_fen, hour_fen, driver_fen,
       night_fen, away_fen, note) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT DO NOTHING RETURNING tariff_id AS id`,
    [
      ...[tariff.organisationId, tariff.kind, tariff.supplierId, tariff.bodyType, tariff.effectiveFrom, tariff.baseFen, tariff.includedM],
      ...[tariff.includedMin, tariff.kmFen, tariff.hourFen, tariff.driverFen, tariff.nightFen, tariff.awayFen, reason],
    ],
  )
  if (!rows[0]) throw refusal('CONFLICT', 'body.effectiveFrom', 'tariff.known')
  act.record('tariff.add', { type: 'tariff', id: rows[0].id }, { after: tariff, reason })
  return { tariffId: rows[0].id }
}
