// Who was where, asked of the service: the region at an instant by when reports were made, an area drawn on another datum, what is refused and what may be asked instead, and
// that an inspector asks within a case, whose record stands before anything is read.
import gcoord from 'gcoord'
import { polygonToCells } from 'h3-js'
import t from 'tap'
import { prepareDue, prepareUnit } from '../../services/dispatch/whereabouts/prepare.ts'
import { findUnprepared, hourOf } from '../../services/dispatch/whereabouts/units.ts'
import { visitsOf } from '../../services/domain/visits.ts'
import { NOW_MS, putState } from './region.ts'
import { layPositions, lineOf } from './whereaboutsTracks.ts'
import { ask, openRegion, startWorld } from './world.ts'

const HOUR = 3_600_000
const AT = NOW_MS - 20 * HOUR
const db = await openRegion(t)
const fix = (vehicleId: number, ms: number, lon = 111.7, lat = 40.82) => ({
  vehicleId,
  ms,
  lonE7: Math.round(lon * 1e7),
  latE7: Math.round(lat * 1e7),
  speedDkph: 0,
})
await layPositions(db, [
  fix(201, AT - 3 * HOUR),
  fix(201, AT - 10_000, 111.701),
  fix(201, AT + 60_000, 111.702),
  fix(211, AT - 5 * HOUR, 111.6),
  fix(211, AT + HOUR, 111.9),
  fix(202, AT + HOUR),
  fix(202, AT + HOUR + 300_000),
  fix(301, AT - 60_000),
])
for (const vehicleId of [201, 202, 211, 301]) await putState(db, { vehicleId })
const world = await startWorld(t, db)
const [bureau, inspector] = [await world.signIn('bureau_admin'), await world.signIn('inspector')]
const iso = (ms: number) => new Date(ms).toISOString()
const instant = (by: typeof bureau, query: object = {}) => ask(world, 'getInstant', by, { query: { at: iso(AT), ...query } })
const around = (lon: number, lat: number, d: number): [number, number][] => [
  [lon - d, lat - d],
  [lon + d, lat - d],
  [lon + d, lat + d],
  [lon - d, lat + d],
]
const text = (corners: readonly (readonly [number, number])[]) => corners.map((corner) => corner.join(',')).join(';')
const day = { from: iso(AT - 6 * HOUR), to: iso(AT + 2 * HOUR) }
const here = (by: typeof bureau, query: object) => {
  const whole = { ...day, area: text(around(111.7, 40.82, 0.0005)), ...query }
  return ask(world, 'findWhoWasHere', by, { query: Object.fromEntries(Object.entries(whole).filter(([, value]) => value !== undefined)) })
}

t.test(
  'at an instant each vehicle is where it last was by its own clock, with the age of that; one not seen by then is listed and nowhere',
  async (t) => {
    for (const says of ['not prepared', 'prepared']) {
      const told = (await instant(bureau)).json()
      const of = (id: number) => told.vehicleId.indexOf(id)
      t.equal(told.ageS[of(201)], 10, says)
      t.equal(told.lon[of(201)], 111.701)
      t.equal(told.ageS[of(211)], 5 * 3600)
      t.equal(told.lon[of(211)], 111.6)
      t.same(told.unseen.vehicleId, [202], 'first seen an hour later')
      t.equal(of(301), -1, 'out of scope')
      for (const [seconds, age, lon] of [
        [-11, 3 * 3600 - 11, 111.7],
        [-10, 0, 111.701],
        [-3, 7, 111.701],
        [61, 1, 111.702],
      ] as const) {
        const at = (await instant(bureau, { at: iso(AT + seconds * 1000) })).json()
        const n = at.vehicleId.indexOf(201)
        t.same([at.ageS[n], at.lon[n]], [age, lon], `${says}: ${seconds} s, to the second`)
      }
      while ((await prepareDue({ db, clock: { nowMs: () => NOW_MS } }, 1)) > 0);
    }
    await layPositions(db, [fix(211, AT - 60_000, 111.65)])
    const told = (await instant(bureau)).json()
    t.equal(told.ageS[told.vehicleId.indexOf(211)], 60, 'what came late is placed by when it was')
  },
)

t.test('an area traced on a GCJ-02 map is converted once, and the answer says where it lies', async (t) => {
  const traced = around(111.7, 40.82, 0.0004).map((corner) => gcoord.transform(corner, gcoord.WGS84, gcoord.GCJ02) as [number, number])
  const found = (await here(bureau, { area: text(traced), datum: 'gcj02' })).json()
  t.match(found.vehicles.map(({ plate }: { plate: string }) => plate).sort(), ['蒙AA0202', '蒙AD12345'])
  t.ok(Math.abs(found.ring[0]![0] - 111.6996) < 0.00002)
  t.same((await here(bureau, { area: text(traced) })).json().vehicles, [], 'the same corners read as WGS-84 are elsewhere')
  t.match((await here(bureau, {})).json().vehicles.length, 2, 'and a WGS-84 map gives the same answer')
  t.match(
    found.visits.filter(({ vehicleId }: { vehicleId: number }) => vehicleId === 202),
    [{ how: 'seen', from: iso(AT + HOUR), until: iso(AT + HOUR + 300_000), reports: 2, orders: [], trip: false }],
  )
})

t.test('what cannot be asked says what can', async (t) => {
  const reasonOf = async (answer: Promise<{ body: string }>) => {
    const { error } = JSON.parse((await answer).body)
    return [error.code, error.issues?.[0]?.reason, error.issues?.[0]?.values]
  }
  const bowTie = text([
    [111.6, 40.8],
    [111.7, 40.9],
    [111.7, 40.8],
    [111.6, 40.9],
  ])
  t.match(await reasonOf(here(bureau, { area: bowTie })), ['VALIDATION_FAILED', 'place.shape.crosses_itself'])
  t.match(await reasonOf(here(bureau, { from: '2016-03-01T00:00:00Z' })), [
    'VALIDATION_FAILED',
    'whereabouts.long',
    { days: 31, until: '2016-04-01T00:00:00.000Z' },
  ])
  t.match(await reasonOf(here(bureau, { area: text(around(111.7, 40.8, 0.5)) })), [
    'VALIDATION_FAILED',
    'whereabouts.areaLarge',
    { most: 2500 },
  ])
  t.match(await reasonOf(here(bureau, { area: 'here;there' })), ['VALIDATION_FAILED', 'whereabouts.corners'])
  t.match(await reasonOf(here(bureau, { area: undefined })), ['VALIDATION_FAILED', 'whereabouts.area'])
  t.match(await reasonOf(here(bureau, { area: '111,40;112,40' })), ['VALIDATION_FAILED', 'place.shape.too_few'])
  t.match(await reasonOf(here(bureau, { area: undefined, placeId: 999_999 })), ['VALIDATION_FAILED', 'whereabouts.place'])
  t.match(await reasonOf(here(bureau, { to: day.from })), ['VALIDATION_FAILED', 'whereabouts.order'])
  t.match(await reasonOf(instant(bureau, { at: iso(AT + 250) })), ['VALIDATION_FAILED', 'whereabouts.second', { again: iso(AT) }])
  t.match(await reasonOf(instant(bureau, { at: iso(NOW_MS + HOUR) })), ['VALIDATION_FAILED', 'whereabouts.future'])
  t.match(await reasonOf(instant(bureau, { at: iso(AT - 400 * HOUR) })), ['VALIDATION_FAILED', 'whereabouts.before'])
})

t.test('a place that is gone is asked about only where it was', async (t) => {
  await db.owner.query(
    `INSERT INTO places (place_id, organisation_id, kind, name, lon, lat, radius_m, west, south, east, north, valid_from, valid_until)
     VALUES (7, 4, 'compound', '旧院', 111.7, 40.82, 100, 111.698, 40.818, 111.702, 40.822, '2020-01-01', '2021-01-01'),
            (8, 4, 'compound', '新院', 111.7, 40.82, 60, 111.698, 40.818, 111.702, 40.822, '2020-01-01', NULL)`,
  )
  t.match(JSON.parse((await here(bureau, { area: undefined, placeId: 7 })).body), {
    error: { issues: [{ reason: 'whereabouts.placeGone' }] },
  })
  t.equal((await here(bureau, { area: undefined, placeId: 8 })).json().vehicles.length, 2)
})

t.test(
  'a yard of twenty metres is asked about by its name, however few cells have their middle in it: the truck in it is found and the one at its wall is not',
  async (t) => {
    const [lon, lat] = [111.9031, 40.9007]
    const [dx, dy] = [10 / 84_200, 10 / 111_300]
    const ring: [number, number][] = [
      [lon - dx, lat - dy],
      [lon + dx, lat - dy],
      [lon + dx, lat + dy],
      [lon - dx, lat + dy],
      [lon - dx, lat - dy],
    ]
    t.same(
      polygonToCells(
        ring.map(([x, y]) => [y, x]),
        9,
      ),
      [],
      'no cell has its middle in the yard',
    )
    const put = await ask(world, 'createPlace', bureau, {
      body: {
        kind: 'compound' as const,
        name: '北库小院',
        shape: { type: 'polygon', ring },
        workPlace: false,
        address: null,
        validFrom: '2026-01-01',
        validUntil: null,
        organisationId: 4,
      },
    })
    const { rows } = (await ask(world, 'listPlaces', bureau, { query: { q: '北库小院' } })).json()
    t.same([put.status, rows.map(({ placeId }) => placeId)], [200, [put.json().placeId]])
    const from = AT - 2 * HOUR
    const parked = (vehicleId: number, east: number) =>
      [0, 60, 120, 180, 240].map((s) => fix(vehicleId, from + s * 1000, lon + (east * dx) / 10, lat))
    const laid = [...parked(202, 4), ...parked(211, 13)]
    await layPositions(db, laid)
    for (const says of ['not prepared', 'prepared']) {
      const { vehicles, visits } = (await here(bureau, { area: undefined, placeId: rows[0]!.placeId, from: iso(from - HOUR) })).json()
      t.same(
        vehicles.map(({ vehicleId }: { vehicleId: number }) => vehicleId),
        [202],
        says,
      )
      const scanned = visitsOf(lineOf(laid, 202, from - HOUR, AT), { type: 'polygon', ring }, from - HOUR, AT)
      t.same(
        visits.map((visit) => [visit.from, visit.until, visit.how, visit.reports]),
        scanned.map(({ fromMs, untilMs, how, reports }) => [iso(fromMs), iso(untilMs), how, reports]),
        'as a scan without cells says',
      )
      while ((await prepareDue({ db, clock: { nowMs: () => NOW_MS } }, 1)) > 0);
    }
  },
)

t.test('one that never drove stood at night where it was heard; of nights before that nothing is known', async (t) => {
  const noon = Math.floor((NOW_MS + 8 * HOUR) / (24 * HOUR)) * 24 * HOUR - 8 * HOUR - 60 * HOUR
  await layPositions(db, [fix(202, noon + HOUR, 111.75), fix(202, noon + 23 * HOUR, 111.7501)])
  await putState(db, { vehicleId: 202 })
  for (const unit of await findUnprepared(db, hourOf(noon), hourOf(noon + 24 * HOUR))) await prepareUnit(db, unit)
  const nights = async (fromMs: number) =>
    (
      await ask(world, 'findNightPlaces', bureau, { params: { vehicleId: 202 }, query: { from: iso(fromMs), to: iso(noon + 24 * HOUR) } })
    ).json()
  t.match(await nights(noon), { nights: 1, unknown: 0, places: [{ lon: 111.75, lat: 40.82, nights: 1, hours: 8 }] })
  t.match(await nights(noon - 24 * HOUR), { nights: 2, unknown: 1, places: [{ nights: 1, hours: 8 }] })
})

t.test('an inspector asks within a case alone, is refused on record, and is told only how many wait for a second person', async (t) => {
  const opened = { purpose: '核查举报线索', basis: '来信举报', from: day.from, until: day.to }
  const found = (await ask(world, 'openCase', inspector, { body: opened })).json()
  const { caseId } = found
  const asked = async (query: object) => (await here(inspector, query)).json()
  const lastSeq = async () => (await db.query<{ seq: number }>('SELECT max(seq) AS seq FROM audit_log')).rows[0]!.seq
  const seq = await lastSeq()
  t.match(await asked({}), { error: { code: 'CASE_REQUIRED', issues: [{ reason: 'case.none' }] } })
  t.match(await asked({ caseId: 2_000_000 }), { error: { code: 'NOT_FOUND' } })
  t.match(await asked({ caseId, to: iso(AT + 3 * HOUR) }), { error: { code: 'CASE_REQUIRED', issues: [{ reason: 'case.period' }] } })
  t.match((await instant(inspector)).json(), { error: { code: 'CASE_REQUIRED' } })
  const { rows } = await db.query<{ action: string }>('SELECT action FROM audit_log WHERE seq > $1', [seq])
  t.same(
    rows.map(({ action }) => action),
    ['case.refused', 'case.refused', 'case.refused', 'case.refused'],
  )

  const told = await asked({ caseId })
  t.match(told, { withheld: 1, vehicles: [{ vehicleId: 201, inCase: false }], next: null })
  t.equal(told.vehicles.length, 1)
  t.notMatch(JSON.stringify(told), /蒙AA0202/)
  const whole = (await instant(inspector, { caseId })).json()
  t.match([whole.withheld, whole.unseen.vehicleId], [1, []])
  t.match((await db.query(`SELECT kind, case_id, rows, vehicles FROM whereabouts_asks WHERE ask_id = $1`, [told.askId])).rows, [
    { kind: 'here', case_id: caseId, rows: 1, vehicles: [201] },
  ])
  t.match((await ask(world, 'findMeetings', inspector, { params: { vehicleId: 202 }, query: { ...day, caseId } })).code, 'CASE_REQUIRED')

  // Put into the case and released by another, it is named.
  const put = (
    await ask(world, 'addCaseVehicles', inspector, { params: { caseId }, body: { vehicleIds: [202], reason: '由行踪查询列入' } })
  ).json()
  await db.owner.query(`UPDATE case_vehicles SET state = 'RELEASED', released = tstzrange($2, $3) WHERE case_id = $1`, [
    caseId,
    day.from,
    day.to,
  ])
  t.equal(put.waiting, 1)
  t.match(await asked({ caseId }), { withheld: 0, vehicles: [{}, {}] })
  t.equal((await ask(world, 'findMeetings', inspector, { params: { vehicleId: 202 }, query: { ...day, caseId } })).status, 200)
  t.equal((await ask(world, 'findNightPlaces', inspector, { params: { vehicleId: 202 }, query: { ...day, caseId } })).status, 200)
})
