// One build, measured whole: from publish to painted with the fleet at its normal rate, then frames at each view and rate.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import mqtt from 'mqtt'
import { decodeLiveFrame } from '../../services/contracts/liveFrame.ts'
import { manifestSchema } from '../../services/contracts/manifest.ts'
import { liveFrameFilter, locationTopic } from '../../services/contracts/topics.ts'
import { type LivePage, openLivePage, VIEWS, type ViewFigures } from './browser.ts'
import { type Morin, startFleet, startMorin } from './processes.ts'
import { summary } from './statistics.ts'

const PROBE_EVERY_MS = 500
/** The vehicle that the probe drives; the simulated fleet leaves it alone by being one smaller. */
const PROBED = 23_187

type Measured = {
  neverPainted: number
  publishToPaintedMs: ReturnType<typeof summary>
  publishToPubackMs: ReturnType<typeof summary>
  normalRate: Record<string, ViewFigures>
  allMoving: Record<string, ViewFigures>
}

/** @param dir the build's working copy; it must have been built */
export async function measureBuild(dir: string, probes: number, seconds: number, say: (line: string) => void): Promise<Measured> {
  const morin = await startMorin(dir)
  try {
    say('fleet at its normal rate')
    const fleet = await startFleet(morin, ['--vehicles', String(PROBED)])
    const page = await openLivePage(morin.url)
    try {
      // Those that begin in a coverage hole report minutes later.
      await page.waitForMarks(Math.floor(PROBED * 0.99))
      const ways = await probe(morin, page, probes)
      const normalRate = await measureViews(page, seconds)
      await fleet.stop()
      say('all vehicles moving, a report each per 10 s')
      const moving = await startFleet(morin, ['--vehicles', '23188', '--rate-hz', '0.1'])
      await page.look(VIEWS.region)
      // Some stand at a crossing at any moment.
      await page.waitForMoving(21_000)
      const allMoving = await measureViews(page, seconds)
      await moving.stop()
      return { ...ways, normalRate, allMoving }
    } finally {
      await page.close()
    }
  } finally {
    await morin.stop()
  }
}

async function measureViews(page: LivePage, seconds: number): Promise<Record<string, ViewFigures>> {
  const figures: Record<string, ViewFigures> = {}
  for (const [name, at] of Object.entries(VIEWS)) {
    await page.look(at)
    figures[name] = await page.measure(seconds)
  }
  return figures
}

async function probe(morin: Morin, page: LivePage, count: number) {
  const manifest = manifestSchema.parse(JSON.parse(await readFile(join(morin.dataDir, 'terminals.json'), 'utf8')))
  const { serviceSecret } = JSON.parse(await readFile(join(morin.dataDir, 'secrets.json'), 'utf8')) as { serviceSecret: string }
  const terminal = manifest.terminals[PROBED]!
  const vehicleId = PROBED + 1
  const watcher = await mqtt.connectAsync(morin.mqttUrl, { username: 'morin-service', password: serviceSecret })
  await watcher.subscribeAsync(liveFrameFilter)
  const sender = await mqtt.connectAsync(morin.mqttUrl, { username: terminal.terminalId, password: terminal.secret })
  const probes: { publishedAtMs: number; acknowledgedAtMs: number; committedAtMs: number }[] = []
  for (let i = 0; i < count; i++) {
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
  await Promise.all([watcher.endAsync(), sender.endAsync()])
  const latencies = probes.map((each) => {
    const shown = painted.find((frame) => frame.committedAtMs >= each.committedAtMs)
    return (shown?.paintedAtMs ?? Number.POSITIVE_INFINITY) - each.publishedAtMs
  })
  return {
    neverPainted: latencies.filter((ms) => !Number.isFinite(ms)).length,
    publishToPaintedMs: summary(latencies),
    publishToPubackMs: summary(probes.map((each) => each.acknowledgedAtMs - each.publishedAtMs)),
  }
}
