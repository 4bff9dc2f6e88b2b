// A long period of one vehicle's positions, read a few thousand rows and a day at a time.
import { DAY_MS } from '../../domain/days.ts'

/** What one statement answered: how many rows, and the device time of the last. */
export type Slice = { count: number; lastMs: number }

/**
 * Slices in the order of device time, each of at most `most` rows, until the period is over or nobody wants more. A statement is planned over every chunk of
 * the span that it names (half an hour each in the embedded database): named whole each time, a month was planned for twenty times as long as it was read.
 * Where little is found the span doubles, so that years of nothing are a dozen statements; where a day is more than a statement takes, it is a day again.
 * @param read positions from `from` (included) until `until` (excluded)
 */
export async function* inSlices<S extends Slice>(
  { from, to }: { from: Date; to: Date },
  most: () => number,
  read: (from: Date, until: Date, limit: number) => Promise<S>,
): AsyncGenerator<S> {
  let at = from.getTime()
  let spanMs = DAY_MS
  while (at < to.getTime()) {
    const untilMs = Math.min(at + spanMs, to.getTime())
    const limit = most()
    const slice = await read(new Date(at), new Date(untilMs), limit)
    if (slice.count > 0) yield slice
    // Device times are whole milliseconds.
    at = slice.count < limit ? untilMs : slice.lastMs + 1
    if (slice.count === limit) spanMs = DAY_MS
    else if (slice.count * 2 < limit) spanMs *= 2
  }
}
