// Evidence packages: made of what may be looked at, on record before anything is read, verified before anything is downloaded, and each download a record of its own.
import { createHash } from 'node:crypto'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import gcoord from 'gcoord'
import t from 'tap'
import type { EvidencePackage } from '../../services/contracts/api/evidence.ts'
import { openEvidenceDesk } from '../../services/dispatch/cases/evidence/desk.ts'
import { isInside } from '../../services/domain/geofence.ts'
import { readGivenKeys } from '../../services/evidence/keys.ts'
import type { Manifest } from '../../services/evidence/manifest.ts'
import { verifyPackage } from '../../services/evidence/verify.ts'
import { contentsOf, sourceOf } from '../evidence/packages.ts'
import { NOW_MS, openTogether } from './evidenceWorld.ts'
import { layPositions } from './whereaboutsTracks.ts'
import { ask } from './world.ts'

const directory = await mkdtemp(join(tmpdir(), 'morin-desk-'))
t.teardown(() => rm(directory, { recursive: true, force: true }))
const desk = await openEvidenceDesk({ directory: join(directory, 'evidence'), keysIn: directory })
const { db, world, inspector, two, open, reason, at, settled, records } = await openTogether(t, desk)

const make = (caseId: number, body: object = {}) => ask(world, 'makeEvidence', inspector, { params: { caseId }, body })
const list = async (caseId: number) => (await ask(world, 'listEvidence', inspector, { params: { caseId } })).json().rows
async function made(caseId: number, body: object = {}): Promise<EvidencePackage> {
  const { packageId } = (await make(caseId, body)).json()
  return settled(packageId, async () => (await list(caseId)).find((row) => row.packageId === packageId)!)
}
async function download(packageId: number, by = inspector) {
  const answer = await fetch(`${world.origin}/api/v1/evidence/${packageId}`, { headers: { cookie: by.cookie } })
  const bytes = Buffer.from(await answer.arrayBuffer())
  return { status: answer.status, bytes, headers: answer.headers, body: bytes.toString() }
}
/** The downloads of the newest package, when each has ended. */
async function downloads(caseId: number) {
  for (;;) {
    const found = (await list(caseId))[0]!.downloads
    if (found.every(({ ended }) => ended)) return found
    await new Promise((resolve) => setImmediate(resolve))
  }
}

t.test('a package holds what may be looked at, verifies with the published key, and leaves with its length', async (t) => {
  const { caseId } = await open({ vehicleIds: [201, 202] })
  const estimate = (await ask(world, 'estimateEvidence', inspector, { params: { caseId } })).json()
  t.match(estimate, { vehicles: [{ vehicleId: 201 }], leftOut: [{ plate: '蒙AA0202', why: 'waits' }], days: 2 })
  const before = (await records()).length
  const found = await made(caseId)
  t.match(found, { number: '案〔2026〕0001-1', state: 'READY', progress: 100, vehicles: 1, leftOut: 1, downloads: [] })
  t.same(
    (await records()).slice(before).map(({ action }) => action),
    ['evidence.look', 'evidence.make', 'evidence.ready'],
    'the look is on record before the rest',
  )
  const { status, bytes, headers } = await download(found.packageId)
  t.equal(status, 200)
  t.equal(Number(headers.get('content-length')), found.bytes)
  t.equal(bytes.length, found.bytes)
  const keys = (await ask(world, 'listEvidenceKeys', undefined)).json().rows
  t.match(keys, [{ algorithm: 'Ed25519', current: true, fingerprint: found.signedBy }])
  const outcome = await verifyPackage(sourceOf(bytes), { keys: readGivenKeys(keys[0]!.publicKey)! })
  t.match(outcome, { verdict: 'intact', findings: [] })
  t.equal((await download(found.packageId)).status, 200)
  t.match(
    await downloads(caseId),
    [
      { by: 'inspector', whole: true },
      { by: 'inspector', whole: true },
    ],
    'the second is one of its own',
  )
  t.match(
    (await records()).filter(({ action }) => action === 'evidence.download'),
    [1, 2].map(() => ({
      subject: { type: 'case', id: String(caseId) },
      purpose: reason,
      detail: { sha256: found.sha256, bytes: found.bytes },
    })),
  )
})

t.test(
  'its files say the same track: every position as a table, and as lines without what is not believed, cut at gaps, in UTC',
  async (t) => {
    const { caseId } = await open({ vehicleIds: [201] })
    const { packageId } = await made(caseId)
    const contents = new Map((await contentsOf((await download(packageId)).bytes)).map(({ name, content }) => [name, content]))
    const text = (ending: string) => [...contents].find(([name]) => name.endsWith(ending))![1].toString()
    const manifest = JSON.parse(text('manifest.json')) as Manifest
    t.match(manifest, {
      datum: 'WGS-84',
      vehicles: [{ plate: '蒙AD12345', positions: 7, notBelieved: 1 }],
      audit: { seq: Number, hash: /^[0-9a-f]{64}$/ },
    })
    const csv = text('轨迹.csv')
    t.equal(csv.trimEnd().split('\r\n').length, 8)
    t.ok(csv.startsWith('\ufefftime_utc,'), 'with the mark that spreadsheets know')
    t.match(csv, /2026-03-02T02:00:00Z,2026-03-02 10:00:00,111\.7000000,40\.8000000/)
    t.match(csv, /,zero\r\n/)
    const gpx = text('.gpx')
    t.equal(gpx.match(/<trkpt /g)!.length, 6)
    t.equal(gpx.match(/<trkseg>/g)!.length, 2, 'no line across the gap')
    t.ok(gpx.match(/<time>[^<]+<\/time>/g)!.every((time) => time.endsWith('Z</time>')))
    const kml = text('.kml')
    for (const track of kml.match(/<gx:Track>[\s\S]*?<\/gx:Track>/g)!) {
      const kinds = track.match(/<when>|<gx:coord>/g)!
      t.same(
        kinds,
        [...kinds].sort((a, b) => (a === b ? 0 : a === '<when>' ? -1 : 1)),
        'all times, then as many places',
      )
      t.equal(kinds.filter((kind) => kind === '<when>').length * 2, kinds.length)
    }
    t.equal(kml.match(/<LineString>/g)!.length, 2)
    const { features } = JSON.parse(text('.geojson')) as {
      features: { geometry: { coordinates: number[][] }; properties: { coordTimes: string[] } }[]
    }
    t.same(
      features.map(({ geometry, properties }) => [geometry.coordinates.length, properties.coordTimes.length]),
      [
        [3, 3],
        [3, 3],
      ],
    )
    t.ok([...contents.keys()].some((name) => name.startsWith('地图/') && name.endsWith('.png')))
    const orders = JSON.parse(text('派车单与审批.json')) as { plate: string }[]
    t.ok(orders.length > 0 && orders.every(({ plate }) => plate === '蒙AD12345'))
    t.ok(text('审计记录.jsonl').includes('case.open'))
    t.ok(text('报告.pdf').startsWith('%PDF-'))
  },
)

t.test('nobody but a member makes or takes one, and not of a closed case', async (t) => {
  const { caseId, version } = await open({ vehicleIds: [201] })
  const { packageId } = await made(caseId)
  t.equal((await download(packageId, two)).status, 404)
  for (const name of ['estimateEvidence', 'listEvidence'] as const)
    t.equal((await ask(world, name, two, { params: { caseId } })).code, 'NOT_FOUND', name)
  t.equal((await ask(world, 'makeEvidence', two, { params: { caseId }, body: {} })).code, 'NOT_FOUND')
  await ask(world, 'actOnCase', inspector, { params: { caseId }, body: { action: 'close', version, reason } })
  const refused = await download(packageId)
  t.equal(refused.status, 403)
  t.match(refused.body, /CASE_REQUIRED/)
  t.equal((await make(caseId)).code, 'CASE_REQUIRED')
  t.equal((await records()).at(-1)!.action, 'case.refused')
})

t.test(
  'beyond the period, without a vehicle that may be looked at, or too large: refused before any work, with what would do',
  async (t) => {
    const { caseId } = await open({ vehicleIds: [202] })
    t.match((await make(caseId)).json(), { error: { code: 'CONFLICT', issues: [{ reason: 'evidence.noVehicle' }] } })
    t.match((await make(caseId, { from: at(-500) })).json(), { error: { code: 'CASE_REQUIRED', issues: [{ reason: 'case.period' }] } })
    const long = await open({ from: new Date(NOW_MS - 1_095 * 86_400_000).toISOString() })
    await db.owner.query(
      `INSERT INTO vehicles (vehicle_id, plate, plate_colour, class, category, energy, make, model, seats, registered_on, owner_unit_id, user_unit_id)
     SELECT 70000 + n, '蒙AH0' || (1000 + n), 'blue', 'official', 'OTHER_APPROVED', 'petrol', '红旗', 'H5', 5, '2022-05-01', 20, 20 FROM generate_series(1, 60) n`,
    )
    await db.owner.query(
      `INSERT INTO case_vehicles (case_id, vehicle_id, state, added_at) SELECT $1, 70000 + n, 'OPEN', $2 FROM generate_series(1, 60) n`,
      [long.caseId, new Date(NOW_MS)],
    )
    const jobs = async () => (await db.query<{ n: number }>(`SELECT count(*) AS n FROM jobs WHERE kind = 'evidence.build'`)).rows[0]!.n
    const before = await jobs()
    t.match((await make(long.caseId)).json(), {
      error: { code: 'TOO_LARGE', issues: [{ reason: 'evidence.large', values: { vehicles: 60, days: Number, most: 10 } }] },
    })
    t.equal(await jobs(), before)
  },
)

t.test('what cannot be made is said, with the reason, and nothing is there to download', async (t) => {
  const { caseId } = await open({ vehicleIds: [201], purpose: '核查\u{10FFFD}线索', basis: '来信' })
  const found = await made(caseId)
  t.match(found, { state: 'FAILED', bytes: null, failure: { reason: 'evidence.glyph', values: { code: 'U+10FFFD' } } })
  t.equal((await download(found.packageId)).status, 409)
  t.same(
    (await readdir(desk.directory)).filter((name) => name.includes(`-${found.packageId}.`)),
    [],
    'no file, and no draft of one',
  )
  t.match((await records()).at(-1), { action: 'evidence.failed' })
})

t.test('a file that is no longer the one that was made does not leave', async (t) => {
  const { caseId } = await open({ vehicleIds: [201] })
  const { packageId } = await made(caseId)
  await writeFile(join(desk.directory, `evidence-${packageId}.zip`), 'another')
  t.match((await download(packageId)).body, /evidence\.lost/)
})

t.test(
  'looking, taking a file, taking a package twice and printing are each on record by itself; what broke off is shown as such',
  async (t) => {
    const { caseId, number } = await open({ vehicleIds: [201] })
    // Enough that it cannot all be on its way before anybody reads.
    await db.owner.query(
      `INSERT INTO positions (vehicle_id, ts, received_at, lon_e7, lat_e7, speed_dkph, flags, alarms)
     SELECT 201, to_timestamp($1::float8 / 1000) + make_interval(secs => n), now(), 1117000000 + n, 408000000 + n * 7 % 1000, n % 900, 1, 0 FROM generate_series(1, 30000) n`,
      [NOW_MS - 30 * 3_600_000],
    )
    const seq = (await records()).length
    const window = { from: at(-40), to: at(0), caseId }
    const address = (query: object) =>
      `${world.origin}/api/v1/vehicles/201/track/file?${new URLSearchParams(Object.entries({ ...window, ...query }).map(([name, value]) => [name, String(value)]))}`
    const file = async (query: object) => {
      const answer = await fetch(address(query), { headers: { cookie: inspector.cookie } })
      const bytes = Buffer.from(await answer.arrayBuffer())
      t.equal(Number(answer.headers.get('content-length')), bytes.length)
      return bytes
    }
    await ask(world, 'getTrackBytes', inspector, { params: { vehicleId: 201 }, query: window })
    const files = {
      csv: await file({}),
      gpx: await file({ format: 'gpx' }),
      geojson: await file({ format: 'geojson' }),
      kml: await file({ format: 'kml' }),
    }
    t.match((await ask(world, 'printTracks', inspector, { body: { ...window, vehicleIds: [201] } })).json(), { watermark: /^MW-/ })
    await breakOff(address({}))
    const { packageId } = await made(caseId)
    await download(packageId)
    await download(packageId)
    await breakOff(`${world.origin}/api/v1/evidence/${packageId}`)
    t.same((await downloads(caseId)).map(({ whole }) => whole).sort(), [false, true, true])
    const told = await until(async () => {
      const all = (await records()).slice(seq)
      return all.some(({ action }) => action === 'track.export-broken') ? all : undefined
    })
    const rows = 30_007
    for (const [format, bytes] of Object.entries(files)) {
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      const entry = told.find(({ action, detail }) => action === 'track.export' && (detail as { sha256: string }).sha256 === sha256)
      t.match(entry, {
        ...{ actor: { username: 'inspector' }, subject: { type: 'vehicle', id: '201' }, purpose: reason },
        detail: { format, rows, bytes: bytes.length, from: window.from, to: window.to, caseNumber: number, watermark: /^MW-[0-9A-F]{12}$/ },
      })
      t.ok(bytes.includes((entry!.detail as { watermark: string }).watermark), `the ${format} says its number`)
    }
    t.equal(files.gpx.toString().match(/<trkpt /g)!.length, rows - 1, 'without what is not believed')
    t.equal((JSON.parse(files.geojson.toString()) as { features: unknown[] }).features.length, 3)
    t.same(
      ['track.view', 'track.export', 'track.print', 'track.export-broken', 'evidence.download', 'evidence.broken-off'].map(
        (action) => told.filter((one) => one.action === action).length,
      ),
      [6, 5, 1, 1, 3, 1],
      'each file is a look too',
    )
  },
)

t.test('a file without a position says whose it is all the same, in every format', async (t) => {
  const { caseId } = await open({ vehicleIds: [201], from: at(-90) })
  for (const format of ['csv', 'gpx', 'geojson', 'kml'] as const) {
    const query = { from: at(-88), to: at(-87), caseId, format }
    const { body } = await ask(world, 'exportTrack', inspector, { params: { vehicleId: 201 }, query })
    t.match(body, /MW-[0-9A-F]{12}/, format)
  }
})

const octets = { 'content-type': 'application/octet-stream' }
const gpxOf = (...seconds: number[]) =>
  Buffer.from(
    `<gpx version="1.1"><trk><trkseg>${seconds.map((s) => `<trkpt lat="40.8" lon="111.7${s}"><time>${new Date(NOW_MS - 7_200_000 + s * 1000).toISOString()}</time></trkpt>`).join('')}</trkseg></trk></gpx>`,
  )

t.test(
  'a comparison track is kept as it came, edition by edition, read on record alone, and stands in the package with its hash',
  async (t) => {
    const { caseId, version } = await open({ vehicleIds: [201] })
    const bring = (body: Buffer, query: object = { name: '司机 手机.gpx' }, by = inspector) =>
      ask(world, 'addExhibit', by, { params: { caseId }, query: query as { name: string }, body, headers: octets })
    t.equal((await bring(gpxOf(1), undefined, two)).code, 'NOT_FOUND', 'of a case of others')
    const none = await bring(Buffer.from('<html/>'))
    t.match(none.json(), { error: { code: 'VALIDATION_FAILED', issues: [{ reason: 'exhibit.kind', values: { root: 'html' } }] } })
    t.match((await bring(Buffer.alloc(0))).json(), { error: { issues: [{ reason: 'body.empty' }] } }, 'an empty file is said to be one')
    t.match((await bring(Buffer.alloc(16 * 1024 * 1024 + 1, 32))).json(), { error: { code: 'TOO_LARGE' } })
    const [first, second] = [gpxOf(10, 20), gpxOf(10, 20, 30)]
    t.match((await bring(first)).json(), { nth: 1, edition: 1, points: 2, kind: 'gpx', isNewest: true, by: 'inspector' })
    const { exhibitId, sha256 } = (await bring(second)).json()
    t.equal(sha256, createHash('sha256').update(second).digest('hex'))
    t.match((await bring(gpxOf(10), { name: 'b', datum: 'gcj02' })).json(), { nth: 2, edition: 1, datum: 'gcj02' })
    const { rows } = (await ask(world, 'listExhibits', inspector, { params: { caseId } })).json()
    t.same(
      rows.map(({ nth, edition, isNewest }) => [nth, edition, isNewest]),
      [
        [1, 2, true],
        [1, 1, false],
        [2, 1, true],
      ],
    )
    const before = (await records()).length
    t.equal((await ask(world, 'readExhibit', two, { params: { exhibitId } })).code, 'NOT_FOUND')
    t.match((await ask(world, 'readExhibit', inspector, { params: { exhibitId } })).json(), {
      segments: [3],
      lon: [111.71, 111.72, 111.73],
    })
    t.equal((await ask(world, 'readExhibitFile', inspector, { params: { exhibitId } })).body, second.toString())
    t.match(
      (await records()).slice(before).map(({ action, detail }) => [action, (detail as { part: string }).part]),
      [
        ['case.refused', 'exhibit'],
        ['exhibit.read', 'exhibit'],
        ['exhibit.read', 'exhibit-file'],
      ],
    )
    const shifted = (await ask(world, 'readExhibit', inspector, { params: { exhibitId: rows[2]!.exhibitId } })).json()
    const metres = Math.hypot((shifted.lon[0]! - 111.71) * 84_000, (shifted.lat[0]! - 40.8) * 111_000)
    t.ok(metres > 300 && metres < 900, `${Math.round(metres)} m from where the other datum has it`)

    const { packageId } = await made(caseId)
    const { bytes } = await download(packageId)
    const contents = new Map((await contentsOf(bytes)).map(({ name, content }) => [name, content]))
    t.ok(contents.get('对照轨迹/1-1_司机 手机.gpx')!.equals(first))
    t.ok(contents.get('对照轨迹/1-2_司机 手机.gpx')!.equals(second))
    t.match(JSON.parse(Buffer.from(contents.get('对照轨迹.json')!).toString()), [{ edition: 1 }, { edition: 2, sha256 }, { name: 'b' }])
    const { parts } = JSON.parse(Buffer.from(contents.get('manifest.json')!).toString()) as Manifest
    t.match(
      parts.find(({ name }) => name.endsWith('1-2_司机 手机.gpx')),
      { sha256 },
    )
    await ask(world, 'actOnCase', inspector, { params: { caseId }, body: { action: 'close', version, reason } })
    t.equal((await bring(first)).code, 'CASE_REQUIRED')
  },
)

t.test('a yard that was traced on a GCJ-02 map is where its vehicle is found, in the answer, in the KML and in the package', async (t) => {
  const { caseId } = await open({ vehicleIds: [201], from: at(-3) })
  const stored = { vehicleId: 201, lonE7: 1_117_003_000, latE7: 408_003_000, speedDkph: 0 }
  await layPositions(
    db,
    [40, 3_630].map((s) => ({ ...stored, ms: NOW_MS - 7_200_000 + s * 1000 })),
  )
  const yard: [number, number][] = [
    [111.6999, 40.7999],
    [111.7007, 40.7999],
    [111.7007, 40.8007],
    [111.6999, 40.8007],
  ]
  const written = (ring: readonly (readonly number[])[]) => ring.map((corner) => corner.join(',')).join(';')
  const traced = yard.map((corner) => gcoord.transform(corner, gcoord.WGS84, gcoord.GCJ02))
  const period = { from: at(-3), to: at(0), caseId }
  const asked = async (query: object) => (await ask(world, 'findWhoWasHere', inspector, { query: { ...period, ...query } })).json()
  const [onGcj, onWgs] = [await asked({ area: written(traced), datum: 'gcj02' }), await asked({ area: written(yard) })]
  t.match(onGcj.visits, [
    { vehicleId: 201, reports: 4 },
    { vehicleId: 201, reports: 4 },
  ])
  t.same(onGcj.visits, onWgs.visits, 'a WGS-84 map gives the same answer')
  t.same((await asked({ area: written(traced) })).visits, [], 'the same corners taken for WGS-84 are hundreds of metres off')
  const onYard = (kml: string, says: string): void => {
    const places = [...kml.matchAll(/(\d+\.\d+)[ ,](\d+\.\d+)/g)].map(([, lon, lat]) => [Number(lon), Number(lat)] as const)
    t.ok(places.length >= 6, says)
    t.same(
      places.filter((place) => !isInside({ type: 'polygon', ring: [...yard, yard[0]!] }, place)),
      [],
      says,
    )
  }
  const { body } = await ask(world, 'exportTrack', inspector, { params: { vehicleId: 201 }, query: { ...period, format: 'kml' } })
  onYard(body.slice(body.indexOf('<coordinates>')), 'the KML')
  const { bytes } = await download((await made(caseId)).packageId)
  const contents = new Map((await contentsOf(bytes)).map(({ name, content }) => [name, Buffer.from(content).toString()]))
  t.equal((JSON.parse(contents.get('manifest.json')!) as Manifest).datum, 'WGS-84')
  const [name, kml] = [...contents].find(([each]) => each.endsWith('.kml'))!
  onYard(kml.slice(kml.indexOf('<coordinates>')), name)
})

t.test('questions and packages are looks: no faster than the law of looks lets anybody', async (t) => {
  const { caseId } = await open({ vehicleIds: [201] })
  // As many looks as a minute has, refused ones included.
  const asked = () => ask(world, 'getInstant', inspector, { query: { at: at(-1), caseId: 2_000_000 } })
  for (let n = 0; n < 310; n += 10) await Promise.all(Array.from({ length: 10 }, asked))
  const slow = { error: { code: 'RATE_LIMITED', issues: [{ reason: 'look.perMinute', values: { most: 300 } }] } }
  t.match((await ask(world, 'getInstant', inspector, { query: { at: at(-1), caseId } })).json(), slow)
  t.match((await make(caseId)).json(), slow)
  t.match((await ask(world, 'findCaseMeetings', inspector, { params: { caseId }, query: { from: at(-2), to: at(-1) } })).json(), slow)
  t.match((await records()).at(-1), { action: 'case.refused', detail: { part: 'meetings', why: 'look.perMinute', caseId } })
})

/** Goes away as soon as anything came. */
function breakOff(url: string): Promise<void> {
  return new Promise((resolve) => {
    const asked = get(url, { headers: { cookie: inspector.cookie } }, (answer) => {
      answer.once('data', () => asked.destroy())
    })
    asked.once('close', () => resolve())
    asked.on('error', () => resolve())
  })
}
async function until<T>(read: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await read()
    if (found !== undefined) return found
    await new Promise((resolve) => setImmediate(resolve))
  }
}
