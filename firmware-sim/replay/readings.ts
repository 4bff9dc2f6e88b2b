// Figures of a recorded row → readings of the position message. A place that cannot be read makes a bad row; a reading that says "unknown"
// is left out and the place is kept.

/** As the position message bounds them (contracts/position.ts); what lies outside is what programs write for unknown: -1, 511, 65535. */
const bounds = { speedKph: [0, 400], headingDeg: [0, 360], altitudeM: [-500, 9000], odometerM: [0, 2_000_000_000] } as const
export type ReadingName = keyof typeof bounds

/** Ways in which programs and spreadsheets write that they do not know. */
const UNKNOWN =
  /^(?:|-+|\*+|\.+|n\.?\/?a\.?|[+-]?nan(?:\(\w*\))?|[+-]?inf(?:inity)?|null|none|nil|unknown|undefined|invalid|#[a-z0-9/]+[!?]?|\\n|\?+|无|未知|无效|未定位|未定义|—+)$/i
const FIGURE = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i

/** A figure; undefined for what is none. `commaIsPoint`: 1,043 is 1.043, and 1.043,5 is 1043.5; 36,5 is 36.5 in any case. */
export function readFigure(written: string, commaIsPoint: boolean): number | undefined {
  let text = written.normalize('NFKC').replaceAll('\u2212', '-').trim()
  if (commaIsPoint) text = /,/.test(text) ? text.replace(/\.(?=\d{3}(?:\D|$))/g, '').replace(',', '.') : text
  else if (/^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$/.test(text)) text = text.replaceAll(',', '')
  else if (/^[+-]?\d+,\d+$/.test(text)) text = text.replace(',', '.')
  return FIGURE.test(text) && Number.isFinite(Number(text)) ? Number(text) : undefined
}

/** Degrees, also as 40.84N, E111.7 and 40.84°. Undefined for what is none; the bounds are the schema's. */
export function readDegrees(written: string): number | undefined {
  const match = /^\s*([NSEW])?\s*([^NSEW°\s]+)\s*°?\s*([NSEW])?\s*$/i.exec(written)
  const figure = match ? readFigure(match[2]!, match[2]!.includes(',')) : undefined
  if (!match || figure === undefined || (match[1] && match[3])) return undefined
  return /[SW]/i.test(match[1] ?? match[3] ?? '') ? -figure : figure
}

/** 'unknown' for what the recording itself says it does not know, undefined for what is no figure at all. */
export function readReading(name: ReadingName, written: string, factor: number, commaIsPoint: boolean): number | 'unknown' | undefined {
  if (UNKNOWN.test(written.trim())) return 'unknown'
  const figure = readFigure(written, commaIsPoint)
  if (figure === undefined) return undefined
  // Thousandths are beyond what any receiver measures, and 10 m/s are 36 km/h.
  const value = factor === 1 ? figure : Math.round(figure * factor * 1000) / 1000
  const [min, max] = bounds[name]
  return value >= min && value <= max ? value : 'unknown'
}
