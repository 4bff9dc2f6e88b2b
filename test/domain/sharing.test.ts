// Shared rides: seats on every leg, nobody's ride too long, whoever is named, and what it saves.
import fc from 'fast-check'
import t from 'tap'
import { shareFen } from '../../services/domain/money.ts'
import {
  joinTrip,
  judgeTrip,
  leaveTrip,
  passengerMetres,
  type Rider,
  type SharedPlan,
  savedKmOf,
  stopsOf,
  type WayOf,
} from '../../services/domain/sharing.ts'

const START = Date.UTC(2026, 2, 2, 4)
const MINUTE_MS = 60_000
/** Places in minutes from the beginning of a road, and as many kilometres. */
type At = { from: number; to: number }
type One = { rider: Rider; at: At }
const one = (requestId: number, passengers: number, from: number, to: number, minutes = 0): One => ({
  rider: { requestId, passengers, wantsMs: START + minutes * MINUTE_MS, endsMs: START + 240 * MINUTE_MS, stops: 2 },
  at: { from, to },
})
const waysOf =
  (ones: readonly One[]): WayOf =>
  (a, b) => {
    const place = ({ requestId, n }: typeof a) => {
      const { at } = ones.find(({ rider }) => rider.requestId === requestId)!
      return n === 0 ? at.from : at.to
    }
    const far = Math.abs(place(a) - place(b))
    return { km: far, minutes: far }
  }
const alone = ({ rider }: One) => ({ riders: [rider], stops: stopsOf(rider) })
const join = (first: One, more: One, seats: number) => {
  const { riders, stops } = alone(first)
  return joinTrip(riders, stops, more.rider, waysOf([first, more]), seats)
}

t.test('of four seats three are taken: one is left, and two are refused; who gets off at B makes room for who gets on there', (t) => {
  const [three, two] = [one(1, 3, 0, 20), one(2, 2, 0, 20)]
  t.match(join(three, two, 4), { problem: { reason: 'share.seats', values: { left: 1, passengers: 2 } } })
  t.match(join(three, two, 5), { plan: { most: 5 } })
  const [toB, fromB] = [one(1, 3, 0, 10), one(2, 2, 10, 20)]
  t.match(join(toB, fromB, 4), { plan: { most: 3 } })
  t.end()
})

t.test('a ride of 50 minutes for a way of 20 is refused, and whose it is said', (t) => {
  // Fetched from behind and taken back: a quarter of an hour there and one back, in the middle of his way.
  const [first, far] = [one(1, 1, 0, 20), one(2, 1, -15, 0)]
  const ways: WayOf = (a, b) => (a.requestId === b.requestId ? { km: 20, minutes: 20 } : { km: 15, minutes: 15 })
  const judged = judgeTrip([first.rider, far.rider], [stopsOf(first.rider)[0]!, ...stopsOf(far.rider), stopsOf(first.rider)[1]!], ways, 4)
  t.match(judged, { problem: { reason: 'share.ride', requestId: 1, values: { directMin: 20, sharedMin: 50, mostMin: 35 } } })
  const [now, later] = [one(1, 1, 0, 20), one(2, 1, 60, 80)]
  const after = judgeTrip([now.rider, later.rider], [...stopsOf(now.rider), ...stopsOf(later.rider)], waysOf([now, later]), 4)
  t.match(after, { problem: { reason: 'share.window', requestId: 2 } }, 'nor is anybody late for it')
  t.match(join(one(1, 1, 0, 20), one(2, 1, 25, 22), 4), { problem: { reason: 'share.detour' } }, 'nor driven round for nothing')
  t.end()
})

t.test('what no road leads to is shared with nobody', (t) => {
  const { riders, stops } = alone(one(1, 1, 0, 20))
  const { rider } = one(2, 1, 0, 20)
  const judged = joinTrip(riders, stops, rider, (a, b) => (a.requestId === b.requestId ? { km: 1, minutes: 1 } : undefined), 4)
  t.match(judged, { problem: { reason: 'share.way' } })
  t.end()
})

const ones = fc
  .array(
    fc.record({
      passengers: fc.integer({ min: 1, max: 4 }),
      from: fc.integer({ min: 0, max: 40 }),
      way: fc.integer({ min: 5, max: 40 }),
      minutes: fc.integer({ min: -20, max: 40 }),
    }),
    { minLength: 2, maxLength: 4 },
  )
  .map((all) => all.map(({ passengers, from, way, minutes }, n) => one(n + 1, passengers, from, from + way, minutes)))

/** As many as can join, one after the other. */
function joined(all: readonly One[], seats: number): SharedPlan | undefined {
  let plan: SharedPlan | undefined
  let { riders, stops }: { riders: readonly Rider[]; stops: ReturnType<typeof stopsOf> } = alone(all[0]!)
  for (const { rider } of all.slice(1)) {
    const judged = joinTrip(riders, stops, rider, waysOf(all), seats)
    if (!('plan' in judged)) continue
    plan = judged.plan
    riders = plan.riders
    stops = plan.stops
  }
  return plan
}

t.test('on no leg sit more than there are seats, nobody beyond his limit, everybody gets on once and off once and after', (t) => {
  fc.assert(
    fc.property(ones, fc.integer({ min: 2, max: 8 }), (all, seats) => {
      const plan = joined(all, seats)
      if (!plan) return
      let load = 0
      for (const stop of plan.stops) {
        const { passengers } = plan.riders.find(({ requestId }) => requestId === stop.requestId)!
        load += stop.kind === 'board' ? passengers : -passengers
        if (load !== stop.load || load > seats || load < 0) throw new Error(`${load} of ${seats}`)
      }
      if (load !== 0) throw new Error('somebody stays')
      for (const { requestId, directMin, sharedMin, pickUpMs, dropOffMs, wantsMs } of plan.riders) {
        if (sharedMin > directMin + 15 || dropOffMs < pickUpMs) throw new Error(`${requestId}: ${sharedMin} for ${directMin}`)
        if (pickUpMs < wantsMs - 15 * MINUTE_MS - 1 || pickUpMs > wantsMs + 30 * MINUTE_MS + 1)
          throw new Error(`${requestId} at another time`)
        if (plan.stops.filter((stop) => stop.requestId === requestId).length !== 2) throw new Error('not once')
      }
    }),
  )
  t.end()
})

t.test(
  'those who travel are the same in whatever order they are named; without one it is the trip of the others; nothing is lost of what it costs',
  (t) => {
    fc.assert(
      fc.property(ones, fc.integer({ min: 1, max: 1_000_000 }), (all, fen) => {
        const plan = joined(all, 16)
        if (!plan) return
        const again = judgeTrip([...plan.riders].reverse(), plan.stops, waysOf(all), 16)
        if (!('plan' in again) || again.plan.most !== plan.most || again.plan.km !== plan.km || savedKmOf(again.plan) !== savedKmOf(plan))
          throw new Error('another trip')
        const gone = plan.riders.at(-1)!.requestId
        if (leaveTrip(plan.stops, gone).length !== plan.stops.length - 2) throw new Error('more than one left')
        const shares = shareFen(fen, plan.riders.map(passengerMetres))
        if (shares.reduce((sum, share) => sum + share, 0) !== fen) throw new Error(`${shares}`)
      }),
    )
    t.end()
  },
)
