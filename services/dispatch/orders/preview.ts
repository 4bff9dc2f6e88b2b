// What is told of a request before it is sent: who would have to agree, and how a short way could be gone without a vehicle.
import type { AnswerOf } from '../../contracts/api.ts'
import { refusal } from '../../contracts/refusals.ts'
import { type GreenOffer, greenOffers } from '../../domain/greenTravel.ts'
import { heldFor } from '../../domain/requests.ts'
import type { Queryable } from '../../platform/db.ts'
import type { Act } from '../kernel/act.ts'
import type { Who } from '../kernel/caller.ts'
import { openVehicles } from '../kernel/sight.ts'
import { type AppliedChain, chainFor } from './chains.ts'
import type { OrdersDeps } from './drivers.ts'
import { listLeaseOffers } from './leases.ts'
import type { Sent } from './own.ts'
import { requireSound, toldChain, unitFor } from './requests.ts'
import { listOffers } from './sharing/suggest.ts'
import { tierSql } from './tiers.ts'

type Trip = Omit<Sent<'previewRequest'>, 'organisationId'>

/** Only of places whose points are known: a name says a district, and no distance within it. */
function offersFor({ from, to, via, startsAt, passengers }: Trip, { km }: AppliedChain): GreenOffer[] {
  const isKnown = [from, ...via, to].every(({ lon }) => lon !== null)
  return greenOffers({ km: isKnown ? km : null, people: passengers, atMs: Date.parse(startsAt) })
}

type Wanted = { startsAtMs: number; endsAtMs: number; passengers: number; withDriver: boolean; equipment: readonly string[] }

/** Is there a vehicle of the unit, or of its pool, that takes them and is free? Of a sensitive one nothing is said. */
async function fitsInPool(db: Queryable, unitId: number, { equipment, passengers, withDriver, ...times }: Wanted): Promise<boolean> {
  const { fromMs, untilMs } = heldFor(times)
  const { rowCount } = await db.query(
    `SELECT FROM ${openVehicles(`'{}'`)} v JOIN organisations o ON o.organisation_id = v.user_unit_id JOIN organisations q ON q.organisation_id = $1
     WHERE ${tierSql('o', 'q')} < 2 AND v.state = 'AVAILABLE' AND v.seats >= $2 AND v.equipment @> $3::text[]
       AND NOT EXISTS (SELECT FROM reservations r WHERE r.vehicle_id = v.vehicle_id AND r.during && tstzrange($4, $5)) LIMIT 1`,
    [unitId, passengers + (withDriver ? 1 : 0), equipment, new Date(fromMs), new Date(untilMs)],
  )
  return rowCount > 0
}

/** @throws Refusal VALIDATION_FAILED for times that would be refused, or another's unit */
export async function previewRequest(
  { db, travelTimes }: Pick<OrdersDeps, 'db' | 'travelTimes'>,
  { caller, reach }: Who,
  { organisationId, ...trip }: Sent<'previewRequest'>,
  nowMs: number,
): Promise<AnswerOf<'previewRequest'>> {
  requireSound(trip, nowMs)
  const unit = await unitFor({ client: db, caller, scope: reach }, organisationId)
  const chain = await chainFor(db, unit.organisationId, trip, nowMs)
  const times = { startsAtMs: Date.parse(trip.startsAt), endsAtMs: Date.parse(trip.endsAt) }
  const isKnown = [trip.from, ...trip.via, trip.to].every(({ lon }) => lon !== null)
  return {
    chain: await toldChain(db, chain, unit.lft, nowMs),
    green: offersFor(trip, chain),
    poolFits: await fitsInPool(db, unit.organisationId, { ...trip, ...times }),
    leases: await listLeaseOffers(
      db,
      { unit: { organisationId: unit.organisationId, name: '' }, unitLft: unit.lft },
      { ...times, passengers: trip.passengers, withDriver: trip.withDriver, distanceKm: isKnown ? chain.km : null },
    ),
    shared: await listOffers(db, travelTimes, unit.organisationId, trip),
  }
}

/** @throws Refusal VALIDATION_FAILED for a way that this trip is not offered */
export async function chooseGreen(act: Act, { way, organisationId, ...trip }: Sent<'chooseGreen'>): Promise<AnswerOf<'chooseGreen'>> {
  requireSound(trip, act.nowMs)
  const { organisationId: unitId } = await unitFor(act, organisationId)
  const offer = offersFor(trip, await chainFor(act.client, unitId, trip, act.nowMs)).find((each) => each.way === way)
  if (!offer) throw refusal('VALIDATION_FAILED', 'body.way', 'green.far')
  const { savedKm, savedFen } = offer
  act.record('green.choose', { type: 'organisation', id: unitId }, { after: { way, savedKm, savedFen } })
  return { savedKm, savedFen }
}
