// Fuel cards: 一车一卡. A card has at most one vehicle and a vehicle at most one card; moving a card takes two steps, so that none moves unseen.
import type { z } from 'zod'
import type { FuelCardRow } from '../../contracts/api/places.ts'
import type { AnswerOf, Api } from '../../contracts/api.ts'
import { Refusal } from '../../contracts/errors.ts'
import { refusal } from '../../contracts/refusals.ts'
import { findCardProblem } from '../../domain/fuelCard.ts'
import type { Role } from '../../domain/permissions.ts'
import type { FuelCardState } from '../../domain/places.ts'
import type { Queryable } from '../../platform/db.ts'
import { type Act, difference, requireVersion } from '../kernel/act.ts'
import type { Sight } from '../kernel/caller.ts'
import { changeRow } from '../kernel/changeRow.ts'
import { isFuelSupplierOn } from '../kernel/designated.ts'
import { isCalled, platePattern } from '../kernel/searchText.ts'
import { isHidden, openVehicles } from '../kernel/sight.ts'
import { isHeldFor, requireOrganisation, unitTestsOf } from '../kernel/within.ts'

/** Who settles the bills or keeps the cards; everyone else sees the last four digits. */
const seesNumber: readonly Role[] = ['bureau_admin', 'finance']
const cardNoFor = (role: Role, cardNo: string): string => (seesNumber.includes(role) ? cardNo : `**** ${cardNo.slice(-4)}`)

export async function listFuelCards(
  db: Queryable,
  scope: Sight,
  role: Role,
  query: z.output<Api['listFuelCards']['query']>,
): Promise<AnswerOf<'listFuelCards'>> {
  const values: unknown[] = []
  const $ = (value: unknown) => `$${values.push(value)}`
  const unitTests = unitTestsOf($, scope, query.organisationId)
  const hit = query.q ? isCalled($, 'name', query.q) : 'true'
  // The card of a sensitive vehicle is out of sight with the vehicle.
  const open = openVehicles($(scope.cleared))
  const tests = ['(f.vehicle_id IS NULL OR v.vehicle_id IS NOT NULL)']
  if (query.state) tests.push(`f.state = ${$(query.state)}`)
  if (query.supplierId) tests.push(`f.supplier_id = ${$(query.supplierId)}`)
  if (query.vehicleId) tests.push(`v.vehicle_id = ${$(query.vehicleId)}`)
  if (query.q) {
    const plate = platePattern(query.q)
    const hits = ['u.hit']
    if (plate) hits.push(`v.plate LIKE ${$(plate)}`)
    // The end alone: whoever sees four digits must not find the others by trying.
    if (/^\d{4}$/.test(query.q)) hits.push(`right(f.card_no, 4) = ${$(query.q)}`)
    tests.push(`(${hits.join(' OR ')})`)
  }
  const { rows } = await db.query(
    `WITH units AS MATERIALIZED (SELECT organisation_id, name, ${hit} AS hit FROM organisations WHERE ${unitTests.join(' AND ')}),
     matched AS MATERIALIZED (
       SELECT f.fuel_card_id, f.organisation_id AS unit_id, f.card_no AS number FROM fuel_cards f JOIN units u USING (organisation_id)
       LEFT JOIN ${open} v ON v.vehicle_id = f.vehicle_id WHERE ${tests.join(' AND ')}),
     page AS (SELECT * FROM matched ORDER BY unit_id, number LIMIT ${$(query.limit)} OFFSET ${$(query.offset)})
     SELECT n.total, f.fuel_card_id, f.version, f.card_no, f.supplier_id, s.name AS supplier_name, f.organisation_id, u.name AS unit_name, v.vehicle_id,
            v.plate, f.state, f.day_limit_fen, f.month_limit_fen, f.valid_until::text AS valid_until
     FROM (SELECT count(*) AS total FROM matched) n
     LEFT JOIN (page JOIN fuel_cards f USING (fuel_card_id) JOIN units u USING (organisation_id) JOIN suppliers s USING (supplier_id)) ON true
     LEFT JOIN ${open} v ON v.vehicle_id = f.vehicle_id ORDER BY unit_id, number`,
    values,
  )
  return {
    total: rows[0]!.total as number,
    rows: rows
      .filter((row) => row.fuel_card_id !== null)
      .map((row) => ({
        fuelCardId: row.fuel_card_id as number,
        version: row.version as number,
        cardNo: cardNoFor(role, row.card_no as string),
        supplier: { supplierId: row.supplier_id as number, name: row.supplier_name as string },
        organisation: { organisationId: row.organisation_id as number, name: row.unit_name as string },
        vehicle: row.vehicle_id === null ? null : { vehicleId: row.vehicle_id as number, plate: row.plate as string },
        state: row.state as FuelCardRow['state'],
        dayLimitFen: row.day_limit_fen as number | null,
        monthLimitFen: row.month_limit_fen as number | null,
        validUntil: row.valid_until as string | null,
      })),
  }
}

type CardFields = { vehicleId: number | null; dayLimitFen: number | null; monthLimitFen: number | null; validUntil: string | null }

/** @throws Refusal for what a card cannot be or become (domain/fuelCard.ts) */
function requireSound(...[card, before]: Parameters<typeof findCardProblem>): void {
  const problem = findCardProblem(card, before)
  if (!problem) return
  const conflicts = problem.reason === 'card.state' || problem.reason === 'card.elsewhere'
  throw refusal(conflicts ? 'CONFLICT' : 'VALIDATION_FAILED', `body.${problem.at}`, problem.reason)
}

async function requireVehicle(client: Queryable, scope: Sight, vehicleId: number): Promise<void> {
  const { rows } = await client.query<{ energy: string }>(
    `SELECT v.energy FROM ${openVehicles('$4')} v JOIN organisations o ON o.organisation_id = v.user_unit_id
     WHERE v.vehicle_id = $1 AND o.lft BETWEEN $2 AND $3 AND v.state <> 'DISPOSED'`,
    [vehicleId, scope.lft, scope.rgt, scope.cleared],
  )
  if (!rows[0]) throw refusal('VALIDATION_FAILED', 'body.vehicleId', 'driver.vehicleUnknown')
  if (rows[0].energy === 'electric') throw refusal('VALIDATION_FAILED', 'body.vehicleId', 'card.vehicleEnergy')
}

const ofCard = (fuelCardId: number) => ({ type: 'fuel-card', id: fuelCardId })

export async function createFuelCard(
  { client, scope, today, record }: Act,
  body: CardFields & { cardNo: string; supplierId: number; organisationId: number },
): Promise<{ fuelCardId: number; version: number }> {
  requireSound({ ...body, state: 'active' })
  const { cardNo, supplierId, organisationId, vehicleId, dayLimitFen, monthLimitFen, validUntil } = body
  await requireOrganisation(client, scope, organisationId, 'body.organisationId')
  const { rowCount } = await client.query(
    `SELECT FROM suppliers s JOIN organisations o USING (organisation_id) WHERE s.supplier_id = $1 AND ${isHeldFor('o', '$2', '$3')}
       AND ${isFuelSupplierOn('$4')}`,
    [supplierId, scope.lft, scope.rgt, today],
  )
  if (rowCount === 0) throw refusal('VALIDATION_FAILED', 'body.supplierId', 'supplier.noFuel')
  if (vehicleId !== null) await requireVehicle(client, scope, vehicleId)
  const { rows } = await client.query<{ fuel_card_id: number }>(
    `INSERT INTO fuel_cards (card_no, supplier_id, organisation_id, vehicle_id, day_limit_fen, month_limit_fen, valid_until)
     VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING fuel_card_id`,
    [cardNo, supplierId, organisationId, vehicleId, dayLimitFen, monthLimitFen, validUntil],
  )
  const fuelCardId = rows[0]!.fuel_card_id
  record('fuel-card.create', ofCard(fuelCardId), { after: body })
  return { fuelCardId, version: 1 }
}

export async function editFuelCard(
  { client, scope, record }: Act,
  fuelCardId: number,
  { version, vehicleId, ...rest }: Omit<CardFields, 'vehicleId'> & { vehicleId?: number | null; state: FuelCardState; version: number },
): Promise<{ version: number }> {
  const { rows } = await client.query<CardFields & { state: FuelCardState; version: number }>(
    `SELECT f.version, f.vehicle_id AS "vehicleId", f.state, f.day_limit_fen AS "dayLimitFen", f.month_limit_fen AS "monthLimitFen",
            f.valid_until::text AS "validUntil"
     FROM fuel_cards f JOIN organisations o USING (organisation_id) WHERE f.fuel_card_id = $1 AND o.lft BETWEEN $2 AND $3 FOR UPDATE OF f`,
    [fuelCardId, scope.lft, scope.rgt],
  )
  const card = rows[0]
  if (!card || (await isHidden(client, scope, card.vehicleId))) throw new Refusal('NOT_FOUND')
  requireVersion(card, version)
  const next = { ...rest, vehicleId: vehicleId === undefined ? card.vehicleId : vehicleId }
  requireSound(next, card)
  if (next.vehicleId !== card.vehicleId && next.vehicleId !== null) await requireVehicle(client, scope, next.vehicleId)
  await changeRow(
    client,
    { table: 'fuel_cards', key: 'fuel_card_id', id: fuelCardId },
    {
      vehicle_id: next.vehicleId,
      state: next.state,
      day_limit_fen: next.dayLimitFen,
      month_limit_fen: next.monthLimitFen,
      valid_until: next.validUntil,
    },
  )
  record('fuel-card.edit', ofCard(fuelCardId), difference(card, next))
  return { version: version + 1 }
}
