// The laws of requests and orders: readings, times, the ranking, and tables of states without a dead end.

import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import t from 'tap'
import { billLifecycle } from '../../services/domain/costBook.ts'
import { isRested } from '../../services/domain/driverFitness.ts'
import { incidentLifecycle, incidentStates } from '../../services/domain/incidents.ts'
import { leaveLifecycle } from '../../services/domain/leave.ts'
import { actionsOf, type Lifecycle } from '../../services/domain/lifecycle.ts'
import { loanLifecycle } from '../../services/domain/loans.ts'
import { findReadingProblem, orderLifecycle, orderNumber, orderStates } from '../../services/domain/orders.ts'
import {
  type DriverOffer,
  freeTimes,
  judgeOffer,
  nextFree,
  rankPairs,
  tierWith,
  type VehicleOffer,
  type Wanted,
} from '../../services/domain/ranking.ts'
import { findRequestProblem, heldFor, isMaterial, requestLifecycle, requestStates } from '../../services/domain/requests.ts'
import { findSeriesProblem, MOST_OCCURRENCES, occurrencesOf, type Recurrence, recurrenceSchema } from '../../services/domain/series.ts'
import { rideLifecycle } from '../../services/domain/sharing.ts'
import { findUnserved } from '../../services/domain/unserved.ts'
import { drawsOf, wantOf } from '../../services/embedded/demand/wants.ts'

const HOUR_MS = 3_600_000
const NOW_MS = Date.UTC(2026, 2, 2, 4)

t.test('every state of a request and of an order is reached and left, or is an end', (t) => {
  for (const [states, lifecycle, start, ends] of [
    [requestStates, requestLifecycle, ['DRAFT', 'SUBMITTED', 'APPROVED'], ['COMPLETED', 'DECLINED', 'REJECTED', 'CANCELLED']],
    [orderStates, orderLifecycle, ['DISPATCHED', 'ACCEPTED'], ['CLOSED', 'DECLINED', 'VOIDED']],
    [incidentStates, incidentLifecycle, ['OPEN'], ['CLOSED']],
  ] as const) {
    const table: Lifecycle<string> = lifecycle
    const entered = new Set<string>([...start, ...Object.values(table).map(({ to }) => to)])
    for (const state of states) {
      t.ok(entered.has(state), `${state} is reached`)
      const leading = actionsOf(table, state).filter((action) => table[action]!.to !== state)
      t.equal(leading.length === 0, (ends as readonly string[]).includes(state), `${state} is left, or is an end`)
    }
  }
  t.end()
})

/** The table as a diagram. */
function diagramOf(lifecycle: Lifecycle<string>): string {
  const arrows = Object.entries(lifecycle).flatMap(([action, { from, to, by }]) =>
    from.map((each) => `  ${each} --> ${to}: ${action} (${by})`),
  )
  return ['```mermaid', 'stateDiagram-v2', ...arrows, '```'].join('\n')
}

t.test('docs/orders.md and docs/costs.md draw the tables as they are', (t) => {
  const page = readFileSync('docs/orders.md', 'utf8')
  for (const lifecycle of [requestLifecycle, orderLifecycle, incidentLifecycle, leaveLifecycle, loanLifecycle, rideLifecycle])
    t.ok(page.includes(diagramOf(lifecycle)), `\n${diagramOf(lifecycle)}`)
  t.ok(readFileSync('docs/costs.md', 'utf8').includes(diagramOf(billLifecycle)), `\n${diagramOf(billLifecycle)}`)
  t.end()
})

t.test('an odometer does not go back, and further than anybody drives it is asked about', (t) => {
  const out = { km: 45_210, atMs: NOW_MS }
  t.equal(findReadingProblem(out, { km: 45_265, atMs: NOW_MS + 2 * HOUR_MS }), null)
  t.match(findReadingProblem(out, { km: 45_209, atMs: NOW_MS + HOUR_MS }), { reason: 'odometer.back', values: { least: 45_210 } })
  t.match(findReadingProblem(out, { km: 452_650, atMs: NOW_MS + 2 * HOUR_MS }), { reason: 'odometer.far', values: { most: 45_471 } })
  t.equal(orderNumber(2026, 12), '〔2026〕0012')
  t.end()
})

t.test('the times of a request are sound, or the nearest that would be is told', (t) => {
  const at = (hours: number) => NOW_MS + hours * HOUR_MS
  const problem = (from: number, until: number) => findRequestProblem({ startsAtMs: at(from), endsAtMs: at(until) }, NOW_MS)?.reason
  t.equal(problem(0, 1), undefined)
  t.equal(problem(-0.1, 1), undefined, 'while it is sent the clock goes on')
  t.equal(problem(-1, 1), 'request.past')
  t.equal(problem(2, 2), 'request.order')
  t.equal(problem(1, 1 + 24 * 32), 'request.long')
  t.equal(problem(24 * 181, 24 * 181 + 1), 'request.far')
  t.ok(isMaterial({ to: {} }) && isMaterial({ endsAt: '' }) && !isMaterial({ contactPhone: '', note: '', travellers: '' }))
  t.end()
})

const leg = (km: number) => ({ km, minutes: km * 2, by: 'estimate' as const })
const vehicle = (vehicleId: number, changes: Partial<VehicleOffer> = {}): VehicleOffer => ({
  vehicleId,
  kind: 'any',
  state: 'AVAILABLE',
  seats: 5,
  tier: 'own',
  lending: { loans: [], agreed: false },
  equipment: [],
  electric: false,
  socPct: null,
  inspectionUntil: null,
  insuranceUntil: null,
  pickUp: leg(3),
  cutOff: false,
  ordersNear: 0,
  bookings: [],
  ...changes,
})
const driver = (driverId: number, changes: Partial<DriverOffer> = {}): DriverOffer => ({
  driverId,
  tier: 'own',
  usual: null,
  ordersNear: 0,
  dayMin: 0,
  unknownYear: null,
  onCall: false,
  reasons: [],
  judge: () => [],
  ...changes,
})
const wanted = {
  equipment: [],
  startsAtMs: NOW_MS + 24 * HOUR_MS,
  endsAtMs: NOW_MS + 26 * HOUR_MS,
  passengers: 3,
  withDriver: true,
  distanceKm: 40,
  urgent: false,
}

t.test('each vehicle that cannot take a trip is told every reason, and each that can has its place by reasons that add up', (t) => {
  const bookings = [{ fromMs: wanted.startsAtMs, untilMs: wanted.endsAtMs, reason: 'trip' as const, holder: 'order:1' }]
  const { pairs, excluded } = rankPairs(
    wanted,
    [
      vehicle(1, { seats: 3, inspectionUntil: '2026-03-02' }),
      vehicle(2, { bookings }),
      vehicle(3, { state: 'MAINTENANCE' }),
      vehicle(4, { electric: true, socPct: 20 }),
      vehicle(5, { tier: 'upper' }),
      vehicle(6),
      vehicle(7, { pickUp: leg(30) }),
    ],
    [driver(1, { usual: 6 }), driver(2)],
  )
  t.same(
    excluded.map(({ vehicleId, reasons }) => [vehicleId, reasons.map(({ code }) => code)]),
    [
      [1, ['EXPIRES', 'SEATS']],
      [2, ['BUSY']],
      [3, ['STATE']],
      [4, ['CHARGE']],
    ],
  )
  t.same(
    pairs.map(({ vehicleId, driverId }) => [vehicleId, driverId]),
    [
      [6, 1],
      [5, 2],
      [7, 2],
    ],
  )
  for (const { points, why } of pairs)
    t.equal(
      points,
      why.reduce((sum, reason) => sum + reason.points, 0),
    )
  t.same(rankPairs(wanted, [vehicle(1)], [driver(1, { reasons: [{ code: 'OFF_DUTY', detail: {} }] })]).excluded[0]!.reasons, [
    { code: 'NO_DRIVER', detail: { OFF_DUTY: 1 } },
  ])
  t.end()
})

t.test('who is on call in an emergency comes after whoever is at work, and it is said', (t) => {
  const called = driver(1, { usual: 1, onCall: true })
  const ofPair = (drivers: DriverOffer[]) => rankPairs({ ...wanted, urgent: true }, [vehicle(1)], drivers).pairs[0]!
  t.match(ofPair([called]), { driverId: 1 })
  t.match(
    ofPair([called]).why.map(({ code, points }) => [code, points]),
    [
      ['TIER', 40],
      ['PICK_UP', 24],
      ['SEATS', -2],
      ['USE', 0],
      ['ON_CALL', -20],
      ['USUAL_DRIVER', 10],
    ],
  )
  t.match(ofPair([called, driver(2, { ordersNear: 5 })]), { driverId: 2 })
  t.match(ofPair([called, driver(2, { unknownYear: '2027' })]), { driverId: 2 })
  t.match(ofPair([called, driver(2, { tier: 'other' })]), { driverId: 1 }, 'not another unit’s, before one’s own')
  const trip = { fromMs: NOW_MS, untilMs: NOW_MS + HOUR_MS }
  const rested = (hoursBefore: number, hoursAfter: number) =>
    isRested(
      trip,
      [
        { fromMs: NOW_MS - (hoursBefore + 1) * HOUR_MS, untilMs: NOW_MS - hoursBefore * HOUR_MS },
        { fromMs: NOW_MS + (1 + hoursAfter) * HOUR_MS, untilMs: NOW_MS + 30 * HOUR_MS },
      ],
      8,
    )
  t.same(
    [rested(8, 8), rested(7.9, 8), rested(8, 7.9), isRested(trip, [], 8), isRested(trip, [trip], 8)],
    [true, false, false, true, false],
  )
  t.end()
})

t.test('a trip that nothing can be given to has its own reason, found by trying it alone', (t) => {
  const why = (vehicles: VehicleOffer[], drivers: DriverOffer[], more: object = {}) => {
    const trip = { ...wanted, ...more }
    return findUnserved(trip, vehicles, drivers, rankPairs(trip, vehicles, drivers).pairs.length)
  }
  const bookings = [{ fromMs: wanted.startsAtMs, untilMs: wanted.endsAtMs, reason: 'trip' as const, holder: 'order:1' }]
  const upkeep = [{ ...bookings[0]!, reason: 'maintenance' as const, holder: null }]
  t.equal(why([vehicle(1)], [driver(1)]), null)
  t.match(why([vehicle(1), vehicle(2, { seats: 7 })], [driver(1)], { passengers: 9 }), {
    code: 'SEATS',
    detail: { places: 6, passengers: 9 },
  })
  t.match(why([vehicle(1, { bookings: upkeep })], [driver(1)]), { code: 'BUSY', holders: [] }, 'upkeep is no other trip')
  t.same(why([], [driver(1)]), { code: 'NOTHING', holders: [], detail: {} })
  const crowd = { passengers: 60 }
  const anothers = vehicle(3, { tier: 'other' })
  t.match(why([anothers], [driver(1)]), { code: 'NO_LOAN' }, 'a loan is all that is missing')
  t.match(why([anothers, vehicle(1, { seats: 12 })], [driver(1)], crowd), { code: 'SEATS', detail: { places: 11 } }, 'no loan has 60 seats')
  t.match(why([anothers, vehicle(4, { tier: 'other', cutOff: true })], [driver(1)], crowd), { code: 'SEATS', detail: { passengers: 60 } })
  t.match(why([vehicle(1, { state: 'MAINTENANCE', equipment: ['lift'] }), vehicle(2)], [driver(1)], { equipment: ['lift'] }), {
    code: 'EQUIPMENT',
  })
  const offDuty = driver(1, { reasons: [{ code: 'OFF_DUTY', detail: {} }] })
  t.same(why([vehicle(1, { bookings })], [offDuty]), { code: 'DRIVERS', holders: [], detail: {} })
  t.same(why([vehicle(1, { cutOff: true })], [driver(1)]), { code: 'UNREACHABLE', holders: [], detail: {} })
  t.same(why([vehicle(1, { bookings }), vehicle(2, { seats: 2 })], [driver(1)]), { code: 'DISPLACED', holders: ['order:1'], detail: {} })
  const busy = driver(1, { reasons: [{ code: 'BUSY', detail: { holder: 'order:7' } }] })
  t.same(why([vehicle(1)], [busy]), { code: 'DISPLACED', holders: ['order:7'], detail: {} }, 'the driver is elsewhere')
  t.end()
})

t.test('of five trips each that is not served has its own reason: equipment, drivers, no road, and who came before it', (t) => {
  const t1 = { fromMs: wanted.startsAtMs, untilMs: wanted.endsAtMs, reason: 'trip' as const, holder: 'order:1' }
  const why = (trip: Wanted, cars: VehicleOffer[], drivers: DriverOffer[]) =>
    findUnserved(trip, cars, drivers, rankPairs(trip, cars, drivers).pairs.length)
  const last = vehicle(1, { bookings: [t1] })
  const day = driver(1)
  t.equal(why(wanted, [vehicle(1)], [day]), null, 'T1')
  const lift: Wanted = { ...wanted, equipment: ['lift'] }
  t.same(why(lift, [last], [day]), { code: 'EQUIPMENT', holders: [], detail: { missing: 'lift' } }, 'T2: no such car, whatever T1 has')
  t.match(rankPairs(lift, [vehicle(1)], [day]).excluded, [{ reasons: [{ code: 'EQUIPMENT', detail: { missing: 'lift' } }] }])
  t.match(rankPairs(lift, [vehicle(2, { equipment: ['lift', 'cold_box'] })], [day]).pairs[0]!.why, [
    { code: 'TIER' },
    { code: 'PICK_UP' },
    { code: 'EQUIPMENT', detail: { has: 'lift' } },
  ])
  const off = driver(1, { reasons: [{ code: 'OFF_DUTY', detail: {} }] })
  t.same(why(wanted, [last], [off]), { code: 'DRIVERS', holders: [], detail: {} }, 'T3: off duty')
  t.same(why(wanted, [{ ...last, cutOff: true }], [day]), { code: 'UNREACHABLE', holders: [], detail: {} }, 'T4: no route')
  t.same(why(wanted, [last], [day]), { code: 'DISPLACED', holders: ['order:1'], detail: {} }, 'T5: T1 has the last car')
  t.end()
})

t.test('the ranking does not depend on the order in which it is asked', (t) => {
  const offers = fc.array(
    fc.record({
      id: fc.integer({ min: 1, max: 60 }),
      seats: fc.integer({ min: 2, max: 9 }),
      tier: fc.constantFrom('own', 'pool', 'other'),
      km: fc.integer({ min: 0, max: 40 }),
    }),
    { maxLength: 20 },
  )
  fc.assert(
    fc.property(offers, fc.integer(), (given, seed) => {
      const vehicles = [...new Map(given.map((each) => [each.id, each])).values()].map(({ id, seats, tier, km }) =>
        vehicle(id, { seats, tier: tier as 'own', pickUp: leg(km) }),
      )
      const drivers = [driver(1), driver(2, { tier: 'pool' }), driver(3, { ordersNear: 2 })]
      const shuffled = vehicles.toSorted((a, b) => ((a.vehicleId * 31 + seed) % 97) - ((b.vehicleId * 31 + seed) % 97))
      t.same(rankPairs(wanted, shuffled, drivers.toReversed()).pairs, rankPairs(wanted, vehicles, drivers).pairs)
    }),
    { numRuns: 60 },
  )
  t.end()
})

t.test('what is another unit’s is taken on loan alone, or in an emergency; what is lent away is with somebody else', (t) => {
  const codes = (changes: Partial<VehicleOffer>, urgent = false) =>
    judgeOffer(vehicle(1, changes), { ...wanted, urgent }).map(({ code, detail }) => [code, detail.to].filter(Boolean).join(' '))
  const loan = (forAsker: boolean, fromMs: number, untilMs: number) => ({
    loans: [{ fromMs, untilMs, borrower: '甲', forAsker }],
    agreed: false,
  })
  const { startsAtMs, endsAtMs } = wanted
  t.same(codes({ tier: 'other' }), ['NO_LOAN'])
  t.same(codes({ tier: 'other' }, true), [])
  t.same(codes({ tier: 'upper' }), [])
  t.same(codes({ lending: loan(false, startsAtMs, endsAtMs) }), ['LENT 甲'], 'whose it is may not either')
  t.same(codes({ lending: loan(false, endsAtMs + 16 * 60_000, endsAtMs + HOUR_MS) }), [], 'after it is cleaned')
  for (const tier of ['upper', 'other'] as const) {
    t.equal(tierWith(tier, loan(true, startsAtMs, endsAtMs), wanted), 'loan')
    t.equal(tierWith(tier, loan(true, startsAtMs + 1, endsAtMs), wanted), tier, 'not the whole trip')
    t.equal(tierWith(tier, { loans: [], agreed: true }, wanted), 'loan')
  }
  t.equal(tierWith('pool', { loans: [], agreed: true }, wanted), 'pool')
  const order = (['own', 'pool', 'loan', 'upper'] as const).map((tier, n) => vehicle(9 - n, { tier }))
  t.same(
    rankPairs(wanted, order, [driver(1)]).pairs.map(({ vehicleId }) => vehicleId),
    [9, 8, 7, 6],
  )
  t.end()
})

t.test('the next free time leaves room for preparation and cleaning between what is booked', (t) => {
  const at = (hours: number) => NOW_MS + hours * HOUR_MS
  const trip = { startsAtMs: at(9), endsAtMs: at(10) }
  const booked = (from: number, until: number | null) => ({
    fromMs: at(from),
    untilMs: until === null ? null : at(until),
    reason: 'trip' as const,
    holder: 'order:1',
  })
  t.equal(nextFree(trip, []), at(9))
  t.equal(nextFree(trip, [booked(7.75, 9.25)]), at(9.5))
  t.equal(nextFree(trip, [booked(7.75, 9.25), booked(10, 11)]), at(11.25), 'an hour with both does not fit between')
  t.equal(nextFree(trip, [booked(8, null)]), null)
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 1, max: 12 })), { maxLength: 12 }), (spans) => {
      const bookings = spans
        .map(([from, hours]) => booked(from, from + hours))
        .sort((a, b) => a.fromMs - b.fromMs || a.untilMs! - b.untilMs!)
      const free = nextFree(trip, bookings)!
      const held = heldFor({ startsAtMs: free, endsAtMs: free + HOUR_MS })
      return bookings.every(({ fromMs, untilMs }) => untilMs! <= held.fromMs || fromMs >= held.untilMs)
    }),
  )
  t.end()
})

t.test('the list of free times and the next free time say the same, and so does what is written', (t) => {
  const at = (hours: number) => NOW_MS + hours * HOUR_MS
  const booked = (from: number, until: number | null) => ({ fromMs: at(from), untilMs: until === null ? null : at(until) })
  const window = { startsAtMs: at(9), endsAtMs: at(12) }
  // Held from 07:45 to 09:15 for a trip from 08:00 to 09:00: half an hour lies between two trips.
  const early = booked(7.75, 9.25)
  t.same(freeTimes(window, [early]), [{ startsAtMs: at(9.5), endsAtMs: at(12) }])
  t.same(freeTimes(window, [early, booked(10.75, 12.25)]), [{ startsAtMs: at(9.5), endsAtMs: at(10.5) }])
  t.same(freeTimes(window, [early, booked(11, null)]), [{ startsAtMs: at(9.5), endsAtMs: at(10.75) }])
  t.same(freeTimes(window, [booked(0, null)]), [])
  t.same(freeTimes(window, []), [window])
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 24 }), fc.integer({ min: 1, max: 4 })), { maxLength: 6 }), (spans) => {
      const bookings = spans
        .map(([from, hours]) => booked(from, from + hours))
        .sort((a, b) => a.fromMs - b.fromMs || a.untilMs! - b.untilMs!)
      return freeTimes({ startsAtMs: at(0), endsAtMs: at(24) }, bookings).every(
        (free) =>
          nextFree(free, bookings) === free.startsAtMs &&
          nextFree({ ...free, endsAtMs: free.startsAtMs + 60_000 }, bookings) === free.startsAtMs,
      )
    }),
  )
  t.end()
})

t.test('what the demo asks for hangs on its seed alone: not on the order in which things are done, nor on the zone of the process', (t) => {
  const zone = process.env.TZ
  t.teardown(() => {
    if (zone === undefined) delete process.env.TZ
    else process.env.TZ = zone
  })
  const numbers = Array.from({ length: 120 }, (_, n) => n)
  const asked = (order: readonly number[], tz: string) => {
    process.env.TZ = tz
    const wants = new Map(order.map((n) => [n, wantOf(drawsOf(7, n), NOW_MS, n % 4 === 0)]))
    return JSON.stringify(numbers.map((n) => wants.get(n)))
  }
  const first = asked(numbers, 'UTC')
  t.equal(asked(numbers, 'UTC'), first)
  t.equal(asked(numbers, 'Asia/Shanghai'), first)
  // Eight at work, each with every eighth, and what is read in another order.
  t.equal(
    asked(
      [...numbers].sort((a, b) => (a % 8) - (b % 8) || b - a),
      'Asia/Shanghai',
    ),
    first,
  )
  t.ok(new Set(numbers.map((n) => JSON.stringify(wantOf(drawsOf(7, n), NOW_MS, false)))).size > 110, 'and they differ')
  t.end()
})

/** Wall clock of the region, `2027-03-03 08:00`. */
const wall = (ms: number): string => new Date(ms + 8 * HOUR_MS).toISOString().slice(0, 16).replace('T', ' ')
const wallMs = (text: string): number => Date.parse(`${text.replace(' ', 'T')}:00+08:00`)
const series = (from: string, until: string, recurrence: object) =>
  occurrencesOf({ startsAtMs: wallMs(from), endsAtMs: wallMs(until) }, recurrenceSchema.parse(recurrence) as Recurrence)

t.test('a series keeps the hour of the region, and its end counts itself though it is written in another zone', (t) => {
  const wednesdays = series('2027-03-03 08:00', '2027-03-03 10:00', { every: 'week', until: '2027-03-17T00:00:00Z' })
  t.same(
    wednesdays.map(({ startsAtMs }) => wall(startsAtMs)),
    ['2027-03-03 08:00', '2027-03-10 08:00', '2027-03-17 08:00'],
  )
  t.equal(series('2027-03-03 08:00', '2027-03-03 10:00', { every: 'week', until: '2027-03-16T23:59:59Z' }).length, 2)
  const starts = (from: string, recurrence: object) =>
    series(from, `${from.slice(0, 11)}23:00`, recurrence).map(({ startsAtMs }) => wall(startsAtMs).slice(5, 10))
  t.same(starts('2027-01-31 09:00', { every: 'month', times: 3 }), ['01-31', '03-31', '05-31'], 'a month without the day is left out')
  t.same(starts('2027-01-06 00:30', { every: 'week', weekdays: 0b0010101, interval: 2, times: 5 }), [
    '01-06',
    '01-08',
    '01-18',
    '01-20',
    '01-22',
  ])
  t.same(starts('2027-02-27 09:00', { every: 'day', interval: 2, times: 3 }), ['02-27', '03-01', '03-03'])
  t.notOk(recurrenceSchema.safeParse({ every: 'week' }).success, 'without an end')
  t.notOk(recurrenceSchema.safeParse({ every: 'week', times: 2, until: '2027-03-17T00:00:00Z' }).success)
  t.end()
})

t.test('a series whose trips overlap, that is too long or means nothing is refused as a whole', (t) => {
  const overlapping = series('2026-03-09 08:00', '2026-03-16 12:00', { every: 'week', times: 3 })
  t.match(findSeriesProblem(overlapping, NOW_MS), { reason: 'series.overlap', values: { first: 1, second: 2, overlap: '4 h' } })
  const touching = series('2026-03-09 08:00', '2026-03-16 08:00', { every: 'week', times: 3 })
  t.equal(findSeriesProblem(touching, NOW_MS), null)
  t.match(findSeriesProblem(series('2026-03-09 08:00', '2026-03-09 09:00', { every: 'day', until: '2026-08-01T00:00:00Z' }), NOW_MS), {
    reason: 'series.many',
    values: { most: MOST_OCCURRENCES },
  })
  t.match(findSeriesProblem(series('2026-03-09 08:00', '2026-03-09 09:00', { every: 'day', until: '2026-03-08T00:00:00Z' }), NOW_MS), {
    reason: 'series.none',
  })
  t.match(findSeriesProblem(series('2026-03-09 08:00', '2026-03-09 09:00', { every: 'month', times: 8 }), NOW_MS), {
    reason: 'request.far',
  })
  t.end()
})

t.test('whatever recurs is in order, at one hour, as long as the first and as often as was said', (t) => {
  const recurrence = fc.record({
    every: fc.constantFrom('day' as const, 'week' as const, 'month' as const),
    interval: fc.integer({ min: 1, max: 52 }),
    times: fc.integer({ min: 1, max: MOST_OCCURRENCES }),
  })
  fc.assert(
    fc.property(recurrence, fc.integer({ min: 0, max: 1_000_000 }), fc.integer({ min: 1, max: 20_000 }), (rule, startMin, lengthMin) => {
      const startsAtMs = NOW_MS + startMin * 60_000
      const trips = occurrencesOf({ startsAtMs, endsAtMs: startsAtMs + lengthMin * 60_000 }, rule)
      return (
        trips.length === rule.times &&
        trips[0]!.startsAtMs === startsAtMs &&
        trips.every(
          (trip, n) => trip.endsAtMs - trip.startsAtMs === lengthMin * 60_000 && (n === 0 || trip.startsAtMs > trips[n - 1]!.startsAtMs),
        ) &&
        new Set(trips.map((trip) => wall(trip.startsAtMs).slice(11))).size === 1
      )
    }),
  )
  t.end()
})
