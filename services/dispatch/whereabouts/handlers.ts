// The rows of the API table for who was where. Each question is on record before anything is read, and what was told before it leaves.
import type { Place } from '../../contracts/api/places.ts'
import { refusal } from '../../contracts/refusals.ts'
import { kindOfMeeting } from '../../domain/meetings.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database, Queryable } from '../../platform/db.ts'
import { grantFor, type Who } from '../kernel/caller.ts'
import { recordCaseLook } from '../kernel/caseLook.ts'
import { recordLook } from '../kernel/look.ts'
import type { Call, Handlers } from '../routes.ts'
import { recordAnswer, recordAsk, Sieve } from './ask.ts'
import { areaKm2, areaOf, instantOf, periodOf, placeAsked, ringOf } from './asked.ts'
import { readDoings } from './doing.ts'
import { findWhoWasHere } from './here.ts'
import { readInstant } from './instant.ts'
import { findMeetings } from './meetings.ts'
import { findNightPlaces } from './nights.ts'
import { HOUR_MS } from './units.ts'

const HERE_DAYS = 31
const MEETING_DAYS = 7
const NIGHT_DAYS = 93

export type WhereaboutsDeps = { db: Database; clock: Clock; findPlace: (who: Who, placeId: number) => Promise<Place | undefined> }

const iso = (ms: number): string => new Date(ms).toISOString()
const isoOrNull = (ms: number | null): string | null => (ms === null ? null : iso(ms))

/** Positions are kept from here on. */
async function readKeptFrom(db: Queryable): Promise<number | null> {
  const { rows } = await db.query<{ hour: number | null }>('SELECT min(hour) AS hour FROM position_hours')
  return rows[0]!.hour === null ? null : rows[0]!.hour * HOUR_MS
}

export function createWhereaboutsHandlers({ db, clock, findPlace }: WhereaboutsDeps) {
  /** A look at one vehicle, within a case where there must be one. */
  async function recordVehicle(call: Call<'findMeetings' | 'findNightPlaces'>, fromMs: number, untilMs: number): Promise<void> {
    const { caller, reach, params, query } = call
    const look = {
      caller,
      reach: { ...reach, vehicleId: null },
      vehicleId: params.vehicleId,
      action: 'track.view',
      part: 'track',
      atMs: clock.nowMs(),
    } as const
    const [from, to] = [new Date(fromMs), new Date(untilMs)]
    const within = query.caseId !== undefined || grantFor(caller, 'whereabouts.ask').caseRequired
    if (within) await recordCaseLook(db, { ...look, caseId: query.caseId, from, to })
    else await recordLook(db, { ...look, purpose: query.purpose, detail: { from, to } })
  }

  return {
    async getInstant({ caller, reach, query }) {
      const keptFromMs = await readKeptFrom(db)
      const atMs = instantOf(query.at, keptFromMs, clock.nowMs())
      const { caseId, purpose } = query
      const ask = await recordAsk(db, {
        caller,
        reach,
        kind: 'instant',
        caseId,
        purpose,
        about: {},
        fromMs: atMs,
        untilMs: atMs,
        atMs: clock.nowMs(),
      })
      const { seen, unseen, withheld } = await readInstant(db, ask)
      // Everybody in sight: named by the scope, and not one by one.
      await recordAnswer(db, ask, seen.length, [], withheld)
      return {
        ...{ askId: ask.askId, withheld, keptFrom: isoOrNull(keptFromMs), at: iso(atMs) },
        vehicleId: seen.map(({ vehicleId }) => vehicleId),
        plate: seen.map(({ plate }) => plate),
        class: seen.map((one) => one.class),
        lon: seen.map(({ fix }) => fix.lonE7 / 1e7),
        lat: seen.map(({ fix }) => fix.latE7 / 1e7),
        ageS: seen.map(({ fix }) => Math.max(0, Math.round((atMs - fix.ms) / 1000))),
        speedKph: seen.map(({ fix }) => fix.speedKph),
        unseen: { vehicleId: unseen.map(({ vehicleId }) => vehicleId), plate: unseen.map(({ plate }) => plate) },
      }
    },
    async findWhoWasHere({ caller, reach, query }) {
      const { caseId, purpose, area, datum, placeId } = query
      const nowMs = clock.nowMs()
      const period = periodOf(query, HERE_DAYS, nowMs)
      if ((area === undefined) === (placeId === undefined)) throw refusal('VALIDATION_FAILED', 'query.area', 'whereabouts.area')
      const shape = placeId === undefined ? areaOf(area!, datum) : placeAsked(await findPlace({ caller, reach }, placeId), period)
      const ring = ringOf(shape)
      const about = placeId === undefined ? { ring, datum } : { placeId, ring }
      const ask = await recordAsk(db, { caller, reach, kind: 'here', caseId, purpose, about, ...period, atMs: nowMs })
      const sieve = new Sieve(db, ask)
      const { visits, nextMs } = await findWhoWasHere(db, { shape, ...period }, (ids) => sieve.sift(ids))
      const named = visits.filter(({ vehicleId }) => sieve.named.has(vehicleId))
      const withheld = new Set(visits.map(({ vehicleId }) => vehicleId).filter((id) => sieve.withheld.has(id))).size
      const doings = await readDoings(db, named)
      const ids = [...new Set(named.map(({ vehicleId }) => vehicleId))]
      await recordAnswer(db, ask, named.length, ids, withheld)
      return {
        ...{
          askId: ask.askId,
          withheld,
          keptFrom: isoOrNull(await readKeptFrom(db)),
          next: isoOrNull(nextMs),
          ring,
          areaKm2: areaKm2(shape),
        },
        vehicles: ids.map((id) => sieve.named.get(id)!),
        visits: named.map(({ vehicleId, how, fromMs, untilMs, reports, began, ended, movingMs, standingMs }, n) => ({
          ...{ vehicleId, how, from: iso(fromMs), until: iso(untilMs), reports, began, ended },
          ...{ movingS: Math.round(movingMs / 1000), standingS: Math.round(standingMs / 1000), ...doings[n]! },
        })),
      }
    },
    async findMeetings(call) {
      const { caller, reach, params, query } = call
      const { caseId, purpose } = query
      const { vehicleId } = params
      const nowMs = clock.nowMs()
      const period = periodOf(query, MEETING_DAYS, nowMs)
      await recordVehicle(call, period.fromMs, period.untilMs)
      const ask = await recordAsk(db, { caller, reach, kind: 'meetings', caseId, purpose, about: { vehicleId }, ...period, atMs: nowMs })
      const sieve = new Sieve(db, ask)
      const { meetings, nextMs } = await findMeetings(db, { vehicleId, ...period }, (ids) => sieve.sift(ids))
      const named = meetings.filter((meeting) => sieve.named.has(meeting.vehicleId))
      const withheld = new Set(meetings.map((meeting) => meeting.vehicleId).filter((id) => sieve.withheld.has(id))).size
      const ids = [...new Set(named.map((meeting) => meeting.vehicleId))]
      await recordAnswer(db, ask, named.length, ids, withheld)
      return {
        ...{ askId: ask.askId, withheld, keptFrom: isoOrNull(await readKeptFrom(db)), next: isoOrNull(nextMs) },
        vehicles: ids.map((id) => sieve.named.get(id)!),
        meetings: named.map((meeting) => ({
          ...{ vehicleId: meeting.vehicleId, kind: kindOfMeeting(meeting), from: iso(meeting.fromMs), until: iso(meeting.untilMs) },
          ...{ nearestM: Math.round(meeting.nearestM * 10) / 10, meanM: Math.round(meeting.meanM * 10) / 10 },
          ...{
            ownWayM: Math.round(meeting.wayM[0]),
            wayM: Math.round(meeting.wayM[1]),
            at: [meeting.lon, meeting.lat] as [number, number],
          },
        })),
      }
    },
    async findNightPlaces(call) {
      const { fromMs, untilMs } = periodOf(call.query, NIGHT_DAYS, clock.nowMs())
      await recordVehicle(call, fromMs, untilMs)
      return findNightPlaces(db, call.params.vehicleId, fromMs, Math.min(untilMs, clock.nowMs()))
    },
  } satisfies Partial<Handlers>
}
