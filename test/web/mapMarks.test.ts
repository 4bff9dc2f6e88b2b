// Slots, glides, drawing order and picking of the map's marks.
import fc from 'fast-check'
import t from 'tap'
import { allocateLiveFrame, FLAG_GONE, FLAG_STATUS_SHIFT, type LiveFrame } from '../../services/contracts/liveFrame.ts'
import { slotAt, vehiclesInBox } from '../../web/map/markQueries.ts'
import { MarkRaster } from '../../web/map/markRaster.ts'
import { GLIDE_MAX_MS, MarkStore } from '../../web/map/markStore.ts'
import { type MarkView, placeIn, transformBetween } from '../../web/map/markView.ts'
import { palettes, rgbOf } from '../../web/map/palette.ts'
import { worldBoxOf } from '../../web/map/viewBox.ts'
import { latOf, lonOf, unitsPerPixel, worldX, worldXOfE7, worldXY, worldY, worldYOfE7 } from '../../web/map/worldPoint.ts'

type Row = { id: number; lon: number; lat: number; timeS?: number; status?: number; gone?: boolean }

function frameOf(rows: Row[]): LiveFrame {
  const frame = allocateLiveFrame(rows.length, { sequence: 1, sender: 1, committedAtMs: 0 })
  for (const [i, { id, lon, lat, timeS = 1000, status = 0, gone = false }] of rows.entries()) {
    frame.vehicleId[i] = id
    frame.lonE7[i] = Math.round(lon * 1e7)
    frame.latE7[i] = Math.round(lat * 1e7)
    frame.timeS[i] = timeS
    frame.flags[i] = (status << FLAG_STATUS_SHIFT) | (gone ? FLAG_GONE : 0)
  }
  return frame
}

const storeWith = (rows: Row[]): MarkStore => {
  const marks = new MarkStore(() => 0)
  marks.apply(frameOf(rows), 0, true)
  return marks
}
const idsOf = (marks: MarkStore) => [...marks.vehicleId.slice(0, marks.count)].sort((a, b) => a - b)

t.test('world coordinates come back within two centimetres, from the region to the far side of the world', (t) => {
  for (const [lon, lat] of [
    [111.664, 40.817],
    [-179.99999, 71.2],
    [179.99999, -54],
    [0, 0],
    [-77.03, 38.9],
  ] as const) {
    const eastM = (a: number, b: number) => Math.abs(a - b) * 111_320
    t.ok(eastM(lonOf(worldXOfE7(Math.round(lon * 1e7))), lon) < 0.02)
    t.ok(eastM(latOf(worldYOfE7(Math.round(lat * 1e7))), lat) < 0.02)
    t.ok(Math.abs(worldYOfE7(Math.round(lat * 1e7)) - worldY(lat)) <= 2)
  }
  t.end()
})

t.test('differences of world coordinates go the short way across 180°', (t) => {
  const step = (worldX(-179.9) - worldX(179.9)) | 0
  t.ok(Math.abs(step / 2 ** 32 - 0.2 / 360) < 1e-9)
  t.end()
})

t.test('a vehicle that left the view gives its slot to the last one, and every id still finds its own', (t) => {
  const marks = storeWith([1, 2, 3, 4].map((id) => ({ id, lon: 110 + id, lat: 40, status: id % 4 })))
  marks.apply(frameOf([{ id: 2, lon: 0, lat: 0, gone: true }]), 10, true)
  t.same(idsOf(marks), [1, 3, 4])
  for (const id of [1, 3, 4]) t.ok(Math.abs(lonOf(marks.targetX(marks.slotOf(id))) - (110 + id)) < 1e-6)
  t.equal(marks.slotOf(2), -1)
  t.same(marks.byStatus, [1, 1, 0, 1])
  t.end()
})

t.test('a snapshot is the whole truth: who is not in it goes', (t) => {
  const marks = storeWith([1, 2, 3, 4, 5].map((id) => ({ id, lon: 110, lat: 40 })))
  marks.replace(frameOf([4, 9, 2].map((id) => ({ id, lon: 111, lat: 41, status: 2 }))), 5, true)
  t.same(idsOf(marks), [2, 4, 9])
  t.same(marks.byStatus, [0, 0, 3, 0])
  marks.replace(frameOf([]), 6, true)
  t.equal(marks.count, 0)
  t.same(marks.byStatus, [0, 0, 0, 0])
  t.end()
})

t.test('ids beyond the dense table are kept like any other', (t) => {
  const marks = storeWith([
    { id: 4_000_000_000, lon: 110, lat: 40 },
    { id: 60_000, lon: 111, lat: 40 },
  ])
  marks.apply(frameOf([{ id: 4_000_000_000, lon: 0, lat: 0, gone: true }]), 1, true)
  t.same(idsOf(marks), [60_000])
  t.end()
})

t.test('a mark glides from where it is drawn to the last report, and never beyond it', (t) => {
  const marks = storeWith([{ id: 7, lon: 110, lat: 40, timeS: 1000 }])
  marks.apply(frameOf([{ id: 7, lon: 110.001, lat: 40, timeS: 1001 }]), 5_000, true)
  const drawn = (nowMs: number) => lonOf(marks.drawn(0, 0, nowMs))
  t.ok(Math.abs(drawn(5_000) - 110) < 1e-6)
  t.ok(Math.abs(drawn(5_500) - 110.0005) < 1e-6)
  t.ok(Math.abs(drawn(6_000) - 110.001) < 1e-6)
  t.equal(drawn(60_000), drawn(6_000))
  marks.apply(frameOf([{ id: 7, lon: 110.003, lat: 40, timeS: 1002 }]), 5_500, true)
  t.ok(Math.abs(drawn(5_500) - 110.0005) < 1e-6, 'a report in mid-glide continues from the drawn place')
  t.end()
})

t.test('a glide lasts no longer than the interval of the reports, nor than its limit', (t) => {
  const marks = storeWith([{ id: 7, lon: 110, lat: 40, timeS: 1000 }])
  marks.apply(frameOf([{ id: 7, lon: 110.001, lat: 40, timeS: 1010 }]), 10_000, true)
  t.equal(marks.glideEndMs, 10_000 + GLIDE_MAX_MS)
  t.end()
})

t.test('after a long silence, a far jump or with reduced motion the mark is set down where the report was', (t) => {
  for (const [next, glide] of [
    [{ lon: 110.001, timeS: 2000 }, true],
    [{ lon: 111, timeS: 1001 }, true],
    [{ lon: 110.001, timeS: 1001 }, false],
  ] as const) {
    const marks = storeWith([{ id: 7, lon: 110, lat: 40, timeS: 1000 }])
    marks.apply(frameOf([{ id: 7, lat: 40, ...next }]), 1_000, glide)
    t.equal(marks.drawn(0, 0, 1_000), marks.targetX(0))
    t.equal(marks.glideEndMs, 0)
  }
  t.end()
})

t.test('moving marks are drawn last, offline ones first', (t) => {
  const marks = storeWith([0, 3, 1, 2, 0, 3].map((status, i) => ({ id: i + 1, lon: 110, lat: 40, status })))
  const statuses = [...marks.refreshOrder().slice(0, marks.count)].map((slot) => marks.status(slot))
  t.same(statuses, [3, 3, 2, 1, 0, 0])
  t.end()
})

t.test('the nearest mark within reach is picked, and on one spot the moving one', (t) => {
  const marks = storeWith([
    { id: 1, lon: 110, lat: 40, status: 2 },
    { id: 2, lon: 110, lat: 40, status: 0 },
    { id: 3, lon: 110.01, lat: 40, status: 0 },
  ])
  const reach = 14 * unitsPerPixel(14)
  const pick = (lon: number) => {
    const slot = slotAt(marks, worldX(lon), worldY(40), reach, 0)
    return slot < 0 ? null : marks.vehicleId[slot]
  }
  t.equal(pick(110.0001), 2)
  t.equal(pick(110.0099), 3)
  t.equal(pick(110.005), null)
  t.end()
})

t.test('vehicles of the view come with those that need attention first, and the total counts all', (t) => {
  const marks = storeWith([
    { id: 1, lon: 110, lat: 40, status: 3 },
    { id: 2, lon: 110.1, lat: 40.1, status: 2 },
    { id: 3, lon: 110.2, lat: 40.1, status: 0 },
    { id: 4, lon: 120, lat: 48, status: 0 },
  ])
  const seen = vehiclesInBox(marks, worldBoxOf([109, 39, 111, 41]), 2)
  t.equal(seen.total, 3)
  t.same(
    seen.vehicles.map(({ vehicleId }) => vehicleId),
    [3, 2],
  )
  t.equal(vehiclesInBox(marks, worldBoxOf([-180, -85, 180, 85]), 10).total, 4)
  t.end()
})

const viewAt = (lon: number, lat: number, zoom: number, bearing = 0): MarkView => {
  const [x, y] = worldXY(lon, lat)
  return { x, y, zoom, bearing, width: 200, height: 120, ratio: 1 }
}
const noRings = { selectedId: null, alerts: new Set<number>() }
const alphaAt = (raster: MarkRaster, x: number, y: number) => raster.pixels[y * raster.width + x]! >>> 24

t.test('a mark is drawn where it is, in the colour of its status, and only within the picture', (t) => {
  const raster = new MarkRaster(
    storeWith([
      { id: 1, lon: 111, lat: 40 },
      { id: 2, lon: 112, lat: 40, status: 2 },
    ]),
  )
  raster.draw(viewAt(111, 40, 5), palettes.light, noRings, 9_999)
  const [red, green, blue] = rgbOf(palettes.light.status[0]).map((part) => Math.round(part * 255))
  t.equal(raster.pixels[60 * 200 + 100], ((255 << 24) | (blue! << 16) | (green! << 8) | red!) >>> 0)
  t.equal(alphaAt(raster, 10, 10), 0)
  // A degree is 512 × 2^5 / 360 pixels.
  t.ok(alphaAt(raster, 100 + Math.round(16_384 / 360), 60) > 100)
  raster.draw(viewAt(111, 40, 12), palettes.light, noRings, 9_999)
  t.ok(raster.pixels.some((pixel) => pixel !== 0))
  raster.draw(viewAt(100, 40, 12), palettes.light, noRings, 9_999)
  t.notOk(
    raster.pixels.some((pixel) => pixel !== 0),
    'who is elsewhere is not drawn',
  )
  t.end()
})

t.test('pictures are asked for on as long as a glide is seen, and no longer for one out of sight or too small to see', (t) => {
  const marks = storeWith([{ id: 1, lon: 111, lat: 40 }])
  marks.apply(frameOf([{ id: 1, lon: 111.001, lat: 40, timeS: 1010 }]), 1_000, true)
  const raster = new MarkRaster(marks)
  t.equal(raster.draw(viewAt(111, 40, 14), palettes.light, noRings, 1_200), true)
  t.equal(raster.draw(viewAt(115, 40, 14), palettes.light, noRings, 1_200), false)
  t.equal(raster.draw(viewAt(111, 40, 4), palettes.light, noRings, 1_200), false)
  t.equal(raster.draw(viewAt(111, 40, 14), palettes.light, noRings, 1_000 + GLIDE_MAX_MS), false)
  t.end()
})

t.test('who is chosen has a ring, and who has an open finding has one of another colour', (t) => {
  const raster = new MarkRaster(storeWith([{ id: 1, lon: 111, lat: 40, status: 2 }]))
  const ringAt = (rings: { selectedId: number | null; alerts: Set<number> }) => {
    raster.draw(viewAt(111, 40, 14), palettes.light, rings, 9_999)
    return raster.pixels[60 * 200 + 100 + 14]!
  }
  t.equal(ringAt(noRings), 0)
  const chosen = ringAt({ selectedId: 1, alerts: new Set() })
  const found = ringAt({ selectedId: null, alerts: new Set([1]) })
  t.ok(chosen !== 0 && found !== 0 && chosen !== found)
  t.end()
})

t.test('a picture of one view, moved to another, puts every mark where that view has it', (t) => {
  const place = fc.record({ lon: fc.double({ min: 97, max: 126, noNaN: true }), lat: fc.double({ min: 37, max: 53, noNaN: true }) })
  const view = fc
    .record({ at: place, zoom: fc.double({ min: 3, max: 19, noNaN: true }), bearing: fc.integer({ min: -180, max: 180 }) })
    .map(({ at, zoom, bearing }) => viewAt(at.lon, at.lat, zoom, bearing))
  fc.assert(
    fc.property(view, fc.double({ min: -0.9, max: 0.9, noNaN: true }), fc.integer({ min: -180, max: 180 }), (from, dz, bearing) => {
      const to = { ...from, x: from.x + 40 * unitsPerPixel(from.zoom), zoom: from.zoom + dz, bearing }
      const transform = transformBetween(from, to)
      const [a, b, c, d, e, f] = transform.slice(7, -1).split(',').map(Number) as [number, number, number, number, number, number]
      for (const [dx, dy] of [
        [0, 0],
        [70, -30],
        [-90, 55],
      ] as const) {
        const world = [from.x + dx * unitsPerPixel(from.zoom), from.y + dy * unitsPerPixel(from.zoom)].map(Math.round)
        const [was, is] = [placeIn(from)(world[0]!, world[1]!), placeIn(to)(world[0]!, world[1]!)]
        if (Math.abs(a * was.x + c * was.y + e - is.x) > 0.1 || Math.abs(b * was.x + d * was.y + f - is.y) > 0.1) return false
      }
      return true
    }),
    { numRuns: 200 },
  )
  t.equal(transformBetween(viewAt(111, 40, 9), viewAt(111, 40, 9)), 'none')
  t.end()
})
