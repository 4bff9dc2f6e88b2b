// Fuel cards: 一车一卡. A card has at most one vehicle and a vehicle at most one card; moving a card takes two steps, so that none moves unseen.
import type { z } from 'zod'
import type { FuelCardRow } from '../../contracts/api/places.ts'
import type { AnswerOf, Api } from '../../contracts/api.ts'
import { dayAt } from '../../contracts/days.ts'
import { Refusal } from '../../contracts/errors.ts'
import type { Role } from '../../contracts/permissions.ts'
import { type FuelCardState, fuelCardMoves } from '../../contracts/places.ts'
import { refusal } from '../../contracts/refusals.ts'
import type { Queryable } from '../../platform/db.ts'
import { actorOf, type Caller, type Sight } from '../audit/caller.ts'
import { recordAudit } from '../audit/record.ts'
import { isHidden, isOpen } from '../audit/sight.ts'
import { refuseViolation, requireOrganisation } from '../audit/within.ts'
import { contains, holdsFor } from './holding.ts'
import type { Deps } from './placeChange.ts'

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
  const unitTests = [`lft BETWEEN ${$(scope.lft)} AND ${$(scope.rgt)}`]
  if (query.organisationId)
    unitTests.push(
      `EXISTS (SELECT FROM organisations c WHERE c.organisation_id = ${$(query.organisationId)} AND organisations.lft BETWEEN c.lft AND c.rgt)`,
    )
  const hit = query.q ? `name ILIKE ${$(contains(query.q))}` : 'true'
  // The card of a sensitive vehicle is out of sight with the vehicle.
  const tests = [`(v.vehicle_id IS NULL OR ${isOpen($(scope.cleared))})`]
  if (query.state) tests.push(`f.state = ${$(query.state)}`)
  if (query.supplierId) tests.push(`f.supplier_id = ${$(query.supplierId)}`)
  if (query.vehicleId) tests.push(`v.vehicle_id = ${$(query.vehicleId)}`)
  if (query.q) {
    const plate = query.q.toUpperCase().replace(/[\s·•・‧.-]/gu, '')
    const hits = ['u.hit']
    if (plate) hits.push(`v.plate LIKE ${$(contains(plate))}`)
    // The end alone: whoever sees four digits must not find the others by trying.
    if (/^\d{4}$/.test(query.q)) hits.push(`right(f.card_no, 4) = ${$(query.q)}`)
    tests.push(`(${hits.join(' OR ')})`)
  }
  const { rows } = await db.query(
    `WITH units AS MATERIALIZED (SELECT organisation_id, name, ${hit} AS hit FROM organisations WHERE ${unitTests.join(' AND ')}),
     matched AS MATERIALIZED (
       SELECT f.fuel_card_id, f.organisation_id AS unit_id, f.card_no AS number FROM fuel_cards f JOIN units u USING (organisation_id)
       LEFT JOIN vehicles v ON v.vehicle_id = f.vehicle_id WHERE ${tests.join(' AND ')}),
     page AS (SELECT * FROM matched ORDER BY unit_id, number LIMIT ${$(query.limit)} OFFSET ${$(query.offset)})
     SELECT n.total, f.fuel_card_id, f.version, f.card_no, f.supplier_id, s.name AS supplier_name, f.organisation_id, u.name AS unit_name, v.vehicle_id,
            v.plate, f.state, f.day_limit_fen, f.month_limit_fen, f.valid_until::text AS valid_until
     FROM (SELECT count(*) AS total FROM matched) n
     LEFT JOIN (page JOIN fuel_cards f USING (fuel_card_id) JOIN units u USING (organisation_id) JOIN suppliers s USING (supplier_id)) ON true
     LEFT JOIN vehicles v ON v.vehicle_id = f.vehicle_id ORDER BY unit_id, number`,
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

const violations = {
  fuel_cards_card_no_key: () => refusal('CONFLICT', 'body.cardNo', 'card.taken'),
  fuel_cards_by_vehicle: () => refusal('CONFLICT', 'body.vehicleId', 'card.vehicleHas'),
}

function requireLimits({ dayLimitFen, monthLimitFen }: CardFields): void {
  if (dayLimitFen !== null && monthLimitFen !== null && dayLimitFen > monthLimitFen)
    throw refusal('VALIDATION_FAILED', 'body.dayLimitFen', 'card.limits')
}

async function requireVehicle(client: Queryable, scope: Sight, vehicleId: number): Promise<void> {
  const { rows } = await client.query<{ energy: string }>(
    `SELECT v.energy FROM vehicles v JOIN organisations o ON o.organisation_id = v.user_unit_id
     WHERE v.vehicle_id = $1 AND o.lft BETWEEN $2 AND $3 AND ${isOpen('$4')} AND v.state <> 'DISPOSED'`,
    [vehicleId, scope.lft, scope.rgt, scope.cleared],
  )
  if (!rows[0]) throw refusal('VALIDATION_FAILED', 'body.vehicleId', 'driver.vehicleUnknown')
  if (rows[0].energy === 'electric') throw refusal('VALIDATION_FAILED', 'body.vehicleId', 'card.vehicleEnergy')
}

export async function createFuelCard(
  { db, clock }: Deps,
  caller: Caller,
  body: CardFields & { cardNo: string; supplierId: number; organisationId: number },
): Promise<{ fuelCardId: number; version: number }> {
  requireLimits(body)
  const { cardNo, supplierId, organisationId, vehicleId, dayLimitFen, monthLimitFen, validUntil } = body
  try {
    return await db.transaction(async (client) => {
      await requireOrganisation(client, caller.scope, organisationId, 'body.organisationId')
      const { rowCount } = await client.query(
        `SELECT FROM suppliers s JOIN organisations o USING (organisation_id) WHERE s.supplier_id = $1 AND ${holdsFor('o', '$2', '$3')}
           AND 'fuel' = ANY(s.kinds) AND (s.valid_until IS NULL OR s.valid_until >= $4)`,
        [supplierId, caller.scope.lft, caller.scope.rgt, dayAt(clock.nowMs())],
      )
      if (rowCount === 0) throw refusal('VALIDATION_FAILED', 'body.supplierId', 'supplier.noFuel')
      if (vehicleId !== null) await requireVehicle(client, caller.scope, vehicleId)
      const { rows } = await client.query<{ fuel_card_id: number }>(
        `INSERT INTO fuel_cards (card_no, supplier_id, organisation_id, vehicle_id, day_limit_fen, month_limit_fen, valid_until)
         VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING fuel_card_id`,
        [cardNo, supplierId, organisationId, vehicleId, dayLimitFen, monthLimitFen, validUntil],
      )
      const fuelCardId = rows[0]!.fuel_card_id
      const subject = { type: 'fuel-card', id: fuelCardId }
      await recordAudit(client, { atMs: clock.nowMs(), actor: actorOf(caller), action: 'fuel-card.create', subject, after: body })
      return { fuelCardId, version: 1 }
    })
  } catch (error) {
    return refuseViolation(error, violations)
  }
}

export async function editFuelCard(
  { db, clock }: Deps,
  caller: Caller,
  fuelCardId: number,
  { version, vehicleId, ...rest }: Omit<CardFields, 'vehicleId'> & { vehicleId?: number | null; state: FuelCardState; version: number },
): Promise<{ version: number }> {
  requireLimits({ vehicleId: null, ...rest })
  try {
    return await db.transaction(async (client) => {
      const { rows } = await client.query<CardFields & { state: FuelCardState; version: number }>(
        `SELECT f.version, f.vehicle_id AS "vehicleId", f.state, f.day_limit_fen AS "dayLimitFen", f.month_limit_fen AS "monthLimitFen",
                f.valid_until::text AS "validUntil"
         FROM fuel_cards f JOIN organisations o USING (organisation_id) WHERE f.fuel_card_id = $1 AND o.lft BETWEEN $2 AND $3 FOR UPDATE OF f`,
        [fuelCardId, caller.scope.lft, caller.scope.rgt],
      )
      const card = rows[0]
      if (!card || (await isHidden(client, caller.scope, card.vehicleId))) throw new Refusal('NOT_FOUND')
      if (card.version !== version) throw refusal('CONFLICT', 'body.version', 'version.changed')
      const next = { ...rest, vehicleId: vehicleId === undefined ? card.vehicleId : vehicleId }
      if (card.state === 'cancelled' || (next.state !== card.state && !fuelCardMoves[card.state].includes(next.state)))
        throw refusal('CONFLICT', 'body.state', 'card.state')
      if (next.state === 'cancelled' && next.vehicleId !== null)
        throw refusal('VALIDATION_FAILED', 'body.vehicleId', 'card.cancelledVehicle')
      if (next.vehicleId !== card.vehicleId && next.vehicleId !== null) {
        if (card.vehicleId !== null) throw refusal('CONFLICT', 'body.vehicleId', 'card.elsewhere')
        await requireVehicle(client, caller.scope, next.vehicleId)
      }
      await client.query(
        `UPDATE fuel_cards SET vehicle_id = $2, state = $3, day_limit_fen = $4, month_limit_fen = $5, valid_until = $6, version = version + 1
         WHERE fuel_card_id = $1`,
        [fuelCardId, next.vehicleId, next.state, next.dayLimitFen, next.monthLimitFen, next.validUntil],
      )
      const keys = (Object.keys(next) as (keyof typeof next)[]).filter((key) => next[key] !== card[key])
      const pick = (from: typeof next) => Object.fromEntries(keys.map((key) => [key, from[key]]))
      const subject = { type: 'fuel-card', id: fuelCardId }
      await recordAudit(client, {
        atMs: clock.nowMs(),
        actor: actorOf(caller),
        action: 'fuel-card.edit',
        subject,
        before: pick(card),
        after: pick(next),
      })
      return { version: version + 1 }
    })
  } catch (error) {
    return refuseViolation(error, violations)
  }
}
