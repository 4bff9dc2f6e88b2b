// Which vehicle a GPX track is of. A track without a name is its file's; a name that two tracks have at the same time ("Track 1", "Morning
// ride") cannot be one vehicle's, which is in one place at a time, and is told apart by the file.
import { basename, dirname } from 'node:path'
import type { PositionMessage } from '../../services/contracts/position.ts'
import { timeOf } from './deviceTime.ts'

type Track = { file: string; device: string | null; positions: readonly { position: PositionMessage }[] }

/** A name for each track; equal names are one vehicle. */
export function nameDevices<T extends Track>(tracks: readonly T[]): Map<T, string> {
  const stems = stemsOf([...new Set(tracks.map(({ file }) => file))])
  const named = new Map<T, string>()
  const bearers = new Map<string, T[]>()
  for (const track of tracks) {
    const stem = stems.get(track.file)!
    const plain = track.device ?? stem
    const candidates = [plain, ...(track.device ? [`${plain} (${stem})`] : []), ...tracks.map((_track, n) => `${plain} (${n + 2})`)]
    const name = candidates.find((each) => !bearers.get(each)?.some((other) => overlap(other, track)))!
    named.set(track, name)
    bearers.set(name, [...(bearers.get(name) ?? []), track])
  }
  return named
}

/** The files' names without their ending; with their folder where that tells them apart. */
function stemsOf(files: readonly string[]): Map<string, string> {
  const stem = (file: string) => basename(file).replace(/\.(gpx|xml)$/i, '')
  const often = new Map<string, number>()
  for (const file of files) often.set(stem(file), (often.get(stem(file)) ?? 0) + 1)
  return new Map(files.map((file) => [file, often.get(stem(file)) === 1 ? stem(file) : `${dirname(file)}/${stem(file)}`]))
}

/** Were both under way at one time? What ends when the other begins was not. */
function overlap(a: Track, b: Track): boolean {
  const [from, to, otherFrom, otherTo] = [...spanOf(a), ...spanOf(b)] as [number, number, number, number]
  return from < otherTo && otherFrom < to
}

function spanOf({ positions }: Track): [number, number] {
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const { position } of positions) {
    from = Math.min(from, timeOf(position))
    to = Math.max(to, timeOf(position))
  }
  return [from, to]
}
