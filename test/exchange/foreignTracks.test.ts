// Tracks that other programs wrote: every kind that comes in the field is one line, or a sentence that says why it is none; and no file takes more than its size allows.
import fc from 'fast-check'
import t from 'tap'
import { Refusal } from '../../services/contracts/errors.ts'
import { geojsonLines } from '../../services/evidence/tracks/geojson.ts'
import { gpxLines } from '../../services/evidence/tracks/gpx.ts'
import { kmlLines } from '../../services/evidence/tracks/kml.ts'
import { type EvidenceTrack, runsOf } from '../../services/evidence/tracks/track.ts'
import { readForeignTrack } from '../../services/tables/tracks/read.ts'

const FIRST = Date.UTC(2026, 2, 2, 1)
const at = (second: number) => new Date(FIRST + second * 1000).toISOString()
const point = (lat: number | string, lon: number | string, time?: string) =>
  `<trkpt lat="${lat}" lon="${lon}">${time === undefined ? '' : `<time>${time}</time>`}</trkpt>`
const gpx = (body: string, head = '<gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1">') => `${head}${body}</gpx>`
const track = (...segments: string[]) => gpx(`<trk>${segments.map((each) => `<trkseg>${each}</trkseg>`).join('')}</trk>`)
const lineOf = (coordinates: number[][], coordTimes: unknown[]) =>
  JSON.stringify({ type: 'Feature', properties: { coordTimes }, geometry: { type: 'LineString', coordinates } })
const read = (text: string | Buffer) => readForeignTrack(Buffer.from(text as string))
const two = point(40.8, 111.7, at(0)) + point(40.81, 111.71, at(10))

/** The reason and values of a refusal. */
async function why(text: string | Buffer): Promise<object> {
  const refused = await read(text).then(
    () => undefined,
    (error: unknown) => error,
  )
  if (!(refused instanceof Refusal)) throw refused ?? new Error('it was taken')
  const { reason, values } = refused.issues![0]!
  return { reason, ...values }
}

t.test('GPX of either version, with a mark, a prefix, undeclared extensions, another encoding: the same two places', async (t) => {
  const same = { kind: 'gpx', timeMs: [FIRST, FIRST + 10_000], lon: [111.7, 111.71], lat: [40.8, 40.81], segments: [2] }
  const extended = two.replaceAll('</trkpt>', '<extensions><gpxtpx:hr>80</gpxtpx:hr></extensions></trkpt>')
  for (const [says, file] of Object.entries({
    '1.1': track(two),
    '1.0': gpx(`<trk><trkseg>${two}</trkseg></trk>`, '<gpx version="1.0" xmlns="http://www.topografix.com/GPX/1/0">'),
    'no namespace': gpx(`<trk><trkseg>${two}</trkseg></trk>`, '<gpx>'),
    'a mark and a declaration': `\ufeff<?xml version="1.0" encoding="UTF-8"?>\n${track(two)}`,
    'a prefix': track(two).replaceAll('<', '<g:').replaceAll('<g:/', '</g:'),
    'undeclared extensions': track(extended),
    'UTF-16': Buffer.from(`\ufeff${track(two)}`, 'utf16le'),
    GBK: Buffer.concat([
      Buffer.from('<?xml version="1.0" encoding="GBK"?><!--'),
      Buffer.from([0xb9, 0xec, 0xbc, 0xa3]),
      Buffer.from(`-->${track(two)}`),
    ]),
    'times without a zone are UTC': track(two.replaceAll('Z<', '<')),
    'times with a zone': track(point(40.8, 111.7, '2026-03-02T09:00:00+08:00') + point(40.81, 111.71, at(10))),
  }))
    t.match(await read(file), same, says)
})

t.test('several tracks and segments are one line in the order of time, and a gap stands between two', async (t) => {
  const later = point(41, 112, at(600)) + point(41.1, 112, at(610))
  const found = await read(gpx(`<trk><trkseg>${later}</trkseg></trk><trk><trkseg>${two}</trkseg><trkseg></trkseg></trk>`))
  t.same(found.segments, [2, 2])
  t.same(
    found.timeMs,
    [0, 10, 600, 610].map((second) => FIRST + second * 1000),
  )
  t.same(await why(track(two, point(50, 100, at(5)))), { reason: 'exhibit.overlap', first: 1, second: 2 })
  const touching = await read(track(two, point(40.81, 111.71, at(10)) + point(40.9, 111.8, at(20))))
  t.same([touching.segments, touching.notes.repeated], [[2, 1], 1])
})

t.test('what was out of order, told twice or without a time is put right and said', async (t) => {
  const shuffled = point(3, 3, at(20)) + point(1, 1, at(0)) + point(9, 9) + point(2, 2, at(10)) + point(2, 2, at(10))
  const found = await read(track(shuffled))
  t.same([found.lat, found.notes], [[1, 2, 3], { untimed: 1, unordered: 1, repeated: 1 }])
  const untimed = await read(track(point(1, 1) + point(2, 2)))
  t.same([untimed.timeMs, untimed.lat, untimed.notes.untimed], [null, [1, 2], 0])
})

t.test('GeoJSON with times in milliseconds, and lines in a collection of geometries, are tracks', async (t) => {
  const places = [
    [111.7, 40.8],
    [111.71, 40.81],
  ]
  t.match(await read(lineOf(places, [FIRST, FIRST + 10_000])), { timeMs: [FIRST, FIRST + 10_000], lon: [111.7, 111.71] })
  const line = { type: 'LineString', coordinates: places }
  const collection = { type: 'GeometryCollection', geometries: [null, line, { type: 'Point', coordinates: [1, 2] }, line] }
  t.match(await read(JSON.stringify(collection)), { timeMs: null, segments: [2, 2] })
  t.match(await read(JSON.stringify({ type: 'Feature', properties: null, geometry: collection })), { segments: [2, 2] })
})

t.test('what is no track says what it is and what would do', async (t) => {
  const bomb = `<?xml version="1.0"?><!DOCTYPE gpx [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>${track(point('&b;', 1))}`
  const cases: Record<string, [string | Buffer, object]> = {
    empty: ['', { reason: 'body.empty' }],
    'a mark alone': ['\ufeff \n', { reason: 'body.empty' }],
    'broken off': [track(two).slice(0, -30), { reason: 'exhibit.broken', line: 1 }],
    'broken off in a tag': [`${track(two).slice(0, 120)}`, { reason: 'exhibit.broken', line: 1 }],
    'entities that grow': [bomb, { reason: 'exhibit.doctype' }],
    'an entity without a declaration': [track(point('&b;', 1)), { reason: 'exhibit.broken', line: 1 }],
    'a page of the web': ['<!DOCTYPE html><html><body>404</body></html>', { reason: 'exhibit.kind', root: 'html' }],
    'a page in small letters': ['\n<!doctype html>\n<p>404<br>', { reason: 'exhibit.kind', root: 'html' }],
    'a page after a comment': [
      '<!-- x --><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "x">',
      { reason: 'exhibit.kind', root: 'html' },
    ],
    'a page without its type': ['<html><body>404</body></html>', { reason: 'exhibit.kind', root: 'html' }],
    'a letter': ['你好', { reason: 'exhibit.kind', root: '你好' }],
    KMZ: [Buffer.from('PK\u0003\u0004....'), { reason: 'exhibit.zip' }],
    'a picture': [Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 1, 0x80, 0x81]), { reason: 'exhibit.kind', root: '?' }],
    'waypoints only': [gpx('<wpt lat="1" lon="2"/><wpt lat="1" lon="2"/>'), { reason: 'exhibit.waypoints', n: 2 }],
    'a route only': [gpx('<rte><rtept lat="1" lon="2"/></rte>'), { reason: 'exhibit.route', n: 1 }],
    'nothing in it': [gpx('<trk><trkseg/></trk>'), { reason: 'exhibit.none' }],
    'no latitude': [track('<trkpt lon="1"/>'), { reason: 'exhibit.place', where: 1 }],
    'beyond the pole': [track(`${two}\n${point(140.8, 111.7)}`), { reason: 'exhibit.place', where: 2 }],
    'no number': [track(point('NaN', 1)), { reason: 'exhibit.place', where: 1 }],
    'no time that anybody knows': [track(point(1, 1, '05/01/2026 08:00')), { reason: 'exhibit.time', where: 1, time: '05/01/2026 08:00' }],
    'a day that no month has': [track(point(1, 1, '2026-02-30T00:00:00Z')), { reason: 'exhibit.time', time: '2026-02-30T00:00:00Z' }],
    'the year in which an unset clock stands': [track(point(1, 1, '0001-01-01T00:00:00Z')), { reason: 'exhibit.time', where: 1 }],
    'a year that no clock tells': [track(point(1, 1, '9999-12-31T23:59:59Z')), { reason: 'exhibit.time', where: 1 }],
    'seconds for milliseconds': [lineOf([[1, 2]], [FIRST / 1000]), { reason: 'exhibit.time', where: 1 }],
    'a word that is no JSON, far down': ['{"type":\n\n\nNaN}', { reason: 'exhibit.json' }],
    'JSON without its end': ['{"type":"Feature",\n', { reason: 'exhibit.broken', line: 2 }],
    'an array': ['[[1,2],[3,4]]', { reason: 'exhibit.kind', root: 'JSON' }],
    'an area': ['{"type":"Feature","geometry":{"type":"Polygon","coordinates":[[[1,2],[1,3],[2,3],[1,2]]]}}', { reason: 'exhibit.none' }],
    'JSON of something else': ['{"type":"Topology"}', { reason: 'exhibit.kind', root: 'Topology' }],
    'JSON broken off': ['{"type":"FeatureColl', { reason: 'exhibit.broken' }],
    'nested without an end': [`<gpx>${'<a>'.repeat(100)}`, { reason: 'exhibit.broken', line: 1 }],
    'nested JSON without an end': ['['.repeat(100_000), { reason: 'exhibit.json' }],
    'points alone': [
      '{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Point","coordinates":[1,2]}}]}',
      { reason: 'exhibit.waypoints', n: 1 },
    ],
  }
  for (const [says, [file, reason]] of Object.entries(cases)) t.match(await why(file), reason, says)
})

t.test('a file of more places than are taken is let go of where the last of them is', async (t) => {
  const many = track(point(1, 1).repeat(200_001))
  t.same(await why(many), { reason: 'exhibit.many', most: 200_000 })
})

t.test('each of the files that we write ourselves comes back as the line it was', async (t) => {
  const count = 40
  const column = (of: (i: number) => number) => Float64Array.from({ length: count }, (_, i) => of(i))
  const unknown = column(() => Number.NaN)
  const ours: EvidenceTrack = {
    name: '蒙A·D12345 <甲 & 乙>',
    flagged: [],
    arrays: {
      // A silence of half an hour after the twentieth.
      ...{
        timeMs: column((i) => FIRST + i * 10_000 + (i < 20 ? 0 : 1_800_000)),
        lonE7: column((i) => 1_117_000_000 + i * 900),
        latE7: column((i) => 408_000_000 + i * 700),
      },
      ...{ speedDkph: unknown, headingDeg: unknown, altitudeM: unknown, odometerM: unknown, fuelPermille: unknown, socPermille: unknown },
      ...{ satellites: unknown, flags: unknown, alarms: unknown, lagMs: unknown },
    },
  }
  for (const lines of [gpxLines, kmlLines, geojsonLines]) {
    const back = await read([...lines(ours, runsOf(ours))].join(''))
    t.same(back.segments, [20, 20], lines.name)
    t.same(back.timeMs, [...ours.arrays.timeMs])
    t.same(
      back.lon.map((lon) => Math.round(lon * 1e7)),
      [...ours.arrays.lonE7],
    )
  }
})

t.test('whatever bytes come, there is a line or a refusal, and never anything else', async (t) => {
  const noise = fc.oneof(
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    fc.tuple(fc.nat({ max: 400 }), fc.string({ maxLength: 20 })).map(([cut, put]) => {
      const text = track(two, point(41, 112, at(60)))
      return Buffer.from(text.slice(0, cut % text.length) + put + text.slice(cut % text.length))
    }),
  )
  await fc.assert(
    fc.asyncProperty(noise, async (bytes) => {
      const found = await readForeignTrack(bytes).catch((error: unknown) => error)
      if (found instanceof Error) t.ok(found instanceof Refusal, String(found))
    }),
    { numRuns: 150 },
  )
})
