// Wall clocks of any zone: what is moved by a day stays at its hour, also across a change of the clocks.

const formats = new Map<string, Intl.DateTimeFormat>()
function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone)
  if (known) return known
  const made = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  formats.set(zone, made)
  return made
}

/** How far the clocks of a zone (Europe/Berlin) are before UTC at an instant, in milliseconds. */
function offsetMs(atMs: number, zone: string): number {
  const part = Object.fromEntries(
    formatOf(zone)
      .formatToParts(atMs)
      .map(({ type, value }) => [type, Number(value)]),
  )
  return Date.UTC(part.year!, part.month! - 1, part.day, part.hour, part.minute, part.second) - Math.floor(atMs / 1000) * 1000
}

/** The instant at which the clocks of the zone show so much later than at `atMs`. Of an hour that they skip it is the one after it. */
export function shiftByWallClock(atMs: number, shiftMs: number, zone: string): number {
  const before = offsetMs(atMs, zone)
  const wallMs = atMs + before + shiftMs
  const then = offsetMs(wallMs - before, zone)
  if (then === before) return wallMs - then
  // The clocks were changed in between.
  const there = offsetMs(wallMs - then, zone)
  return wallMs - (there === then ? then : Math.min(there, then))
}
