// `npm run bench:live`: publish → painted in a real browser, with the whole fleet at its normal rate; then the map's main-thread cost
// and frame times with all 23,188 vehicles moving. Everything runs on this machine, the browser with software GL beside it.
// Ends with one line of JSON.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import mqtt from 'mqtt'
import { z } from 'zod'
import { decodeLiveFrame } from '../../services/contracts/liveFrame.ts'
import { manifestSchema } from '../../services/contracts/manifest.ts'
import { liveFrameFilter, locationTopic } from '../../services/contracts/topics.ts'
import { readConfigOrEnd } from '../../services/platform/config.ts'
import { flagsBut, lastLine, turnAbout } from '../turns.ts'
import { openLivePage } from './browser.ts'
import { startFleet, startMorin } from './processes.ts'
import { summary } from './statistics.ts'

const {
  probes: PROBES,
  'moving-seconds': MOVING_SECONDS,
  against,
  turns,
} = readConfigOrEnd(
  z.object({
    probes: z.coerce.number().int().positive().default(120).describe('Positions whose way to the screen is timed'),
    'moving-seconds': z.coerce.number().positive().default(30).describe('How long all vehicles move for the frame times'),
    against: z.string().min(1).optional().describe('A commit, or a working copy, whose own bench:live is run turn about with this one'),
    turns: z.coerce.number().int().positive().default(1).describe('How often each of the two is run'),
  }),
  {
    command: 'npm run bench:live --',
    does: 'From publish to painted in a real browser with the whole fleet at its normal rate; then frame times with all vehicles moving. Ends with one line of JSON.',
    example: 'npm run bench:live -- --probes 20',
  },
)
const PROBE_EVERY_MS = 500
/** The vehicle that the probe drives; the simulated fleet leaves it alone by being one smaller. */
const PROBED = 23_187

if (against) {
  const flags = flagsBut(process.argv.slice(2), 'against', 'turns')
  const both = await turnAbout(against, turns, (dir) => lastLine(dir, 'bench/live/main.ts', flags))
  process.stdout.write(`${JSON.stringify(both)}\n`)
  process.exit(0)
}

const say = (line: string) => process.stderr.write(`${line}\n`)

const morin = await startMorin()
try {
  const manifest = manifestSchema.parse(JSON.parse(await readFile(join(morin.dataDir, 'terminals.json'), 'utf8')))
  const { serviceSecret } = JSON.parse(await readFile(join(morin.dataDir, 'secrets.json'), 'utf8')) as { serviceSecret: string }
  const terminal = manifest.terminals[PROBED]!
  const vehicleId = PROBED + 1

  say('fleet at its normal rate')
  const fleet = await startFleet(morin, ['--vehicles', String(PROBED)])
  const page = await openLivePage(morin.url)
  // Those that begin in a coverage hole report minutes later.
  await page.waitForMarks(Math.floor(PROBED * 0.99))

  const watcher = await mqtt.connectAsync(morin.mqttUrl, { username: 'morin-service', password: serviceSecret })
  await watcher.subscribeAsync(liveFrameFilter)
  const sender = await mqtt.connectAsync(morin.mqttUrl, { username: terminal.terminalId, password: terminal.secret })
  const probes: { publishedAtMs: number; acknowledgedAtMs: number; committedAtMs: number }[] = []
  for (let i = 0; i < PROBES; i++) {
    const publishedAtMs = Date.now()
    const committed = new Promise<number>((resolve) => {
      const look = (_topic: string, bytes: Uint8Array) => {
        const frame = decodeLiveFrame(bytes)
        if (!frame.vehicleId.includes(vehicleId) || frame.committedAtMs < publishedAtMs) return
        watcher.off('message', look)
        resolve(frame.committedAtMs)
      }
      watcher.on('message', look)
    })
    // Inside the view at start, which is the whole region; a step to the east each time, so that every probe moves the mark.
    const position = {
      time: publishedAtMs,
      lon: terminal.home[0] + i * 1e-4,
      lat: terminal.home[1],
      speedKph: 36,
      headingDeg: 90,
      ignition: true,
    }
    await sender.publishAsync(locationTopic(terminal.adcode, terminal.terminalId), JSON.stringify(position), { qos: 1 })
    probes.push({ publishedAtMs, acknowledgedAtMs: Date.now(), committedAtMs: await committed })
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, publishedAtMs + PROBE_EVERY_MS - Date.now())))
  }
  const painted = await page.paintedFrames(probes.at(-1)!.committedAtMs)
  const latencies = probes.map((probe) => {
    const shown = painted.find((frame) => frame.committedAtMs >= probe.committedAtMs)
    return (shown?.paintedAtMs ?? Number.POSITIVE_INFINITY) - probe.publishedAtMs
  })
  const normal = await page.measureFrames(10)
  await fleet.stop()

  say('all vehicles moving, a report each per 10 s')
  const moving = await startFleet(morin, ['--vehicles', '23188', '--rate-hz', '0.1'])
  // Some stand at a crossing at any moment.
  await page.waitForMoving(21_000)
  const allMoving = await page.measureFrames(MOVING_SECONDS)
  await moving.stop()
  await Promise.all([watcher.endAsync(), sender.endAsync()])
  await page.close()

  process.stdout.write(
    `${JSON.stringify({
      probes: probes.length,
      neverPainted: latencies.filter((ms) => !Number.isFinite(ms)).length,
      publishToPaintedMs: summary(latencies),
      publishToPubackMs: summary(probes.map((probe) => probe.acknowledgedAtMs - probe.publishedAtMs)),
      normalRate: normal,
      allMoving,
    })}\n`,
  )
} finally {
  await morin.stop()
}
