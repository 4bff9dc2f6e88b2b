// The live picture as pure code: whatever happens, snapshot then deltas show exactly what is true.
import fc from 'fast-check'
import t from 'tap'
import {
  allocateLiveFrame,
  decodeLiveFrame,
  FLAG_GONE,
  FLAG_STATUS_MASK,
  FLAG_STATUS_SHIFT,
  type LiveFrame,
} from '../../services/contracts/liveFrame.ts'
import { liveViewSchema } from '../../services/contracts/liveSocket.ts'
import { paddedBounds } from '../../services/dispatch/live/bounds.ts'
import { countVehicles } from '../../services/dispatch/live/counts.ts'
import { FleetPicture } from '../../services/dispatch/live/fleetPicture.ts'
import { GapDetector } from '../../services/dispatch/live/gaps.ts'
import { buildLedger, type LedgerVehicle } from '../../services/dispatch/live/ledger.ts'
import { Sights } from '../../services/dispatch/live/sights.ts'
import { View } from '../../services/dispatch/live/view.ts'
import { type Line, Viewer } from '../../services/dispatch/live/viewer.ts'
import { statusOf, vehicleStatuses } from '../../services/domain/status.ts'
import { energyTypes, vehicleCategories, vehicleClasses } from '../../services/domain/vehicle.ts'

const organisations = new Map([
  [1, { lft: 1, rgt: 8 }],
  [2, { lft: 2, rgt: 5 }],
  [3, { lft: 3, rgt: 4 }],
  [4, { lft: 6, rgt: 7 }],
])
const N = 24
const fleet: LedgerVehicle[] = Array.from({ length: N }, (_, k) => ({
  vehicleId: 1000 + k * 7,
  plate: `蒙A${String(k).padStart(5, '0')}`,
  class: vehicleClasses[k % 3]!,
  category: vehicleCategories[k % 6]!,
  energy: energyTypes[k % 4]!,
  unitId: k % 2 ? 3 : 4,
  unitLft: k % 2 ? 3 : 6,
  adcode: k % 2 ? '150102' : '150202',
}))
const T0 = 1_800_000_000

type Step =
  | { kind: 'report'; k: number; timeS: number; lon: number; speed: number; flags: number }
  | { kind: 'wait'; s: number }
  | { kind: 'tick'; busy: boolean }
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('report' as const),
      k: fc.nat(N - 1),
      timeS: fc.integer({ min: T0 - 1500, max: T0 + 900 }),
      lon: fc.integer({ min: 100, max: 120 }),
      speed: fc.constantFrom(0, 29, 30, 800),
      flags: fc.nat(1),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('wait' as const), s: fc.integer({ min: 1, max: 400 }) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('tick' as const), busy: fc.boolean() }) },
)
const view = fc.record({
  scope: fc.record({
    organisationId: fc.constantFrom(1, 2, 3, 4),
    vehicleId: fc.constantFrom(null, null, null, 1007, 0),
    cleared: fc.constant([]),
  }),
  request: fc.record({
    bbox: fc.constantFrom([90, 30, 130, 60], [105, 39, 112, 42], [100, 40.5, 101, 41]),
    zoom: fc.constant(6),
    filter: fc.record(
      {
        league: fc.constantFrom('150100', '150200', '150900'),
        organisationId: fc.constantFrom(1, 2, 4, 77),
        class: fc.constantFrom(...vehicleClasses),
        status: fc.constantFrom(...vehicleStatuses),
      },
      { requiredKeys: [] },
    ),
  }),
})

const frameOf = (step: Extract<Step, { kind: 'report' }>): LiveFrame => {
  const frame = allocateLiveFrame(1, { sequence: 1, sender: 1, committedAtMs: 1 })
  frame.vehicleId[0] = fleet[step.k]!.vehicleId
  frame.timeS[0] = step.timeS
  frame.lonE7[0] = step.lon * 1e7
  frame.latE7[0] = 41e7
  frame.speedDkph[0] = step.speed
  frame.flags[0] = step.flags
  return frame
}

const show = (shown: Map<number, string>, frame: LiveFrame) => {
  for (let k = 0; k < frame.count; k++) {
    const flags = frame.flags[k]!
    if (flags & FLAG_GONE) shown.delete(frame.vehicleId[k]!)
    else
      shown.set(
        frame.vehicleId[k]!,
        `${frame.lonE7[k]} ${frame.timeS[k]} ${vehicleStatuses[(flags & FLAG_STATUS_MASK) >> FLAG_STATUS_SHIFT]}`,
      )
  }
}

t.test('snapshot and deltas add up to the truth, also for a line that skips ticks', async (_t) => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), view, fc.nat(30), (steps, { scope, request }, openAt) => {
      const parsed = liveViewSchema.parse(request)
      const picture = new FleetPicture(buildLedger(fleet, organisations))
      const truth = new Map<number, Extract<Step, { kind: 'report' }>>()
      const shown = new Map<number, string>()
      let nowS = T0
      let looking: View | undefined
      const tick = (busy: boolean) => {
        if (looking && !busy) {
          const delta = looking.delta()
          if (delta) show(shown, delta)
        }
        picture.closeTick()
      }
      steps.forEach((each, at) => {
        if (at === openAt) {
          looking = new View(picture, scope, parsed, 1)
          show(shown, looking.snapshot())
        }
        if (each.kind === 'wait') {
          nowS += each.s
          picture.age(nowS)
        } else if (each.kind === 'tick') tick(each.busy)
        else {
          picture.applyFrame(frameOf(each), nowS)
          if (each.timeS >= (truth.get(each.k)?.timeS ?? 0)) truth.set(each.k, each)
        }
      })
      if (!looking) return true
      picture.age(nowS)
      tick(false)
      const box = paddedBounds(parsed.bbox)
      const scopeOf = organisations.get(scope.organisationId)!
      const { filter } = parsed
      const chosen =
        filter.organisationId === undefined ? { lft: 0, rgt: 99 } : (organisations.get(filter.organisationId) ?? { lft: 98, rgt: 98 })
      const expected = new Map<number, string>()
      for (const [k, { timeS, lon, speed, flags }] of truth) {
        const vehicle = fleet[k]!
        const status = statusOf(flags, speed, nowS - timeS)
        const inside =
          vehicle.unitLft >= scopeOf.lft &&
          vehicle.unitLft <= scopeOf.rgt &&
          vehicle.unitLft >= chosen.lft &&
          vehicle.unitLft <= chosen.rgt &&
          (scope.vehicleId === null || scope.vehicleId === vehicle.vehicleId) &&
          (!filter.league || filter.league === `${vehicle.adcode.slice(0, 4)}00`) &&
          (!filter.class || filter.class === vehicle.class) &&
          (!filter.status || filter.status === status) &&
          lon * 1e7 >= box.west &&
          lon * 1e7 <= box.east &&
          41e7 >= box.south &&
          41e7 <= box.north
        if (inside) expected.set(vehicle.vehicleId, `${lon * 1e7} ${timeS} ${status}`)
      }
      const sorted = (map: Map<number, string>) => JSON.stringify([...map].sort(([a], [b]) => a - b))
      return sorted(shown) === sorted(expected)
    }),
    { numRuns: 400, seed: 7 },
  )
})

t.test('viewers who share a sight are each shown the truth, whenever they come and whichever ticks their lines miss', async (_t) => {
  const act = fc.oneof(
    { weight: 6, arbitrary: step },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('join' as const), who: fc.nat(2) }) },
    {
      weight: 3,
      arbitrary: fc.record({ kind: fc.constant('ticks' as const), busy: fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }) }),
    },
  )
  fc.assert(
    fc.property(fc.array(act, { maxLength: 60 }), view, (acts, { scope, request }) => {
      const parsed = liveViewSchema.parse(request)
      const picture = new FleetPicture(buildLedger(fleet, organisations))
      const sights = new Sights()
      const beat = { countsOf: () => ({ counts: {} as never, fingerprint: '' }), nowMs: 0, summaryMs: 1e9 }
      const busy = [false, false, false]
      const seen = busy.map(() => new Map<number, string>())
      const joined = new Set<number>()
      const viewers = busy.map(
        (_, who) =>
          new Viewer(
            scope,
            {
              isBusy: () => busy[who]!,
              send: (event, value) => {
                if (!(value instanceof Uint8Array)) return
                if (event === 'snapshot') seen[who]!.clear()
                show(seen[who]!, decodeLiveFrame(value))
              },
            },
            sights,
          ),
      )
      let nowS = T0
      const tick = (next: readonly boolean[]) => {
        next.forEach((each, who) => {
          busy[who] = each
        })
        for (const viewer of viewers) viewer.endTick(true, beat)
        picture.closeTick()
      }
      for (const each of acts) {
        if (each.kind === 'join') {
          joined.add(each.who)
          viewers[each.who]!.look(picture, parsed, beat)
        } else if (each.kind === 'ticks') tick(each.busy)
        else if (each.kind === 'tick') tick([each.busy, false, each.busy])
        else if (each.kind === 'wait') {
          nowS += each.s
          picture.age(nowS)
        } else picture.applyFrame(frameOf(each), nowS)
      }
      tick([false, false, false])
      const truth = new Map<number, string>()
      show(truth, new View(picture, scope, parsed, 1).snapshot())
      const sorted = (map: Map<number, string>) => JSON.stringify([...map].sort(([a], [b]) => a - b))
      return sights.count <= 1 && [...joined].every((who) => sorted(seen[who]!) === sorted(truth))
    }),
    { numRuns: 400, seed: 7 },
  )
})

t.test('frames and snapshots commute, and counts add up', async (t) => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), fc.integer(), (steps, seed) => {
      const reports = steps
        .filter((each) => each.kind === 'report')
        .filter((each, k, all) => all.findIndex((o) => o.k === each.k && o.timeS === each.timeS) === k)
      const apply = (order: typeof reports) => {
        const picture = new FleetPicture(buildLedger(fleet, organisations))
        for (const each of order) {
          if ((each.k + seed) % 2) picture.applyFrame(frameOf(each), T0)
          else
            picture.applyState(
              {
                vehicleId: fleet[each.k]!.vehicleId,
                timeS: each.timeS,
                lonE7: each.lon * 1e7,
                latE7: 41e7,
                speedDkph: each.speed,
                headingDeg: 0,
                flags: each.flags,
              },
              T0,
            )
        }
        return picture
      }
      const picture = apply(reports)
      const other = apply([...reports].reverse())
      const counts = countVehicles(picture, new Uint8Array(N).fill(1), -1, 0)
      return (
        picture.lonE7.join() === other.lonE7.join() &&
        picture.status.join() === other.status.join() &&
        counts.all.total === N &&
        counts.byLeague.reduce((sum, { total }) => sum + total, 0) === N
      )
    }),
    { numRuns: 200, seed: 7 },
  )
  t.pass('held')
})

t.test('a slow line is sent nothing while it is busy, and then one merged delta', async (t) => {
  const picture = new FleetPicture(buildLedger(fleet, organisations))
  const sent: { event: string; bytes: number }[] = []
  let busy = false
  const line: Line = {
    isBusy: () => busy,
    send: (event, value) => {
      sent.push({ event, bytes: value instanceof Uint8Array ? value.byteLength : 0 })
    },
  }
  const beat = {
    countsOf: (view: View) => ({ counts: countVehicles(picture, view.eligible, -1, 0), fingerprint: String(picture.tick) }),
    nowMs: 0,
    summaryMs: 1e9,
  }
  const viewer = new Viewer({ organisationId: 1, vehicleId: null, cleared: [] }, line, new Sights())
  viewer.look(picture, liveViewSchema.parse({ bbox: [90, 30, 130, 60], zoom: 5 }), beat)
  t.same(
    sent.map(({ event }) => event),
    ['snapshot', 'counts'],
  )
  busy = true
  for (let round = 0; round < 500; round++) {
    picture.applyFrame(frameOf({ kind: 'report', k: round % N, timeS: T0 + round, lon: 110, speed: 0, flags: 0 }), T0)
    t.ok(viewer.endTick(true, beat), 'something stays owed') || t.bailout()
    picture.closeTick()
  }
  t.equal(sent.length, 2)
  busy = false
  viewer.endTick(false, beat)
  t.equal(sent.length, 3)
  t.same(sent[2], { event: 'delta', bytes: 24 + 21 * N })
})

t.test('holes in a sender’s numbering are gaps; a new sender in the middle is not known to be one', async (t) => {
  const gaps = new GapDetector()
  t.same(
    [1, 2, 3, 5, 4, 6].map((sequence) => gaps.arrive(9, sequence)),
    ['in-order', 'in-order', 'in-order', 'gap', 'in-order', 'in-order'],
  )
  t.equal(gaps.arrive(10, 1), 'in-order')
  t.equal(gaps.arrive(11, 40), 'unknown-sender')
})
