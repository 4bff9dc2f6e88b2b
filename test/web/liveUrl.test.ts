import fc from 'fast-check'
import t from 'tap'
import { leagues } from '../../services/domain/region/region.ts'
import { vehicleStatuses } from '../../services/domain/status.ts'
import { energyTypes, vehicleCategories, vehicleClasses } from '../../services/domain/vehicle.ts'
import { parseSearch, stringifySearch } from '../../web/kit/urlText.ts'
import { type LiveUrl, MAX_RANGE_MS, readLiveUrl, writeLiveUrl } from '../../web/parts/vehicle/liveUrl.ts'

const id = fc.integer({ min: 1, max: 2_147_483_647 })
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })
const defined = (record: object) => Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined))

const state: fc.Arbitrary<LiveUrl> = fc.record({
  filter: fc
    .record({
      league: maybe(fc.constantFrom(...leagues.map((league) => league.adcode))),
      organisationId: maybe(id),
      class: maybe(fc.constantFrom(...vehicleClasses)),
      category: maybe(fc.constantFrom(...vehicleCategories)),
      energy: maybe(fc.constantFrom(...energyTypes)),
      status: maybe(fc.constantFrom(...vehicleStatuses)),
    })
    .map(defined),
  vehicleId: fc.option(id),
  range: fc.option(
    fc
      .tuple(fc.integer({ min: 1_262_304_000, max: 2_000_000_000 }), fc.integer({ min: 1, max: MAX_RANGE_MS / 1000 }))
      .map(([fromS, seconds]) => ({ fromMs: fromS * 1000, toMs: (fromS + seconds) * 1000 })),
  ),
  trail: fc.boolean(),
  at: fc.option(
    fc
      .tuple(
        fc.integer({ min: -1_800_000, max: 1_800_000 }),
        fc.integer({ min: -900_000, max: 900_000 }),
        fc.integer({ min: 0, max: 2400 }),
      )
      .map(([lon, lat, zoom]) => ({ center: [lon / 1e4, lat / 1e4] as [number, number], zoom: zoom / 100 })),
  ),
})

t.test('a link opens the state it was made from', async () => {
  fc.assert(
    fc.property(state, (given) => {
      const opened = readLiveUrl(parseSearch(stringifySearch(writeLiveUrl(given))))
      t.same(opened, given)
    }),
  )
})

t.test('whatever is typed into the address, the page opens', async (t) => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom('league', 'org', 'class', 'status', 'v', 'from', 'to', 'at', 'trail'), fc.string()),
      (url) => {
        const opened = readLiveUrl(url)
        t.same(readLiveUrl(writeLiveUrl(opened)), opened)
      },
    ),
  )
})

t.test('an address without a state is today, unfiltered, with the trail on', async (t) => {
  t.same(readLiveUrl({}), { filter: {}, vehicleId: null, range: null, trail: true, at: null })
})

t.test('a range is the wall clock of the region, and an instant with its own offset is understood', async (t) => {
  const wall = readLiveUrl({ from: '2026-02-16T08:00', to: '2026-02-17T08:00' }).range
  const instants = readLiveUrl({ from: '2026-02-16T00:00:00Z', to: '2026-02-17T00:00:00Z' }).range
  t.same(wall, { fromMs: Date.UTC(2026, 1, 16), toMs: Date.UTC(2026, 1, 17) })
  t.same(instants, wall)
})

t.test('a range that ends before it begins, or is longer than the server answers, is dropped', async (t) => {
  t.equal(readLiveUrl({ from: '2026-02-17T00:00', to: '2026-02-16T00:00' }).range, null)
  t.equal(readLiveUrl({ from: '2026-01-01T00:00', to: '2026-03-01T00:00' }).range, null)
})

t.test('a link stays readable', async (t) => {
  const search = stringifySearch(
    writeLiveUrl({
      filter: { league: '150100', status: 'moving' },
      vehicleId: 7,
      range: { fromMs: Date.UTC(2026, 1, 16, 16), toMs: Date.UTC(2026, 1, 17, 16) },
      trail: true,
      at: { center: [111.664, 40.817], zoom: 9.5 },
    }),
  )
  t.equal(search, '?league=150100&status=moving&v=7&from=2026-02-17T00:00&to=2026-02-18T00:00&at=111.664,40.817,9.5')
})
