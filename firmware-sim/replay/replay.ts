// Replays recorded tracks through the same connections and the same message as a terminal's, and ends when all is acknowledged.
import type { Manifest } from '../../services/contracts/manifest.ts'
import type { PositionMessage } from '../../services/contracts/position.ts'
import { locationTopic } from '../../services/contracts/topics.ts'
import type { Flags } from '../flags.ts'
import { firstConnection, openLinks } from '../send/links.ts'
import { reportTrouble } from '../send/trouble.ts'
import { UsageError } from '../usageError.ts'
import { type Binding, bindDevices, bindingTable, readBindings } from './binding.ts'
import { timeOf } from './deviceTime.ts'
import { Feeder, type Track } from './feeder.ts'
import { type Recording, readRecording } from './recording.ts'
import { dueAfterMs, pacedTimes, playedAt, shiftAllToNow, stretchesOf } from './schedule.ts'

const TICK_MS = 50
const PROGRESS_MS = 2000

export type ReplaySummary = {
  files: readonly string[]
  devices: number
  rows: number
  invalidRows: number
  sent: number
  acknowledged: number
  messages: number
  seconds: number
}

/** Resolves when every valid row is acknowledged, or with fewer acknowledged than rows when `stop` is aborted. */
export async function replay(
  files: readonly string[],
  flags: Flags,
  manifest: Manifest,
  stop: AbortSignal,
  say: (line: string) => void,
  onReady: () => void,
): Promise<ReplaySummary> {
  const startedMs = Date.now()
  const recording = readRecording(files, flags['utc-offset'])
  for (const note of recording.notes) say(note)
  for (const { file, line, reason } of recording.invalid) say(`${file}:${line}: row skipped: ${reason}`)
  if (recording.devices.size === 0) throw new UsageError(`There is no readable row in ${files.join(', ')}.`)
  const binding = bindDevices(recording.devices.keys(), manifest, readBindings(flags.bind, flags['bind-file']))
  say(bindingTable(binding))

  const terminals = [...binding.values()]
  const links = openLinks(flags['mqtt-url'], flags.connections, manifest, terminals)
  reportTrouble(links, say)
  const stopped = new Promise<void>((resolve) => stop.addEventListener('abort', () => resolve(), { once: true }))
  await Promise.race([firstConnection(links), stopped])
  onReady()

  // Time begins with the connection: what is paced is not to be caught up in a burst.
  const beganMs = Date.now()
  let finish: () => void = () => undefined
  const done = new Promise<void>((resolve) => {
    finish = resolve
  })
  const feeder = new Feeder(tracksOf(recording, binding, flags), links, finish)
  const ticking = setInterval(() => feeder.runUntil(Date.now() - beganMs), TICK_MS)
  const telling = setInterval(() => say(`${feeder.acknowledged} of ${feeder.rows} positions acknowledged`), PROGRESS_MS)
  await Promise.race([done, stopped])
  clearInterval(ticking)
  clearInterval(telling)
  await Promise.all(links.all.map((link) => link.close()))
  const { sent, acknowledged, messages } = feeder
  const seconds = (Date.now() - startedMs) / 1000
  return {
    files,
    devices: binding.size,
    rows: recording.rows,
    invalidRows: recording.invalid.length,
    sent,
    acknowledged,
    messages,
    seconds,
  }
}

function tracksOf({ devices }: Recording, binding: Binding, { speed, times }: Flags): Track[] {
  const stretches = stretchesOf([...devices.values()].flat().map(timeOf))
  const shiftMs = times === 'now' ? shiftAllToNow(stretches, Date.now(), speed) : 0
  return [...binding].map(([device, { adcode, terminalId }]) => {
    const recorded = devices.get(device) as PositionMessage[]
    const positions = times === 'now' ? recorded.map((position) => ({ ...position, time: timeOf(position) + shiftMs })) : recorded
    const played = pacedTimes(recorded.map(timeOf)).map((time) => playedAt(stretches, time))
    return { topic: locationTopic(adcode, terminalId), positions, dueMs: dueAfterMs(played, 0, speed) }
  })
}
