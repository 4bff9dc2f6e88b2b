import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { readFlags } from '../../firmware-sim/flags.ts'
import { bindDevices, readBindings } from '../../firmware-sim/replay/binding.ts'
import { readRecording } from '../../firmware-sim/replay/recording.ts'
import { replay } from '../../firmware-sim/replay/replay.ts'
import { dueAfterMs, shiftToNow } from '../../firmware-sim/replay/schedule.ts'
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
      'a,2026-01-05 08:00,111,40,5',
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
