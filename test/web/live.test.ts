import t from 'tap'
import type { LiveView } from '../../services/contracts/liveSocket.ts'
import { byAttention } from '../../web/pages/live/attention.ts'
import { extended } from '../../web/pages/live/useTrail.ts'
import { nextView, widen } from '../../web/parts/live/askedView.ts'
import { stripDays } from '../../web/parts/vehicle/stripDays.ts'

const view = (bbox: LiveView['bbox'], more: Partial<LiveView> = {}): LiveView => ({ bbox, zoom: 9, detail: 'marks', filter: {}, ...more })

t.test('the first view is asked for, a little wider than seen', async (t) => {
  t.same(nextView(null, view([110, 40, 112, 41]))?.bbox, [109.5, 39.75, 112.5, 41.25])
})

t.test('a small move of the map asks for nothing', async (t) => {
  const asked = nextView(null, view([110, 40, 112, 41]))
  t.equal(nextView(asked, view([110.2, 40.1, 112.2, 41.1])), null)
  t.equal(nextView(asked, view([110, 40, 112, 41])), null)
})

t.test('a move out of what was asked for, a filter or another detail asks again', async (t) => {
  const asked = nextView(null, view([110, 40, 112, 41]))
  t.ok(nextView(asked, view([111, 40, 113, 41])))
  t.ok(nextView(asked, view([110, 40, 112, 41], { filter: { status: 'moving' } })))
  t.ok(nextView(asked, view([110, 40, 112, 41], { detail: 'cells' })))
})

t.test('zooming far in asks again for less', async (t) => {
  const asked = nextView(null, view([110, 40, 112, 41]))
  t.ok(nextView(asked, view([111, 40.5, 111.1, 40.55])))
})

t.test('cells are asked for again at each zoom level', async (t) => {
  const asked = nextView(null, view([110, 40, 112, 41], { detail: 'cells', zoom: 6.9 }))
  t.equal(nextView(asked, view([110, 40, 112, 41], { detail: 'cells', zoom: 6.2 })), null)
  t.ok(nextView(asked, view([110, 40, 112, 41], { detail: 'cells', zoom: 7 })))
})

t.test('a view never reaches beyond the world', async (t) => {
  t.same(widen([-180, -90, 180, 90]), [-180, -90, 180, 90])
})

const nowS = 1_000_000
const seen = (vehicleId: number, status: number, speedDkph = 0, ageS = 5) => ({
  vehicleId,
  status,
  speedDkph,
  timeS: nowS - ageS,
  lon: 0,
  lat: 0,
})

t.test('the odd on the road stands first: too fast or silent, then moving, idling, parked, offline', async (t) => {
  const rows = byAttention(
    [seen(1, 3, 0, 90_000), seen(2, 2), seen(3, 1), seen(4, 0, 600), seen(5, 0, 600, 70), seen(6, 0, 1310)],
    nowS,
    10,
  )
  t.same(
    rows.map((row) => row.vehicleId),
    [5, 6, 4, 3, 2, 1],
  )
})

t.test('the list is cut to its limit after sorting', async (t) => {
  const rows = byAttention([seen(1, 2), seen(2, 2), seen(3, 1)], nowS, 2)
  t.same(
    rows.map((row) => row.vehicleId),
    [3, 1],
  )
})

t.test('a newer report of the same vehicle lengthens its trail, any other leaves it', async (t) => {
  const trail = { timeMs: [1000], lon: [111], lat: [40], speedKph: [50], flagged: [], more: false }
  const report = { vehicleId: 7, timeMs: 2000, lon: 111.1, lat: 40.1, speedKph: 60, headingDeg: 90, status: 'moving' as const }
  t.same(extended(trail, report, 7)?.timeMs, [1000, 2000])
  t.equal(extended(trail, report, 8), null)
  t.equal(extended(trail, { ...report, timeMs: 1000 }, 7), null)
})

t.test('a point by a clock that is ahead does not freeze the trail: newer reports come before it', async (t) => {
  const now = 100_000
  const trail = {
    timeMs: [1000, now + 280_000],
    lon: [111, 112],
    lat: [40, 41],
    speedKph: [50, 60],
    flagged: [{ index: 1, reason: 'speed' as const }],
    more: false,
  }
  const report = { vehicleId: 7, timeMs: now - 5, lon: 111.1, lat: 40.1, speedKph: 60, headingDeg: 90, status: 'moving' as const }
  const grown = extended(trail, report, 7, now)!
  t.same(grown.timeMs, [1000, now - 5, now + 280_000])
  t.same(grown.lon, [111, 111.1, 112])
  t.same(grown.flagged, [{ index: 2, reason: 'speed' }])
  t.equal(extended(grown, report, 7, now), null)
  t.same(extended(grown, { ...report, timeMs: now + 5_000 }, 7, now + 5_000)?.timeMs, [1000, now - 5, now + 5_000, now + 280_000])
})

t.test('a trip over midnight is drawn on both days', async (t) => {
  const midnight = Date.UTC(2026, 10, 22, 16)
  const trip = {
    startedAt: new Date(midnight - 3_600_000).toISOString(),
    endedAt: new Date(midnight + 7_200_000).toISOString(),
    ended: true,
  }
  const days = stripDays({ fromMs: midnight - 86_400_000, toMs: midnight + 86_400_000 }, [trip], 14)
  t.equal(days.length, 2)
  t.match(days[0]!.bars, [{ start: 23 / 24, end: 1 }])
  t.match(days[1]!.bars, [{ start: 0, end: 2 / 24 }])
})
