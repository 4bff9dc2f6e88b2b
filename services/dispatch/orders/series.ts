// Requests that recur: asked for at once, all or none; each trip is a request of its own, and from one on all later ones are changed or taken
// back together.
import { randomUUID } from 'node:crypto'
import type { AnswerOf } from '../../contracts/api.ts'
import { canonicalJson } from '../../contracts/canonicalJson.ts'
import { Refusal } from '../../contracts/errors.ts'
import { refusal } from '../../contracts/refusals.ts'
import { dayAt } from '../../domain/days.ts'
import { permits } from '../../domain/lifecycle.ts'
import { type RequestState, type RequestTimes, requestLifecycle, requestNot } from '../../domain/requests.ts'
import { findOverlap, findSeriesProblem, occurrencesOf, type SeriesProblem } from '../../domain/series.ts'
import { sha256 } from '../../platform/crypto.ts'
import { type Act, requireVersion } from '../kernel/act.ts'
import { takeStep } from '../kernel/takeStep.ts'
import { changeRequest } from './changing.ts'
import type { Sent } from './own.ts'
import { loadRequest, type Request } from './requestRows.ts'
import { insertRequest, ownReaderOf, requestProcedure, unitFor } from './requests.ts'

type Answer = AnswerOf<'createSeries'>

const refuse = ({ field, reason, values }: SeriesProblem): Refusal => refusal('VALIDATION_FAILED', `body.${field}`, reason, values)
const iso = (ms: number): string => new Date(ms).toISOString()

async function answer({ client }: Act, seriesId: number): Promise<Answer> {
  const { rows } = await client.query<{ requestId: number; state: RequestState; startsAt: Date; version: number }>(
    `SELECT request_id AS "requestId", state, starts_at AS "startsAt", version FROM trip_requests WHERE series_id = $1 ORDER BY starts_at`,
    [seriesId],
  )
  return { seriesId, requests: rows.map((row) => ({ ...row, startsAt: row.startsAt.toISOString() })) }
}

/** Sent twice with one key it is one series. @throws Refusal VALIDATION_FAILED for the whole, naming what overlaps or the first trip that cannot be */
export async function createSeries(act: Act, body: Sent<'createSeries'>): Promise<Answer> {
  const { client, caller, nowMs } = act
  const { key, organisationId, recurrence, ...trip } = body
  const { organisationId: unitId } = await unitFor(act, organisationId)
  const digest = sha256(canonicalJson({ ...trip, recurrence, organisationId: unitId }))
  const { rows: earlier } = await client.query<{ id: number; digest: Buffer }>(
    'SELECT series_id AS id, digest FROM request_series WHERE applicant_id = $1 AND key = $2',
    [caller.accountId, key],
  )
  if (earlier[0]) {
    if (!earlier[0].digest.equals(digest)) throw refusal('CONFLICT', 'body.key', 'request.key')
    return answer(act, earlier[0].id)
  }
  const trips = occurrencesOf({ startsAtMs: Date.parse(trip.startsAt), endsAtMs: Date.parse(trip.endsAt) }, recurrence)
  const problem = findSeriesProblem(trips, nowMs)
  if (problem) throw refuse(problem)
  const { rows } = await client.query<{ id: number }>(
    `INSERT INTO request_series (unit_id, applicant_id, key, digest, recurrence, asked_at) VALUES ($1, $2, $3, $4, $5, $6) RETURNING series_id AS id`,
    [unitId, caller.accountId, key, digest, JSON.stringify(recurrence), new Date(nowMs)],
  )
  const seriesId = rows[0]!.id
  act.record('series.create', { type: 'series', id: seriesId }, { after: { ...recurrence, unitId, trips: trips.length } })
  for (const { startsAtMs, endsAtMs } of trips) {
    const fields = { ...trip, kind: 'pool' as const, startsAt: iso(startsAtMs), endsAt: iso(endsAtMs) }
    await insertRequest(act, { unitId, fields, state: 'SUBMITTED', key: randomUUID(), digest, seriesId })
  }
  return answer(act, seriesId)
}

/** The trips of a series from one on that are not over; the first is the one that is named. @throws Refusal NOT_FOUND, CHANGED_MEANWHILE; CONFLICT for one that has a vehicle */
async function lockFrom(act: Act, seriesId: number, { requestId, version }: { requestId: number; version: number }): Promise<Request[]> {
  const { client, scope } = act
  const reader = ownReaderOf(act)
  const first = await loadRequest(client, scope, reader, requestId, 'FOR UPDATE OF r')
  if (first.seriesId !== seriesId) throw new Refusal('NOT_FOUND')
  requireVersion(first, version)
  const { rows } = await client.query<{ id: number }>(
    `SELECT request_id AS id FROM trip_requests WHERE series_id = $1 AND starts_at > $2 AND request_id <> $3 ORDER BY starts_at`,
    [seriesId, first.startsAt, requestId],
  )
  const all = [first]
  for (const { id } of rows) all.push(await loadRequest(client, scope, reader, id, 'FOR UPDATE OF r'))
  const given = all.find(({ state }) => state === 'DISPATCHED')
  if (given) throw refusal('CONFLICT', 'body.requestId', 'series.given', { day: dayAt(Date.parse(given.startsAt)) })
  const living = all.filter(({ state }) => permits(requestLifecycle, 'cancel', state))
  if (living[0] !== first) throw refusal('CONFLICT', 'body.requestId', 'request.not', requestNot(first.state))
  return living
}

/** These trips, and those before them that are to be and meet one of them, in the order of their beginnings. */
async function withEarlier({ client }: Act, seriesId: number, first: Request, moved: readonly RequestTimes[]): Promise<RequestTimes[]> {
  const { rows } = await client.query<{ from: Date; until: Date }>(
    `SELECT starts_at AS "from", ends_at AS until FROM trip_requests WHERE series_id = $1 AND starts_at <= $2 AND request_id <> $3
       AND state NOT IN ('REJECTED', 'CANCELLED', 'DECLINED', 'EXPIRED')`,
    [seriesId, first.startsAt, first.requestId],
  )
  const met = rows
    .map(({ from, until }) => ({ startsAtMs: from.getTime(), endsAtMs: until.getTime() }))
    .filter((one) => moved.some(({ startsAtMs, endsAtMs }) => startsAtMs < one.endsAtMs && one.startsAtMs < endsAtMs))
  return [...met, ...moved].sort((a, b) => a.startsAtMs - b.startsAtMs)
}

/** This trip and all later ones: each by as much earlier or later and as long as this one, all else as it is said. */
export async function changeSeries(act: Act, seriesId: number, { requestId, version, ...fields }: Sent<'changeSeries'>): Promise<Answer> {
  const trips = await lockFrom(act, seriesId, { requestId, version })
  const shiftMs = Date.parse(fields.startsAt) - Date.parse(trips[0]!.startsAt)
  const lengthMs = Date.parse(fields.endsAt) - Date.parse(fields.startsAt)
  const moved = trips.map((trip) => {
    const startsAtMs = Date.parse(trip.startsAt) + shiftMs
    return { trip, startsAtMs, endsAtMs: startsAtMs + lengthMs }
  })
  const problem = findOverlap(await withEarlier(act, seriesId, trips[0]!, moved))
  if (problem) throw refuse(problem)
  for (const { trip, startsAtMs, endsAtMs } of moved)
    await changeRequest(act, trip.requestId, {
      ...fields,
      kind: 'pool',
      startsAt: iso(startsAtMs),
      endsAt: iso(endsAtMs),
      version: trip.version,
    })
  return answer(act, seriesId)
}

/** This trip and all later ones. */
export async function cancelSeries(act: Act, seriesId: number, { requestId, version, reason }: Sent<'cancelSeries'>): Promise<Answer> {
  for (const trip of await lockFrom(act, seriesId, { requestId, version }))
    await takeStep(act, requestProcedure, trip.requestId, { action: 'cancel', version: trip.version, reason })
  return answer(act, seriesId)
}
