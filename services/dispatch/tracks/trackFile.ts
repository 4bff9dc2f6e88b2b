// A track that leaves the house as a file. Reading it is a look like any other; that it leaves is a record of its own, with what lets a file that is found
// somewhere be traced back: rows, hash and the number that stands in its first line.
import { randomBytes } from 'node:crypto'
import type { TrackFormat } from '../../contracts/api.ts'
import { refusal } from '../../contracts/refusals.ts'
import { decodeTrack } from '../../contracts/trackBytes.ts'
import { caseNumber } from '../../domain/cases.ts'
import { ZONE_OFFSET_MS } from '../../domain/days.ts'
import type { FlagReason } from '../../domain/tracks.ts'
import { geojsonLines } from '../../evidence/tracks/geojson.ts'
import { gpxLines } from '../../evidence/tracks/gpx.ts'
import { kmlLines } from '../../evidence/tracks/kml.ts'
import { inPieces, runsOf } from '../../evidence/tracks/track.ts'
import { sha256 } from '../../platform/crypto.ts'
import type { Database } from '../../platform/db.ts'
import type { Download } from '../../platform/download.ts'
import { actorOf, type Reachable, type Who } from '../kernel/caller.ts'
import { recordPast } from '../kernel/pastLook.ts'
import { type AuditEntry, recordAudit } from '../kernel/record.ts'
import { openVehicles } from '../kernel/sight.ts'
import type { TrackRead } from './read.ts'
import { readTrackBytes } from './trackBytes.ts'

/** A month at a position every ten seconds is 268,000. */
export const FILE_ROW_BUDGET = 300_000
type Language = 'zh-CN' | 'en'

/** No two files have one, and nobody guesses it. */
const watermarkNumber = (): string => `MW-${randomBytes(6).toString('hex').toUpperCase()}`

/** @throws Refusal as a look says; VALIDATION_FAILED for more rows than a file has, with from when on to ask for the rest */
export async function exportTrack(
  db: Database,
  read: TrackRead,
  { language, format }: { language: Language; format: TrackFormat },
): Promise<Download> {
  const pieces: Uint8Array[] = []
  for await (const piece of await readTrackBytes(db, read, { budget: FILE_ROW_BUDGET })) pieces.push(piece)
  const track = decodeTrack(Buffer.concat(pieces))
  if (track.nextMs !== null)
    throw refusal('VALIDATION_FAILED', 'query.to', 'track.manyRows', { most: FILE_ROW_BUDGET, again: new Date(track.nextMs).toISOString() })
  const { caller, vehicleId, from, to, caseId, atMs } = read
  const found = await findCase(db, caseId)
  const plate = await findPlate(db, read)
  const watermark = watermarkNumber()
  const says = [plate, found?.number, caller.displayName, wallClock(atMs), watermark].filter((part) => part !== undefined)
  const content = contentOf(track, says.join(' '), format, language)
  const entry: AuditEntry = {
    atMs,
    actor: actorOf(caller),
    action: 'track.export',
    subject: { type: 'vehicle', id: vehicleId },
    purpose: found?.purpose ?? read.purpose ?? null,
    detail: {
      ...{ from, to, format, rows: track.count, bytes: content.byteLength, sha256: sha256(content).toString('hex'), watermark },
      ...(found && { caseId, caseNumber: found.number }),
    },
  }
  await recordAudit(db, entry)
  const broken = () =>
    recordAudit(db, { ...entry, action: 'track.export-broken', detail: { watermark, ...(found && { caseId, caseNumber: found.number }) } })
  return {
    fileName: `${plate ?? vehicleId}_${wallClock(from.getTime()).slice(0, 10)}.${format}`,
    mediaType: mediaTypes[format],
    bytes: content.byteLength,
    content: sent(content),
    ended: async (whole) => {
      if (!whole) await broken()
    },
  }
}

const mediaTypes: Record<TrackFormat, string> = {
  csv: 'text/csv; charset=utf-8',
  gpx: 'application/gpx+xml',
  geojson: 'application/geo+json',
  kml: 'application/vnd.google-earth.kml+xml',
}
const lineWriters = { gpx: gpxLines, geojson: geojsonLines, kml: kmlLines }

/** A table is everything that is stored; a line, for programs of maps, is what counts, cut at gaps. The watermark is the first line, or the name of the track. */
function contentOf(track: ReturnType<typeof decodeTrack>, watermark: string, format: TrackFormat, language: Language): Buffer {
  if (format === 'csv') return Buffer.from(csvOf(track, watermark, language))
  const { flagged, ...arrays } = track
  const named = { name: watermark, arrays, flagged }
  return Buffer.concat([...inPieces(lineWriters[format](named, runsOf(named)))].map((piece) => Buffer.from(piece)))
}

/** What is printed leaves too: each vehicle is a look, and the sheet has a number. @throws Refusal as a look says */
export async function recordPrint(
  db: Database,
  { vehicleIds, ...look }: Omit<TrackRead, 'vehicleId'> & { vehicleIds: readonly number[] },
): Promise<{ watermark: string; at: string }> {
  const watermark = watermarkNumber()
  for (const vehicleId of new Set(vehicleIds))
    await recordPast(db, { action: 'track.print', part: 'export', detail: { watermark } }, { ...look, vehicleId })
  return { watermark, at: new Date(look.atMs).toISOString() }
}

const CHUNK = 65_536
/** Piece by piece, and whoever went away is noticed between two of them. */
async function* sent(content: Buffer): AsyncIterable<Buffer> {
  for (let at = 0; at < content.byteLength; at += CHUNK) {
    yield content.subarray(at, at + CHUNK)
    await new Promise((resolve) => setImmediate(resolve))
  }
}

async function findCase(db: Database, caseId: number | undefined): Promise<{ number: string; purpose: string } | undefined> {
  if (caseId === undefined) return undefined
  const { rows } = await db.query<{ year: number; number: number; purpose: string }>(
    'SELECT year, number, purpose FROM cases WHERE case_id = $1',
    [caseId],
  )
  return rows[0] && { number: caseNumber(rows[0].year, rows[0].number), purpose: rows[0].purpose }
}

async function findPlate(db: Database, { vehicleId, reach }: Who<Reachable> & { vehicleId: number }): Promise<string | undefined> {
  const { rows } = await db.query<{ plate: string }>(`SELECT plate FROM ${openVehicles('$2')} v WHERE vehicle_id = $1`, [
    vehicleId,
    reach.cleared,
  ])
  return rows[0]?.plate
}

const headings: readonly (readonly [zh: string, en: string])[] = [
  ['定位时间（北京时间）', 'Device time (UTC+8)'],
  ['接收时间（北京时间）', 'Received (UTC+8)'],
  ['经度（WGS-84）', 'Longitude (WGS-84)'],
  ['纬度（WGS-84）', 'Latitude (WGS-84)'],
  ['速度（公里/小时）', 'Speed (km/h)'],
  ['方向（度）', 'Heading (°)'],
  ['海拔（米）', 'Altitude (m)'],
  ['里程表（公里）', 'Odometer (km)'],
  ['油量（%）', 'Fuel (%)'],
  ['电量（%）', 'Charge (%)'],
  ['卫星数', 'Satellites'],
  ['不可信的原因', 'Why it is not believed'],
]
const flagWords: Record<FlagReason, readonly [zh: string, en: string]> = {
  unreachable: ['位置无法到达', 'out of reach'],
  zero: ['无定位', 'no fix'],
  lone: ['孤点', 'a lone point'],
  speed: ['速度不可信', 'its speed'],
}

const wallClock = (ms: number): string => new Date(ms + ZONE_OFFSET_MS).toISOString().slice(0, 19).replace('T', ' ')
const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`

/** With a byte order mark, so that spreadsheets read it as what it is. The first line is the watermark. */
function csvOf(track: ReturnType<typeof decodeTrack>, watermark: string, language: Language): string {
  const word = language === 'en' ? 1 : 0
  const flags = new Map(track.flagged.map(({ index, reason }) => [index, reason]))
  const figure = (value: number, by = 1, digits = 0): string => (Number.isNaN(value) ? '' : (value / by).toFixed(digits))
  const lines = [quoted(watermark), headings.map((heading) => quoted(heading[word])).join(',')]
  for (let i = 0; i < track.count; i++) {
    const atMs = track.timeMs[i]!
    const reason = flags.get(i)
    const at = wallClock(atMs) + (atMs % 1000 === 0 ? '' : `.${String(atMs % 1000).padStart(3, '0')}`)
    lines.push(
      [
        at,
        wallClock(atMs + track.lagMs[i]!),
        figure(track.lonE7[i]!, 1e7, 7),
        figure(track.latE7[i]!, 1e7, 7),
        figure(track.speedDkph[i]!, 10, 1),
        figure(track.headingDeg[i]!),
        figure(track.altitudeM[i]!),
        figure(track.odometerM[i]!, 1000, 3),
        figure(track.fuelPermille[i]!, 10, 1),
        figure(track.socPermille[i]!, 10, 1),
        figure(track.satellites[i]!),
        reason === undefined ? '' : quoted(flagWords[reason][word]),
      ].join(','),
    )
  }
  return `\uFEFF${lines.join('\r\n')}\r\n`
}
