import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { readFlags } from '../../firmware-sim/flags.ts'
import { bindDevices, readBindings } from '../../firmware-sim/replay/binding.ts'
import { timeOf } from '../../firmware-sim/replay/deviceTime.ts'
import { readRecording } from '../../firmware-sim/replay/recording.ts'
import { replay } from '../../firmware-sim/replay/replay.ts'
import { dueAfterMs, pacedTimes, playedAt, shiftAllToNow, shiftToNow, stretchesOf } from '../../firmware-sim/replay/schedule.ts'
import { locationTopic } from '../../services/contracts/topics.ts'
import { manifestOf } from './madeUp.ts'
import { startBroker } from './testBroker.ts'

const manifest = manifestOf(5)
const never = new AbortController().signal
const CSV = `time,device,heading,lon,lat,speed_kph
2026-01-05T08:00:00+08:00,van 2,,111.600001,40.8,
2026-01-05T08:00:00+08:00,van 2,,111.600001,40.8,
2026-01-05T00:00:30.500Z,"van, 1",359,111.7,40.81,0.0
2026-01-05T08:05:00+08:00,van 2,12.5,111.61,40.82,47.3
2026-01-05T08:01:00+08:00,van 2,360,111.605,40.81,20
`
const GPX = `<?xml version="1.0"?>
<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1" xmlns:x="http://example.org/x"><trk><name>rider</name><trkseg>
<trkpt lat="40.9" lon="111.5"><ele>1043.5</ele><time>2026-01-05T00:00:00Z</time></trkpt>
<trkpt lat="40.901" lon="111.501"><time>2026-01-05T00:00:10Z</time><extensions><x:speed>10</x:speed><x:course>45</x:course></extensions></trkpt>
<trkpt lat="40.902" lon="111.502"><ele>1044</ele></trkpt>
</trkseg></trk></gpx>`

const dir = t.testdir({})
const file = (name: string, text: string): string => {
  writeFileSync(join(dir, name), text)
  return join(dir, name)
}
const csv = file('vans.csv', CSV)
const gpx = file('ride.gpx', GPX)
const topicOf = (n: number) => locationTopic(manifest.terminals[n]?.adcode as string, manifest.terminals[n]?.terminalId as string)

t.test('a replay sends each row of CSV and GPX exactly as recorded, repeats and old times included', async (t) => {
  const broker = await startBroker()
  t.teardown(() => broker.stop())
  const said: string[] = []
  const flags = readFlags(['--mqtt-url', broker.url, '--replay', csv, gpx], {})
  const summary = await replay(
    flags.replay as string[],
    flags,
    manifest,
    never,
    (line) => said.push(line),
    () => undefined,
  )
  t.match(summary, { devices: 3, rows: 8, invalidRows: 1, sent: 7, acknowledged: 7, messages: 3 })
  const received = new Map(broker.received.map(({ topic, positions }) => [topic, positions]))
  t.same(received.get(topicOf(4)), [
    { time: '2026-01-05T00:00:00Z', lon: 111.5, lat: 40.9, altitudeM: 1043.5 },
    { time: '2026-01-05T00:00:10Z', lon: 111.501, lat: 40.901, speedKph: 36, headingDeg: 45 },
  ])
  t.same(received.get(topicOf(2)), [{ time: '2026-01-05T00:00:30.500Z', lon: 111.7, lat: 40.81, speedKph: 0, headingDeg: 359 }])
  t.same(received.get(topicOf(3)), [
    { time: '2026-01-05T08:00:00+08:00', lon: 111.600001, lat: 40.8 },
    { time: '2026-01-05T08:00:00+08:00', lon: 111.600001, lat: 40.8 },
    { time: '2026-01-05T08:05:00+08:00', lon: 111.61, lat: 40.82, speedKph: 47.3, headingDeg: 12.5 },
    { time: '2026-01-05T08:01:00+08:00', lon: 111.605, lat: 40.81, speedKph: 20, headingDeg: 360 },
  ])
  t.match(said.join('\n'), /ride\.gpx:5: row skipped: time/)
  t.match(said.join('\n'), /van 2 +SIM00003 +蒙A·00003/)
})

t.test('rows that cannot be read are named with their line and reason, and the rest is kept', async (t) => {
  const bad = file(
    'bad.csv',
    [
      'device,time,lon,lat,speed_kph',
      'a,2026-01-05T08:00:00Z,111,40,5',
      'a,05/01/2026 08:00,111,40,5',
      'a,2026-01-05T08:00:10Z,,40,5',
      'a,2026-01-05T08:00:20Z,111,95,5',
      'a,2026-01-05T08:00:30Z,111,40,fast',
      ',2026-01-05T08:00:40Z,111,40,5',
      'a,2026-01-05T08:00:50Z,111',
      '',
      'a,2026-01-05T08:01:00Z,111,40,',
    ].join('\r\n'),
  )
  const { devices, rows, invalid } = readRecording([bad])
  t.equal(rows, 8)
  t.equal(devices.get('a')?.length, 2)
  t.same(
    invalid.map(({ line }) => line),
    [3, 4, 5, 6, 7, 8],
  )
  t.match(invalid[1]?.reason, /^lon/)
  t.match(invalid[3]?.reason, /speed_kph: "fast" is not a number/)
})

t.test('a file that is no recording is refused with a sentence', async (t) => {
  t.throws(() => readRecording([file('x.csv', 'a,b\n1,2\n')]), /has no column device, time, lon, lat/)
  t.throws(() => readRecording([file('x.gpx', '<gpx><trk>')]), /is not well-formed GPX/)
  t.throws(() => readRecording([file('y.gpx', '<kml/>')]), /is not GPX/)
  t.throws(() => readRecording([join(dir, 'nowhere.csv')]), /cannot be read/)
})

t.test('long tracks go in arrays of at most 200, nothing left out', async (t) => {
  const broker = await startBroker()
  t.teardown(() => broker.stop())
  const line = (n: number) => `bus,${new Date(Date.UTC(2026, 0, 5) + n * 1000).toISOString()},111.5,40.5`
  const long = file('long.csv', ['device,time,lon,lat', ...Array.from({ length: 450 }, (_, n) => line(n))].join('\n'))
  const flags = readFlags(['--mqtt-url', broker.url, '--replay', long], {})
  await replay(
    [long],
    flags,
    manifest,
    never,
    () => undefined,
    () => undefined,
  )
  t.same(
    broker.received.map(({ positions }) => positions.length),
    [200, 200, 50],
  )
})

t.test('a replay that is stopped reports what was not acknowledged', async (t) => {
  const broker = await startBroker()
  t.teardown(() => broker.stop())
  broker.held.acks = true
  const stop = new AbortController()
  const flags = readFlags(['--mqtt-url', broker.url, '--replay', csv], {})
  const ended = replay(
    [csv],
    flags,
    manifest,
    stop.signal,
    () => undefined,
    () => undefined,
  )
  await broker.arrived(5)
  stop.abort()
  t.match(await ended, { sent: 5, acknowledged: 0 })
})

t.test('times shifted to now keep their spacing and never run ahead of the clock', async (t) => {
  const [first, last, now] = [1_000_000, 1_600_000, 50_000_000]
  t.equal(last + shiftToNow(first, last, now, 'max'), now, 'at max the last position is now')
  t.equal(first + shiftToNow(first, last, now, 1), now, 'at recorded speed the first is now')
  t.equal(last + shiftToNow(first, last, now, 10), now + 60_000, 'a faster one is caught up when its last position is sent')
  t.equal(first + shiftToNow(first, last, now, 0.5), now)
  t.same([...dueAfterMs([first, last, first + 10], first, 10)], [0, 60_000, 60_000])
})

t.test('devices are bound as asked and otherwise in the order of their names, from the last terminal on', async (t) => {
  const idsOf = (asked: string | undefined) =>
    [...bindDevices(['b', 'a', 'c'], manifest, readBindings(asked, undefined))].map(([d, { terminalId }]) => `${d}=${terminalId}`)
  t.same(idsOf(undefined), ['a=SIM00004', 'b=SIM00003', 'c=SIM00002'])
  t.same(idsOf('b=SIM00004'), ['a=SIM00003', 'b=SIM00004', 'c=SIM00002'])
  t.same([...readBindings(undefined, file('bind.txt', '# which bus is which\na=SIM00001\n\n'))], [['a', 'SIM00001']])
  t.throws(() => idsOf('x=SIM00001'), /has no device x/)
  t.throws(() => idsOf('a=SIM99999'), /no terminal SIM99999/)
  t.throws(() => idsOf('a=SIM00001,b=SIM00001'), /bound to two devices/)
  t.throws(() => idsOf('a'), /is not device=terminalId/)
  t.throws(() => bindDevices(['1', '2', '3', '4', '5', '6'], manifest, new Map()), /6 devices and the manifest only 5/)
})

const bytes = (name: string, content: Buffer): string => {
  writeFileSync(join(dir, name), content)
  return join(dir, name)
}
const HEAD = 'device,time,lat,lon\n'
const read = (text: string, offsetMin?: number) => readRecording([file('one.csv', text)], offsetMin)
const timesOf = (text: string, offsetMin?: number) =>
  [...read(text, offsetMin).devices.values()].flat().map((position) => new Date(timeOf(position)).toISOString())

t.test(
  'a time is read in every form that means one instant; one without a zone is the region’s, or what the flag or the heading says',
  async (t) => {
    const forms = [
      '1795770000',
      '1795770000.0',
      '1795770000000',
      '1795770000000000',
      '2026-11-27T09:00:00Z',
      '2026-11-27T17:00:00+0800',
      '2026-11-27 17:00:00 +08',
      '2026-11-27 17:00:00',
      '2026/11/27 17:00',
      '2026.11.27 5:00 PM',
      '20261127170000',
      '20261127T090000Z',
      '2026年11月27日 17时00分',
      '2026-11-27t17:00:00.000',
    ]
    for (const form of forms) t.same(timesOf(`${HEAD}a,${form},40,111`), ['2026-11-27T09:00:00.000Z'], form)
    t.same(timesOf(`${HEAD}a,2026-11-27 9:00,40,111`, 0), ['2026-11-27T09:00:00.000Z'])
    for (const heading of ['time (UTC)', 'utc_time', 'Time(GMT+0)'])
      t.same(timesOf(`device,${heading},lat,lon\na,2026-11-27 9:00,40,111`), ['2026-11-27T09:00:00.000Z'], heading)
    t.same(timesOf('日期,时间,设备,纬度,经度\n2026-11-27,17:00,a,40,111'), ['2026-11-27T09:00:00.000Z'])
    t.match(read(`${HEAD}a,2026-11-27 9:00,40,111`).notes.join(), /1 times say no zone and are read as UTC\+08:00/)
    t.equal(readFlags(['--utc-offset', '+0530'], {})['utc-offset'], 330)
    t.throws(() => readFlags(['--utc-offset', 'Beijing'], {}), /such as \+08:00/)
  },
)

t.test('a time that may mean two things is refused with what is read', async (t) => {
  const reasonOf = (time: string) => read(`${HEAD}a,${time},40,111`).invalid[0]?.reason
  for (const time of ['05/01/2026 8:00', '2026-11-27', '45988.375', '1.79577E+12', 'yesterday', '2026-02-30 08:00', '2026-11-27 25:00'])
    t.match(reasonOf(time), /^time: .*(read are|spreadsheet)/, time)
  t.match(reasonOf('05/01/2026 8:00'), /day and month may be either/)
  t.match(reasonOf('45988.375'), /count of days/)
})

t.test('a recording is read in every delimiter, encoding, order and naming of columns, with commas as points', async (t) => {
  const wanted = [{ time: '2026-11-27T09:00:00Z', lon: 111.7, lat: 40.84, speedKph: 36, altitudeM: 1043.5 }]
  const rows = (delimiter: string, point: string) =>
    `海拔,车牌,定位时间,纬度,经度,速度(m/s)\r\n1043.5,蒙A12345,2026-11-27T09:00:00Z,40.84,111.7,10\r\n`
      .replaceAll('.', point)
      .replaceAll(',', delimiter)
  const text = { ',': rows(',', '.'), ';': rows(';', '.'), '\t': rows('\t', '.'), '|': rows('|', '.') }
  for (const [delimiter, each] of Object.entries(text))
    t.same(readRecording([file('d.csv', each)]).devices.get('蒙A12345'), wanted, JSON.stringify(delimiter))
  const comma = '海拔;车牌;定位时间;纬度;经度;速度(m/s)\r\n1.043,5;蒙A12345;2026-11-27T09:00:00Z;40,84;111,7;10\r\n'
  t.same(readRecording([file('c.csv', comma)]).devices.get('蒙A12345'), wanted, 'commas as points')
  const swapped = Buffer.from(text[','], 'utf16le').swap16()
  const gbk = Buffer.concat([
    Buffer.from('bac5c5c6', 'hex'),
    Buffer.from(',time,lat,lon,speed (knots)\n'),
    Buffer.from('c3c941', 'hex'),
    Buffer.from('12345,2026-11-27T09:00:00Z,40.84,111.7,10\n'),
  ])
  for (const [name, content] of Object.entries({
    'utf-8 with a mark': Buffer.from(`\ufeff${text[',']}`),
    'utf-16 with a mark': Buffer.from(`\ufeff${text['\t']}`, 'utf16le'),
    'utf-16 without': Buffer.from(text[','], 'utf16le'),
    'utf-16 the other way round': swapped,
  }))
    t.same(readRecording([bytes('e.csv', content)]).devices.get('蒙A12345'), wanted, name)
  t.match(readRecording([bytes('g.csv', gbk)]).devices.get('蒙A12345'), [{ speedKph: 18.52 }], 'GBK')
  t.same(
    [...readRecording([file('q.csv', 'altitude,device,time,lat,lon\n,"truck","2026-11-27T09:00:00Z",40,111\n')]).devices.keys()],
    ['truck'],
  )
  t.same([...read(`sep=;\ntrack of today\n;Device ID;Timestamp;Latitude;LNG;;\n0;a;1795770000;40;111;;\n`).devices.keys()], ['a'])
})

t.test('a reading that is unknown is left out and its place kept', async (t) => {
  const rows = ['-1,-1', '65535,511', ',', 'NaN,null', 'n/a,-', '6553.5,361', '-1.0,—', '#N/A,nan(ind)', '-Infinity,无效'].map(
    (cells) => `a,2026-11-27T09:00:00Z,40,111,${cells}`,
  )
  const { devices, invalid, notes } = read(`device,time,lat,lon,speed,course\n${rows.join('\n')}\n`)
  t.same(invalid, [])
  t.same(devices.get('a'), Array(9).fill({ time: '2026-11-27T09:00:00Z', lon: 111, lat: 40 }))
  t.match(notes.join('\n'), /speed is unknown or impossible in 8 rows/)
  const comma = read('device;time;lat;lon;speed_kph\na;2026-11-27T09:00:00Z;40.84;111.7;36,5\n').devices.get('a')
  t.match(comma, [{ lat: 40.84, lon: 111.7, speedKph: 36.5 }], 'a decimal comma where the coordinates have points')
  const gpxUnknown =
    '<gpx><trk><trkseg><trkpt lat="40" lon="111"><time>2026-11-27T09:00:00Z</time><speed>-1</speed><course>-1</course></trkpt></trkseg></trk></gpx>'
  t.same(readRecording([file('u.gpx', gpxUnknown)]).devices.get('u'), [{ time: '2026-11-27T09:00:00Z', lon: 111, lat: 40 }])
})

t.test('bad rows of every kind are named by line and reason, short and long ones are read where that is safe', async (t) => {
  const good = 'a,2026-11-27T09:00:00Z,40,111,5'
  const bad = [
    'a,1980-01-06T00:00:00Z,40,111,5',
    'a,2999-01-01T00:00:00Z,40,111,5',
    'a,2026-11-27T09:00:00Z,0,0,5',
    'a,2026-11-27T09:00:00Z,NaN,111,5',
    '"a,2026-11-27T09:00:00Z,40,111,5',
    'a,2026-11-27T09:00:00Z,40,84,111,70',
    '8.6E+14,2026-11-27T09:00:00Z,40,111,5',
  ]
  const { devices, invalid } = read(
    ['device,time,lat,lon,speed_kph', ...bad, good, `${good},,`, 'a,2026-11-27T09:00:00Z,40,111', 'a,2026-11-27T09:00:00Z,40,11'].join(
      '\n',
    ),
  )
  t.same(
    invalid.map(({ line }) => line),
    [2, 3, 4, 5, 6, 7, 8, 12],
  )
  for (const [k, reason] of [
    /before 2010/,
    /in the future/,
    /no fix/,
    /^lat: is missing or not a number/,
    /quotes/,
    /6 cells where the header has 5/,
    /shortened/,
    /4 cells/,
  ].entries())
    t.match(invalid[k]?.reason, reason)
  t.equal(devices.get('a')?.length, 3)
})

const track = (name: string, minute: number, more = '') =>
  `<trk>${name}<trkseg><trkpt lat="40" lon="111"><name>Stop 1</name><time>2026-11-27T01:0${minute}:00</time>${more}</trkpt><trkpt lat="40" lon="111.1"><time>2026-11-27T01:0${minute + 1}:00</time></trkpt></trkseg></trk>`
const gpxOf = (...tracks: string[]) => `<gpx version="1.0"><metadata><name>Export</name></metadata>${tracks.join('')}</gpx>`

t.test('a GPX track is its own name’s or its file’s, never a point’s, and tracks of one time are of several vehicles', async (t) => {
  const names = (files: string[]) => [...readRecording(files).devices].map(([name, { length }]) => `${name.replace(dir, '')}: ${length}`)
  const [one, two] = [file('car one.gpx', gpxOf(track('', 0))), file('car two.gpx', gpxOf(track('', 0), track('', 2)))]
  t.same(names([one, two]), ['car one: 2', 'car two: 4'])
  const [a, b, c] = [0, 0, 5].map((minute, n) => file(`m${n}.gpx`, gpxOf(track('<name>Morning ride</name>', minute))))
  t.same(names([a!, b!, c!]), ['Morning ride: 4', 'Morning ride (m1): 2'])
  t.same(names([file('both.gpx', gpxOf(track('', 0), track('', 0)))]), ['both: 2', 'both (2): 2'])
  t.same(
    readRecording([one]).devices.get('car one')?.map(timeOf),
    [Date.UTC(2026, 10, 27, 1), Date.UTC(2026, 10, 27, 1, 1)],
    'without a zone it is UTC',
  )
})

t.test('a GPX without a track, and a workbook, are refused for what they are', async (t) => {
  t.throws(
    () => readRecording([file('r.gpx', '<gpx><rte><rtept lat="40" lon="111"/></rte><wpt lat="1" lon="1"/></gpx>')]),
    /only a route and waypoints/,
  )
  t.throws(() => readRecording([bytes('x.csv', Buffer.from('PK\x03\x04rest'))]), /workbook/)
})

t.test('a row of another year holds nobody up: not before the rest, not among it, not after it', async (t) => {
  const [day, base] = [86_400_000, Date.UTC(2026, 0, 5)]
  const rest = Array.from({ length: 60 }, (_, n) => base + n * 1000)
  for (const [at, offset] of [
    [0, -4000 * day],
    [30, -4000 * day],
    [30, 200 * day],
    [60, 200 * day],
  ] as const) {
    const times = rest.toSpliced(at, 0, base + offset)
    const stretches = stretchesOf(times)
    const due = dueAfterMs(
      pacedTimes(times).map((time) => playedAt(stretches, time)),
      0,
      30,
    )
    t.same(
      [...due].filter((_due, n) => n !== at).map((ms) => ms - due[at === 0 ? 1 : 0]!),
      rest.map((time) => (time - base) / 30),
      `row ${at}, ${offset / day} days off`,
    )
    const shift = shiftAllToNow(stretches, base, 30)
    t.ok(
      times.every((time) => time + shift <= base + playedAt(stretches, time) / 30),
      'no time lies ahead of the clock when it is sent',
    )
  }
})
