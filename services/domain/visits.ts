// Who was inside a shape, by the reports of one vehicle: seen there, or inferred of two reports between which its way led through. Pure: what is
// answered of a window hangs on its positions alone, and on those of ten minutes before it.
import { isInside, type LonLat, type Shape, wayMeets } from './geofence.ts'
import { STANDING_BELOW_DKPH } from './status.ts'
import { splitTrack } from './trackGaps.ts'

/** Believed positions of one vehicle by device time: ms since 1970, degrees, km/h (NaN = not reported). */
export type WayLine = { timeMs: Float64Array; lon: Float64Array; lat: Float64Array; speedKph: Float64Array }

/** Positions further apart are never one line (trackGaps.ts): so much before a window decides what is said of its beginning. */
export const LEAD_IN_MS = 10 * 60_000

export type Visit = {
  /** `seen`: reports lie inside. `inferred`: none does, and the way between two of them led through. */
  how: 'seen' | 'inferred'
  /** `seen`: of the first and the last report inside. `inferred`: of the reports before and after. */
  fromMs: number
  untilMs: number
  /** Reports inside. */
  reports: number
  /** How it began and ended: `way`, on a way that was seen to lead in or out; `gap`, nothing is known of before or after; `window`, it was inside when the window opened, or when it closed. */
  began: 'way' | 'gap' | 'window'
  ended: 'way' | 'gap' | 'window'
  /** Of the time between, what it moved and what it stood; the rest is not known. */
  movingMs: number
  standingMs: number
}

/**
 * @param line what was reported in [from − LEAD_IN_MS, until), in the order of time
 * A way belongs to the window in which it ends.
 */
export function visitsOf(line: WayLine, shape: Shape, fromMs: number, untilMs: number): Visit[] {
  const visits: Visit[] = []
  const at = (i: number): LonLat => [line.lon[i]!, line.lat[i]!]
  for (const [first, last] of splitTrack(line).runs) {
    let open: Visit | undefined
    let wasInside = false
    for (let i = first; i <= last; i++) {
      const ms = line.timeMs[i]!
      if (ms >= untilMs) break
      const inside = isInside(shape, at(i))
      if (ms < fromMs) {
        wasInside = inside
        continue
      }
      if (inside) {
        if (open) spend(open, line, i)
        open ??= {
          ...{ how: 'seen', fromMs: ms, untilMs: ms, reports: 0, movingMs: 0, standingMs: 0, ended: 'gap' },
          began: wasInside ? 'window' : i > first ? 'way' : 'gap',
        }
        open.untilMs = ms
        open.reports++
      } else {
        if (open) visits.push({ ...open, ended: 'way' })
        else if (i > first && !wasInside && wayMeets(shape, at(i - 1), at(i))) visits.push(through(line.timeMs[i - 1]!, ms))
        open = undefined
      }
      wasInside = inside
    }
    // Whether it went on belongs to what follows, where that may be one line with it.
    if (open) visits.push({ ...open, ended: untilMs - open.untilMs <= LEAD_IN_MS ? 'window' : 'gap' })
  }
  return visits
}

const through = (fromMs: number, untilMs: number): Visit => ({
  ...{ how: 'inferred', fromMs, untilMs, reports: 0, began: 'way', ended: 'way', movingMs: untilMs - fromMs, standingMs: 0 },
})

/** The time since the report before: moved or stood, as the two reports say of it. */
function spend(visit: Visit, { timeMs, speedKph }: WayLine, i: number): void {
  const ms = timeMs[i]! - timeMs[i - 1]!
  const [before, after] = [speedKph[i - 1]!, speedKph[i]!]
  const speed = Number.isNaN(before) ? after : Number.isNaN(after) ? before : Math.max(before, after)
  if (Number.isNaN(speed)) return
  if (speed * 10 < STANDING_BELOW_DKPH) visit.standingMs += ms
  else visit.movingMs += ms
}
