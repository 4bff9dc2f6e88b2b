// What is told of a request before it is sent: who would have to agree, and how a short way could be gone without a vehicle.
import type { AnswerOf } from '../../contracts/api.ts'
import { refusal } from '../../contracts/refusals.ts'
import { type GreenOffer, greenOffers } from '../../domain/greenTravel.ts'
import type { Act } from '../kernel/act.ts'
import type { Who } from '../kernel/caller.ts'
import { type AppliedChain, chainFor } from './chains.ts'
import type { OrdersDeps } from './drivers.ts'
import type { Sent } from './own.ts'
import { requireSound, toldChain, unitFor } from './requests.ts'
import { listOffers } from './sharing/suggest.ts'

type Trip = Omit<Sent<'previewRequest'>, 'organisationId'>

/** Only of places whose points are known: a name says a district, and no distance within it. */
function offersFor({ from, to, via, startsAt, passengers }: Trip, { km }: AppliedChain): GreenOffer[] {
  const isKnown = [from, ...via, to].every(({ lon }) => lon !== null)
  return greenOffers({ km: isKnown ? km : null, people: passengers, atMs: Date.parse(startsAt) })
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
  return {
    chain: await toldChain(db, chain, unit.lft, nowMs),
    green: offersFor(trip, chain),
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
