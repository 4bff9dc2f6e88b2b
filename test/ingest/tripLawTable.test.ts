// The law of trips is one dated table: docs/trips.md lists it as it is, and what changes on a date changes from then on, wherever it is derived from.
import { readFileSync } from 'node:fs'
import t from 'tap'
import { STANDING_BELOW_DKPH } from '../../services/domain/status.ts'
import { lawAt, type TripLaw, tripLaws } from '../../services/domain/tripLaw.ts'
import { createSegmenter, derive } from '../../services/ingest/trips/segment.ts'
import { DAY, drive, stand } from './journeys.ts'

/** A unit is the end of a name: of several the first that fits. */
const units: readonly [ending: RegExp, unit: string][] = [
  [/(Ratio|^ratio|Part|Least|Most|OfSound)$/, '–'],
  [/Mps2$/, 'm/s²'],
  [/Mps$/, 'm/s'],
  [/Dkph$/, '0.1 km/h'],
  [/Kph$/, 'km/h'],
  [/S$/, 's'],
  [/M$/, 'm'],
  [/Reports$/, 'reports'],
  [/Legs$/, 'legs'],
  [/^(run|firsts)$/, 'fixes'],
  [/^rivals$/, 'lines'],
]

type Parameter = { name: string; value: number; unit: string | undefined }
function parametersOf(law: TripLaw): Parameter[] {
  const { effectiveFrom: _, scope: __, ...parameters } = law
  const of = (name: string, value: number, group = ''): Parameter => ({
    name: group + name,
    value,
    unit: units.find(([ending]) => ending.test(name))?.[1],
  })
  return Object.entries(parameters).flatMap(([name, value]) =>
    typeof value === 'number' ? [of(name, value)] : Object.entries(value).map(([inner, each]) => of(inner, each, `${name}.`)),
  )
}

t.test('docs/trips.md lists every parameter of every row with its value and its unit, and nothing else', async (t) => {
  const page = readFileSync('docs/trips.md', 'utf8')
  const section = page.split('## Parameters')[1]!.split('\n## ')[0]!
  const header = section.split('\n').find((line) => line.startsWith('| parameter'))!
  t.same(
    [...header.matchAll(/from (\d{4}-\d{2}-\d{2})/g)].map(([, date]) => date),
    tripLaws.map(({ effectiveFrom }) => effectiveFrom),
    'a column for each row, by its date',
  )
  const listed = [...section.matchAll(/^\| `([\w.]+)` \| (.+) \|$/gm)].map(([, name, cells]) => [name, ...cells!.split(' | ')])
  const rows = tripLaws.map(parametersOf)
  t.same(
    listed.map((cells) => cells.slice(0, 2 + rows.length)),
    rows[0]!.map(({ name, unit }, i) => [name, ...rows.map((row) => String(row[i]!.value)), unit]),
  )
  for (const cells of listed) t.ok(cells[2 + rows.length]!.length > 3, `${cells[0]} is said in words`)
})

t.test('rows are in the order of their dates; the live status goes by the speed of standing that is in force', async (t) => {
  t.same(
    tripLaws.map(({ effectiveFrom }) => effectiveFrom),
    tripLaws.map(({ effectiveFrom }) => effectiveFrom).sort(),
  )
  t.equal(lawAt(Date.now()).standingDkph, STANDING_BELOW_DKPH)
})

/** From the second midnight of the region on a rest is 15 minutes and not five, and a least trip 3 km and not 200 m. */
const [today] = tripLaws
const laws: TripLaw[] = [today!, { ...today!, effectiveFrom: '2026-11-28', restS: 900, leastM: 3_000 }]
const MIDNIGHT_S = 86_400

/** 600 s of standing, then drives of 5 km with stops of seven minutes between them. */
function outing(second: number, drives: number, km = 5) {
  const points = stand(second, 600, 0, 60)
  for (let i = 0; i < drives; i++) {
    const begun = second + 600 + i * (420 + km * 60)
    points.push(...drive(begun + 10, km * 60 - 10, 60, { fromM: i * km * 1000 + 167 }))
    points.push(...stand(begun + km * 60 + 10, i === drives - 1 ? 3_600 : 410, (i + 1) * km * 1000, 60))
  }
  return points.filter(({ tsMs }, i) => i === 0 || tsMs > points[i - 1]!.tsMs)
}
const said = (points: ReturnType<typeof outing>) =>
  derive(points, points.at(-1)!.tsMs + 86_400_000, laws).trips.map(({ start, end, distanceM }) => [
    (start.tsMs - DAY) / 1000,
    (end.tsMs - DAY) / 1000,
    Math.round(distanceM / 1000),
  ])

t.test('the same way the day before a law is in force, and the day after', async (t) => {
  t.match(said(outing(36_000, 3)), [{}, {}, {}])
  t.equal(said(outing(36_000, 3)).length, 3, 'seven minutes are a rest')
  t.same(
    said(outing(36_000 + MIDNIGHT_S, 3)).map(([, , km]) => km),
    [15],
    'seven minutes are a stop on the way',
  )
  t.equal(said(outing(36_000, 1, 2)).length, 1, 'two kilometres are a trip')
  t.equal(said(outing(36_000 + MIDNIGHT_S, 1, 2)).length, 0, 'two kilometres are none')
})

t.test('a trip goes by the law of its beginning to its end, and the next by that of its own', async (t) => {
  // Leaves four minutes before midnight, stops a minute after it, and goes on twice.
  const points = outing(MIDNIGHT_S - 240 - 600, 3)
  const trips = said(points)
  t.equal(trips.length, 2, JSON.stringify(trips))
  t.ok(trips[0]![0]! < MIDNIGHT_S && trips[0]![1]! > MIDNIGHT_S, 'the first goes over midnight and ends with a rest of seven minutes')
  t.same(
    trips.map(([, , km]) => km),
    [5, 10],
  )
})

t.test('begun with the rest before it, what is derived beyond the date is the same', async (t) => {
  const points = [...outing(36_000, 2), ...outing(36_000 + MIDNIGHT_S, 3).map((point) => ({ ...point, latE7: point.latE7 + 898_000 }))]
  const whole = derive(points, points.at(-1)!.tsMs + 86_400_000, laws)
  t.equal(whole.trips.length, 3)
  for (const { end, rest } of whole.trips.slice(0, -1)) {
    const segmenter = createSegmenter({ place: rest, since: end }, laws)
    for (const point of points.filter(({ tsMs }) => tsMs > end.tsMs)) segmenter.add(point)
    const later = whole.trips.filter(({ start }) => start.tsMs >= end.tsMs)
    t.same(segmenter.finish(points.at(-1)!.tsMs + 86_400_000).trips, later)
  }
})
