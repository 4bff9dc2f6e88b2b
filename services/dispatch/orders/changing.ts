// A request that is changed: what has become another matter is approved anew, from the first step, and gives back the vehicle that it had.
import type { RequestDetail, RequestFields } from '../../contracts/api/requests.ts'
import { Refusal } from '../../contracts/errors.ts'
import { refusal } from '../../contracts/refusals.ts'
import { isMaterial, requestLifecycle, requestNot } from '../../domain/requests.ts'
import { type Act, difference, requireVersion } from '../kernel/act.ts'
import { may } from '../kernel/caller.ts'
import { changeRow } from '../kernel/changeRow.ts'
import { keepStep } from '../kernel/procedure.ts'
import { beginColumns, chainFor } from './chains.ts'
import { withdrawOrder } from './orders.ts'
import type { Sent } from './own.ts'
import { loadRequest, type Request, requestColumns } from './requestRows.ts'
import {
  actOnRequest,
  answer,
  followOrder,
  levelsOf,
  mayBeChanged,
  ownReaderOf,
  requestProcedure,
  requireSound,
  requireTravellers,
  standsAt,
  subjectOf,
} from './requests.ts'
import { takeOut } from './sharing/trip.ts'

const iso = (instant: string): string => new Date(instant).toISOString()

/** How to reach whom may be put right at any time before the trip. @throws Refusal CONFLICT when it is under way or over, or would be of another kind */
export async function changeRequest(act: Act, requestId: number, { version, ...fields }: Sent<'changeRequest'>): Promise<RequestDetail> {
  const { client, nowMs } = act
  const old = await loadRequest(client, act.scope, ownReaderOf(act), requestId, 'FOR UPDATE OF r')
  requireVersion(old, version)
  const stands = standsAt(old, nowMs)
  const refuse = () => refusal('CONFLICT', 'params.requestId', 'request.not', requestNot(stands))
  if (!mayBeChanged({ ...old, state: stands })) throw refuse()
  // Another kind is another request: the one is approved first, the other afterwards.
  if (fields.kind !== old.kind) throw refusal('CONFLICT', 'body.kind', 'request.kind')
  const changed = difference<Partial<RequestFields>>(old, { ...fields, startsAt: iso(fields.startsAt), endsAt: iso(fields.endsAt) })
  // Nothing became another: sent twice, or saved as it was.
  if (Object.keys(changed.after).length === 0) return answer(act, requestId)
  if ('travellerIds' in changed.after) await requireTravellers(client, old.unit.organisationId, fields.travellerIds)
  if ('startsAt' in changed.after || 'endsAt' in changed.after) requireSound(fields, nowMs)
  const material = isMaterial(changed.after)
  if (material && old.state === 'DISPATCHED') {
    if (old.kind === 'emergency') throw refuse()
    await letGoOf(act, old)
  } else if (material) await takeOut(act, requestId)
  const anew = old.kind !== 'emergency' && material && ['SUBMITTED', 'APPROVED', 'DISPATCHED'].includes(old.state)
  // Where somebody has agreed already, it is sent anew; otherwise another chain may follow from it.
  const again = anew && (old.state !== 'SUBMITTED' || old.takers.some(({ action }) => action === 'agree'))
  const state = again ? 'SUBMITTED' : old.state
  const chain = anew ? await chainFor(client, old.unit.organisationId, fields, nowMs) : null
  await changeRow(
    client,
    { table: 'trip_requests', key: 'request_id', id: requestId },
    { ...requestColumns(fields), state, ...(chain && beginColumns(chain, nowMs)) },
  )
  await keepStep(
    act,
    requestProcedure,
    requestId,
    { action: again ? 'submit' : 'change', to: state, reason: '' },
    { changed: Object.keys(changed.after), ...(chain && levelsOf(chain)) },
  )
  if (again) act.notes.add(subjectOf(requestId), { state: old.state }, { state })
  act.record('request.change', subjectOf(requestId), { ...changed, ...(chain && { detail: levelsOf(chain) }) })
  return answer(act, requestId)
}

/** A request has no vehicle any more: those who travel with it go on without it; alone, its order is taken back. */
async function letGoOf(act: Act, { requestId, order }: Pick<Request, 'requestId' | 'order'>): Promise<void> {
  if (await takeOut(act, requestId)) await followOrder(act, requestId, 'reopen')
  else await withdrawOrder(act, order!.orderId)
}

/** Takes back a request; where it has a vehicle that has not left, it lets go of that first. */
export async function cancelRequest(act: Act, requestId: number, body: Sent<'actOnRequest'>): Promise<RequestDetail> {
  if (!may(act.caller, requestLifecycle.cancel.by)) throw new Refusal('FORBIDDEN')
  const request = await loadRequest(act.client, act.scope, ownReaderOf(act), requestId, 'FOR UPDATE OF r')
  if (request.state !== 'DISPATCHED' || !mayBeChanged(request)) return actOnRequest(act, requestId, body)
  requireVersion(request, body.version)
  await letGoOf(act, request)
  const { version } = await loadRequest(act.client, act.scope, ownReaderOf(act), requestId)
  return actOnRequest(act, requestId, { ...body, version })
}
