// What a tick of the live picture costs: every one of 23,188 vehicles changed, 100 viewers of different scopes, then ordinary ticks.
// node --import=tsx bench/live/picture.ts
import { allocateLiveFrame } from '../../services/contracts/liveFrame.ts'
import { liveViewSchema } from '../../services/contracts/liveSocket.ts'
import { countVehicles } from '../../services/dispatch/live/counts.ts'
import { FleetPicture } from '../../services/dispatch/live/fleetPicture.ts'
import { buildLedger } from '../../services/dispatch/live/ledger.ts'
import { Sights } from '../../services/dispatch/live/sights.ts'
import { Viewer } from '../../services/dispatch/live/viewer.ts'
import { energyTypes, vehicleCategories, vehicleClasses } from '../../services/domain/vehicle.ts'

const VEHICLES = 23_188
const VIEWERS = 100
const ROUNDS = 40
const nowS = 1_800_000_000

const organisations = new Map([[1, { lft: 1, rgt: 10_000 }]])
for (let k = 0; k < 12; k++) organisations.set(2 + k, { lft: 2 + k * 800, rgt: 1 + (k + 1) * 800 })
const ledger = buildLedger(
  Array.from({ length: VEHICLES }, (_, k) => ({
    vehicleId: k + 1,
    plate: `P${k}`,
    class: vehicleClasses[k % 3]!,
    category: vehicleCategories[k % 6]!,
    energy: energyTypes[k % 4]!,
    unitId: k % 4800,
    unitLft: 2 + ((k * 2) % 9600),
    adcode: `15${String(1 + (k % 9)).padStart(2, '0')}00`,
  })),
  organisations,
)
const picture = new FleetPicture(ledger)
const sights = new Sights()
let bytes = 0
const line = {
  isBusy: () => false,
  send: (_event: string, value: unknown) => {
    if (value instanceof Uint8Array) bytes += value.byteLength
  },
}
const beat = {
  countsOf: (view: { eligible: Uint8Array; wantedStatus: number }) => ({
    counts: countVehicles(picture, view.eligible, view.wantedStatus, 0),
    fingerprint: '',
  }),
  nowMs: 0,
  summaryMs: Number.POSITIVE_INFINITY,
}

/** Median milliseconds of a tick in which `dirty` vehicles changed, for viewers of these organisations. */
function measure(dirty: number, scopeOf: (viewer: number) => number): { applyMs: number; tickMs: number; bytesPerTick: number } {
  const viewers = Array.from({ length: VIEWERS }, (_, k) => {
    const viewer = new Viewer({ organisationId: scopeOf(k), vehicleId: null, cleared: [] }, line, sights)
    viewer.look(picture, liveViewSchema.parse({ bbox: [97, 37, 127, 54], zoom: 5 }), beat)
    return viewer
  })
  const apply: number[] = []
  const ticks: number[] = []
  bytes = 0
  for (let round = 1; round <= ROUNDS; round++) {
    const frame = allocateLiveFrame(dirty, { sequence: round, sender: 1, committedAtMs: 1 })
    for (let k = 0; k < dirty; k++) {
      frame.vehicleId[k] = 1 + ((k * 7919) % VEHICLES)
      frame.timeS[k] = nowS
      frame.lonE7[k] = 1_100_000_000 + k * 1000 + round
      frame.latE7[k] = 420_000_000
    }
    const startedAt = performance.now()
    picture.applyFrame(frame, nowS)
    const appliedAt = performance.now()
    for (const viewer of viewers) viewer.endTick(true, beat)
    picture.closeTick()
    apply.push(appliedAt - startedAt)
    ticks.push(performance.now() - appliedAt)
  }
  const median = (values: number[]) => Number(values.sort((a, b) => a - b)[values.length >> 1]!.toFixed(2))
  return { applyMs: median(apply), tickMs: median(ticks), bytesPerTick: Math.round(bytes / ROUNDS) }
}

const byLeague = (k: number) => 2 + (k % 12)
const figures = {
  allDirtyWholeRegion: measure(VEHICLES, () => 1),
  allDirtyLeagues: measure(VEHICLES, byLeague),
  ordinaryWholeRegion: measure(600, () => 1),
}
const startedAt = performance.now()
for (let k = 0; k < 100; k++) picture.age(nowS)
const agingMs = Number(((performance.now() - startedAt) / 100).toFixed(2))
console.warn(JSON.stringify({ vehicles: VEHICLES, viewers: VIEWERS, ...figures, agingMs }))
