// The rows of the API table for who was where. Each question is on record before anything is read, and what was told before it leaves.
import type { Place } from '../../contracts/api/places.ts'
import { refusal } from '../../contracts/refusals.ts'
import type { Span } from '../../domain/cases.ts'
import { DAY_MS } from '../../domain/days.ts'
import { daysOf } from '../../domain/lookLaw.ts'
import { kindOfMeeting } from '../../domain/meetings.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database, Queryable } from '../../platform/db.ts'
import type { Who } from '../kernel/caller.ts'
import { recordPast } from '../kernel/pastLook.ts'
import type { Handlers } from '../routes.ts'
import { listCaseVehicles, recordAnswer, recordAsk, Sieve } from './ask.ts'
import { areaKm2, areaOf, instantOf, periodOf, placeAsked, ringOf } from './asked.ts'
import { findPairMeetings, PAIR_VEHICLE_DAYS } from './caseMeetings.ts'
import { readDoings } from './doing.ts'
import { findWhoWasHere } from './here.ts'
import { readInstant } from './instant.ts'
import { findMeetings, type MeetingWith } from './meetings.ts'
import { findNightPlaces } from './nights.ts'
import { HOUR_MS } from './units.ts'

const HERE_DAYS = 31
const MEETING_DAYS = 7
const NIGHT_DAYS = 93

type AskCall = Who & { query: { purpose?: string | undefined; caseId?: number | undefined } }
export type WhereaboutsDeps = { db: Database; clock: Clock; findPlace: (who: Who, placeId: number) => Promise<Place | undefined> }

const iso = (ms: number): string => new Date(ms).toISOString()
const isoOrNull = (ms: number | null): string | null => (ms === null ? null : iso(ms))

const tellMeeting = (meeting: MeetingWith) => ({
  ...{ vehicleId: meeting.vehicleId, kind: kindOfMeeting(meeting), from: iso(meeting.fromMs), until: iso(meeting.untilMs) },
  ...{ nearestM: Math.round(meeting.nearestM * 10) / 10, meanM: Math.round(meeting.meanM * 10) / 10 },
  ...{ ownWayM: Math.round(meeting.wayM[0]), wayM: Math.round(meeting.wayM[1]), at: [meeting.lon, meeting.lat] as [number, number] },
})

/** Positions are kept from here on. */
async function readKeptFrom(db: Queryable): Promise<number | null> {
  const { rows } = await db.query<{ hour: number | null }>('SELECT min(hour) AS hour FROM position_hours')
  return rows[0]!.hour === null ? null : rows[0]!.hour * HOUR_MS
}

export function createWhereaboutsHandlers({ db, clock, findPlace }: WhereaboutsDeps) {
  /** A look at one vehicle, within a case where there must be one. */
  const recordVehicle = ({ caller, reach, query }: AskCall, vehicleId: number, period: Span) =>
    recordPast(
      db,
      { action: 'track.view', part: 'track' },
      {
        ...{ caller, reach: { ...reach, vehicleId: null }, vehicleId, from: new Date(period.fromMs), to: new Date(period.untilMs) },
        ...{ purpose: query.purpose, caseId: query.caseId, atMs: clock.nowMs() },
      },
    )

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
      await recordVehicle(call, vehicleId, period)
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
        meetings: named.map(tellMeeting),
      }
    },
    async findCaseMeetings(call) {
      const { caller, reach, params, query } = call
      const { caseId } = params
      const nowMs = clock.nowMs()
      const period = periodOf(query, MEETING_DAYS, nowMs)
      const ask = await recordAsk(db, { caller, reach, kind: 'meetings', caseId, purpose: undefined, about: {}, ...period, atMs: nowMs })
      const { open, withheld } = await listCaseVehicles(db, ask)
      const most = Math.floor((10 * PAIR_VEHICLE_DAYS) / Math.max(1, open.length)) / 10
      if (open.length * daysOf(period.fromMs, period.untilMs) > PAIR_VEHICLE_DAYS)
        throw refusal('VALIDATION_FAILED', 'query.to', 'whereabouts.pairs', {
          ...{ vehicles: open.length, days: most, until: iso(period.fromMs + most * DAY_MS) },
        })
      for (const vehicleId of open) await recordVehicle({ caller, reach, query: { ...query, caseId } }, vehicleId, period)
      const sieve = new Sieve(db, ask)
      await sieve.sift(open)
      // One whose class was put right since it was put into the case may have become one that another person must release.
      const seen = open.filter((id) => sieve.named.has(id))
      const { meetings, nextMs } = await findPairMeetings(db, { vehicleIds: seen, ...period })
      const ids = [...new Set(meetings.flatMap(({ vehicleId, withId }) => [vehicleId, withId]))]
      const left = withheld + open.length - seen.length
      await recordAnswer(db, ask, meetings.length, ids, left)
      return {
        ...{ askId: ask.askId, withheld: left, keptFrom: isoOrNull(await readKeptFrom(db)), next: isoOrNull(nextMs) },
        vehicles: ids.map((id) => sieve.named.get(id)!),
        meetings: meetings.map((meeting) => ({ ...tellMeeting(meeting), withId: meeting.withId })),
      }
    },
    async findNightPlaces(call) {
      const { fromMs, untilMs } = periodOf(call.query, NIGHT_DAYS, clock.nowMs())
      await recordVehicle(call, call.params.vehicleId, { fromMs, untilMs })
      return findNightPlaces(db, call.params.vehicleId, fromMs, Math.min(untilMs, clock.nowMs()))
    },
  } satisfies Partial<Handlers>
}
