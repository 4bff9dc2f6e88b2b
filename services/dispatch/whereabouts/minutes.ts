// A vehicle's last report of each minute of an hour, packed: whole numbers of seven bits a byte, each a difference from the one before. What is kept
// for the time machine: exact at whole minutes, and with the positions of one minute at any second.

export type MinuteFix = {
  /** Seconds since the hour began, rounded up: no report is told of before it was made. */
  second: number
  lonE7: number
  latE7: number
  /** km/h, rounded; null = not reported. */
  speedKph: number | null
}

/** In the order of time. */
export function packMinutes(fixes: readonly MinuteFix[]): Buffer {
  const bytes: number[] = []
  let [second, lon, lat] = [0, 0, 0]
  for (const fix of fixes) {
    put(bytes, fix.second - second)
    put(bytes, zigzag(fix.lonE7 - lon))
    put(bytes, zigzag(fix.latE7 - lat))
    put(bytes, fix.speedKph === null ? 0 : fix.speedKph + 1)
    ;({ second, lonE7: lon, latE7: lat } = fix)
  }
  return Buffer.from(bytes)
}

// By multiplication: a longitude in 1e-7 degrees and its sign need 32 bits and more.
const zigzag = (value: number): number => (value < 0 ? -2 * value - 1 : 2 * value)
function put(bytes: number[], value: number): void {
  let rest = value
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push(128 + (rest % 128))
  bytes.push(rest)
}

/** The last fix that is not after `second`, of what is packed in [from, to) of the bytes; undefined = they all are. */
export function lastMinute(bytes: Uint8Array, from: number, to: number, second: number): MinuteFix | undefined {
  let found: MinuteFix | undefined
  walkMinutes(bytes, from, to, (at, lonE7, latE7, speedKph) => {
    if (at > second) return false
    found = { second: at, lonE7, latE7, speedKph }
    return true
  })
  return found
}

/** Every fix of what is packed in [from, to) of the bytes, in the order of time, until `visit` says that it was enough. */
export function walkMinutes(
  bytes: Uint8Array,
  from: number,
  to: number,
  visit: (second: number, lonE7: number, latE7: number, speedKph: number | null) => boolean,
): void {
  let at = from
  const take = (): number => {
    let [value, weight] = [0, 1]
    for (;;) {
      const byte = bytes[at++]!
      if (byte < 128) return value + byte * weight
      value += (byte - 128) * weight
      weight *= 128
    }
  }
  const signed = (value: number): number => (value % 2 === 0 ? value / 2 : -(value + 1) / 2)
  let [second, lonE7, latE7] = [0, 0, 0]
  while (at < to) {
    second += take()
    lonE7 += signed(take())
    latE7 += signed(take())
    const speed = take()
    if (!visit(second, lonE7, latE7, speed === 0 ? null : speed - 1)) return
  }
}
