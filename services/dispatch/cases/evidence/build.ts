// The work that is owed for a package (a job of the queue): reads, writes, reopens, and only then says that it is there. Whatever stops it is told as a reason, and
// nothing can be downloaded.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { z } from 'zod'
import type { AuditHead } from '../../../contracts/auditRecord.ts'
import { type RefusalValues, refusalSentence } from '../../../contracts/refusals.ts'
import { decodeTrack } from '../../../contracts/trackBytes.ts'
import { type CaseStanding, findCaseProblem } from '../../../domain/cases.ts'
import { dayAt, dayStartMs } from '../../../domain/days.ts'
import { evidenceNumber } from '../../../domain/evidence.ts'
import { FORMAT, FORMAT_VERSION, type Manifest, type Part } from '../../../evidence/manifest.ts'
import { csvLines } from '../../../evidence/tracks/csv.ts'
import { geojsonLines } from '../../../evidence/tracks/geojson.ts'
import { gpxLines } from '../../../evidence/tracks/gpx.ts'
import { kmlLines } from '../../../evidence/tracks/kml.ts'
import { type Ground, mapSvg } from '../../../evidence/tracks/mapSvg.ts'
import { type EvidenceTrack, inPieces, runsOf } from '../../../evidence/tracks/track.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { Database, Queryable } from '../../../platform/db.ts'
import { isDatabaseAway } from '../../../platform/db.ts'
import { actAs } from '../../kernel/act.ts'
import type { JobKind, JobRun } from '../../kernel/jobRunner.ts'
import { system } from '../../kernel/record.ts'
import { listClearances, sightOf } from '../../kernel/sight.ts'
import { fileNameOf, listExhibitFiles } from '../exhibits.ts'
import type { EvidenceDesk } from './desk.ts'
import { type Report, type ReportFinding, reportOf, type VehiclePart } from './report.ts'
import { fileOf, loadPackage, loadStandings, type StoredPackage } from './rows.ts'
import { auditLines, type EvidenceVehicle, listOrders, listTrips, listVehicles, readTail } from './sources.ts'
import { readmeText, wordsIn } from './texts.ts'
import { Unmade } from './unmade.ts'
import { type PartSource, writePackage } from './write.ts'

export const BUILD_EVIDENCE = 'evidence.build'
/** An outage of the database is waited out so often. */
const MOST_ATTEMPTS = 5

export type BuildDeps = {
  db: Database
  clock: Clock
  desk: EvidenceDesk
  software: string
  /** A track as bytes (contracts/trackBytes.ts), of which the look is on record. */
  readTrack(vehicleId: number, from: Date, until: Date): AsyncIterable<Uint8Array>
  lastHead(): Promise<AuditHead | undefined>
  /** The offline map's files. */
  groundDirectory: string
  /** What a case found out, with the photos that belong to it. */
  readFindings(
    db: Queryable,
    of: { caseId: number; accountId: number; cleared: readonly number[]; language: 'zh-CN' | 'en' },
    nowMs: number,
  ): Promise<{ report: ReportFinding[]; parts: PartSource[] }>
}

export const evidenceJob = (deps: BuildDeps): JobKind<{ packageId: number }> => ({
  payload: z.object({ packageId: z.int() }),
  maxAttempts: MOST_ATTEMPTS,
  run: (job) => build(deps, job),
})

async function build(deps: BuildDeps, { payload: { packageId }, attempt, end }: JobRun<{ packageId: number }>): Promise<void> {
  const { db, clock, desk } = deps
  const row = await loadPackage(db, packageId)
  if (row.state === 'READY' || row.state === 'FAILED') return
  const subject = { type: 'case', id: row.caseId }
  const number = evidenceNumber(row.caseNumber, row.nth)
  try {
    await db.query(`UPDATE evidence_packages SET state = 'BUILDING', progress = 0 WHERE package_id = $1`, [packageId])
    const made = await make(deps, row, number)
    await actAs({ db, clock }, system, async ({ client, nowMs, record }) => {
      await client.query(
        `UPDATE evidence_packages SET state = 'READY', progress = 100, ended_at = $2, bytes = $3, sha256 = $4, signed_by = $5, version = version + 1 WHERE package_id = $1`,
        [packageId, new Date(nowMs), made.bytes, made.sha256, desk.said.fingerprint],
      )
      const after = { number, bytes: made.bytes, sha256: made.sha256.toString('hex'), signedBy: desk.said.fingerprint }
      record('evidence.ready', subject, { after })
      await end(client)
    })
  } catch (error) {
    // An outage is waited out; anything else is told to whoever asked.
    if (isDatabaseAway(error) && attempt < MOST_ATTEMPTS) throw error
    const unmade = error instanceof Unmade ? error : new Unmade('evidence.source', { part: number, message: (error as Error).message })
    await actAs({ db, clock }, system, async ({ client, nowMs, record }) => {
      const failure = { reason: unmade.reason, values: unmade.values }
      await client.query(
        `UPDATE evidence_packages SET state = 'FAILED', ended_at = $2, failure = $3, version = version + 1 WHERE package_id = $1`,
        [packageId, new Date(nowMs), JSON.stringify(failure)],
      )
      record('evidence.failed', subject, {
        after: { number, why: refusalSentence(unmade.reason, unmade.values, 'zh-CN') ?? unmade.reason },
      })
      await end(client)
    })
  }
}

async function make(deps: BuildDeps, row: StoredPackage, number: string): Promise<{ bytes: number; sha256: Buffer }> {
  const { db, clock, desk, software, lastHead } = deps
  const nowMs = clock.nowMs()
  const cleared = sightOf((await listClearances(db, [row.askedBy], nowMs)).get(row.askedBy) ?? []).cleared
  await requireStillStands(db, row)
  const vehicles = await listVehicles(db, cleared, row.vehicleIds)
  if (vehicles.length < row.vehicleIds.length) throw new Unmade('evidence.rights', { why: 'driver.vehicleUnknown' })
  const tail = await readTail(db)
  const head = (await lastHead()) ?? null
  const about: Report['about'] = {
    format: FORMAT,
    version: FORMAT_VERSION,
    number,
    case: { number: row.caseNumber, purpose: row.purpose, basis: row.basis },
    period: { from: new Date(row.fromMs).toISOString(), until: new Date(row.untilMs).toISOString() },
    datum: 'WGS-84',
    zone: 'UTC+08:00',
    madeAt: new Date(nowMs).toISOString(),
    madeBy: row.madeBy,
    software,
    leftOut: row.leftOut,
    audit: { ...tail, head: head && { ...head } },
    signature: desk.said,
  }
  const done: VehiclePart[] = []
  const manifestOf = (parts: Part[]): Manifest => {
    const { leftOut, audit, signature, ...first } = about
    const counted = done.map(({ vehicle, positions, notBelieved }) => ({
      plate: vehicle.plate,
      unit: vehicle.unit,
      positions,
      notBelieved,
    }))
    return { ...first, vehicles: counted, leftOut, audit, signature, parts }
  }
  const making = { about, vehicles, cleared, done }
  return writePackage(fileOf(desk.directory, row), (written) => partsOf(deps, row, making, written), manifestOf, desk)
}

/** The rights of whoever asked, at the time when it is made. @throws Unmade */
async function requireStillStands(db: Queryable, row: StoredPackage): Promise<void> {
  const standings = await loadStandings(db, row.caseId, row.askedBy, row.vehicleIds)
  for (const vehicleId of row.vehicleIds) {
    const standing = standings.get(vehicleId)
    const problem = standing ? findCaseProblem(standing, { fromMs: row.fromMs, untilMs: row.untilMs }) : 'case.vehicle'
    if (problem) throw new Unmade('evidence.rights', { why: problem, ...endsOf(standing) })
  }
}

/** The ends that a refusal of this standing says. */
function endsOf(standing: CaseStanding | undefined): RefusalValues {
  const { fromMs, untilMs } = standing?.vehicle?.released ?? standing ?? { fromMs: 0, untilMs: 0 }
  return { caseFrom: new Date(fromMs).toISOString(), caseUntil: new Date(untilMs).toISOString() }
}

type Making = { about: Report['about']; vehicles: EvidenceVehicle[]; cleared: readonly number[]; done: VehiclePart[] }

async function* partsOf(
  deps: BuildDeps,
  row: StoredPackage,
  { about, vehicles, cleared, done }: Making,
  written: readonly Part[],
): AsyncGenerator<PartSource> {
  const { db, groundDirectory, readFindings } = deps
  const t = wordsIn(row.language)
  const [from, until] = [new Date(row.fromMs), new Date(row.untilMs)]
  const ground = await readGround(groundDirectory)
  const months = monthsOf(row.fromMs, row.untilMs)
  yield { name: t('readme'), mediaType: 'text/plain; charset=utf-8', content: Buffer.from(readmeText) }
  yield jsonPart(t('caseFile'), { ...about, vehicles })
  for (const [n, vehicle] of vehicles.entries()) {
    const trips = await listTrips(db, vehicle.vehicleId, from, until)
    const part: VehiclePart = { vehicle, positions: 0, notBelieved: 0, trips, maps: [] }
    done.push(part)
    const twins = vehicles.filter(({ plate }) => plate === vehicle.plate).length > 1
    for (const { name, fromMs, untilMs } of months) {
      const stem = [vehicle.plate, ...(twins ? [vehicle.plateColour] : []), ...(months.length > 1 ? [name] : [])].join('_')
      const track = await readTrackOf(deps, vehicle, fromMs, untilMs)
      const runs = runsOf(track)
      part.positions += track.arrays.timeMs.length
      part.notBelieved += track.arrays.timeMs.length - runs.reduce((sum, run) => sum + run.length, 0)
      if (track.arrays.timeMs.length > 0) {
        const file = (kind: string, mediaType: string, lines: Iterable<string>): PartSource => ({
          ...{ name: `${t('tracks')}/${stem}_${t('tracks')}.${kind}`, mediaType, content: inPieces(lines) },
        })
        yield file('csv', 'text/csv; charset=utf-8', csvLines(track))
        yield file('gpx', 'application/gpx+xml', gpxLines(track, runs))
        yield file('geojson', 'application/geo+json', geojsonLines(track, runs))
        yield file('kml', 'application/vnd.google-earth.kml+xml', kmlLines(track, runs))
        const svg = mapSvg(track, runs, ground)
        if (svg) {
          const picture = {
            name: `${t('maps')}/${stem}.png`,
            png: await sharp(Buffer.from(svg)).png({ compressionLevel: 8, palette: true }).toBuffer(),
          }
          part.maps.push(picture)
          yield { name: picture.name, mediaType: 'image/png', content: picture.png }
        }
      }
    }
    await db.query('UPDATE evidence_packages SET progress = $2 WHERE package_id = $1', [
      row.packageId,
      Math.floor((90 * (n + 1)) / vehicles.length),
    ])
  }
  const orders = await listOrders(db, cleared, row.vehicleIds, from, until)
  yield jsonPart(t('orders'), orders)
  const found = await readFindings(db, { caseId: row.caseId, accountId: row.askedBy, cleared, language: row.language }, deps.clock.nowMs())
  for (const part of found.parts) yield part
  yield* exhibitsOf(db, row, t)
  let auditRecords = 0
  const counted = async function* () {
    for await (const line of auditLines(db, row.caseId, row.vehicleIds, new Date(row.openedAtMs))) {
      auditRecords++
      yield line
    }
  }
  yield { name: t('audit'), mediaType: 'application/x-ndjson', content: counted() }
  const report = { about, language: row.language, vehicles: done, orders, findings: found.report, auditRecords, files: written }
  yield { name: t('report'), mediaType: 'application/pdf', content: await reportOf(report) }
}

/** What others recorded, as it was brought in, each edition; and what was told of each. */
async function* exhibitsOf(db: Queryable, { caseId }: StoredPackage, t: ReturnType<typeof wordsIn>): AsyncGenerator<PartSource> {
  const exhibits = await listExhibitFiles(db, caseId)
  if (exhibits.length === 0) return
  const nameOf = ({ nth, edition, name, kind }: (typeof exhibits)[number]) =>
    `${t('exhibits')}/${nth}-${edition}_${fileNameOf(name, kind).replace(/[\\/:*?"<>|\p{Cc}]/gu, '_')}`
  const told = exhibits.map(({ exhibitId: _exhibit, isNewest: _newest, mediaType: _media, read: _read, ...each }, n) => ({
    file: nameOf(exhibits[n]!),
    ...each,
  }))
  yield jsonPart(t('exhibitFile'), told)
  for (const exhibit of exhibits) yield { name: nameOf(exhibit), mediaType: exhibit.mediaType, content: await exhibit.read() }
}

const jsonPart = (name: string, value: object): PartSource => ({
  ...{ name, mediaType: 'application/json', content: Buffer.from(`${JSON.stringify(value, null, 1)}\n`) },
})

async function readTrackOf(
  { readTrack }: BuildDeps,
  { vehicleId, plate, unit }: EvidenceVehicle,
  fromMs: number,
  untilMs: number,
): Promise<EvidenceTrack> {
  const pieces: Uint8Array[] = []
  try {
    for await (const piece of readTrack(vehicleId, new Date(fromMs), new Date(untilMs))) pieces.push(piece)
  } catch (error) {
    if (isDatabaseAway(error)) throw error
    throw new Unmade('evidence.source', { part: plate, message: (error as Error).message })
  }
  const { flagged, ...arrays } = decodeTrack(Buffer.concat(pieces))
  return { name: `${plate} ${unit}`, arrays, flagged }
}

/** Calendar months of the region: a file of a track has one, so that programs open it. */
function monthsOf(fromMs: number, untilMs: number): { name: string; fromMs: number; untilMs: number }[] {
  const months = []
  for (let at = fromMs; at < untilMs; ) {
    const name = dayAt(at).slice(0, 7)
    const [year, month] = name.split('-').map(Number)
    const next = dayStartMs(month === 12 ? `${year! + 1}-01-01` : `${year}-${String(month! + 1).padStart(2, '0')}-01`)
    months.push({ name, fromMs: at, untilMs: Math.min(next, untilMs) })
    at = next
  }
  return months
}

const kept = new Map<string, Promise<Ground>>()
/** The offline map, read once; a file that is missing leaves its layer empty. */
function readGround(directory: string): Promise<Ground> {
  const known = kept.get(directory) ?? ground(directory)
  kept.set(directory, known)
  return known
}
type Line = [number, number][]
type Shapes = { features: { geometry: { type: string; coordinates: unknown } }[] }

async function ground(directory: string): Promise<Ground> {
  const read = async (name: string): Promise<Line[]> => {
    const text = await readFile(join(directory, `${name}.geojson`), 'utf8').catch(() => '{"features":[]}') // the map is drawn without it
    return (JSON.parse(text) as Shapes).features.flatMap(({ geometry }) => linesOf(geometry.coordinates))
  }
  const [outlines, highways, streets] = await Promise.all([read('leagues'), read('highways'), read('streets')])
  return { outlines: outlines!, roads: [...highways!, ...streets!] }
}

/** Whatever the geometry: lists of places. */
function linesOf(coordinates: unknown): Line[] {
  if (!Array.isArray(coordinates) || coordinates.length === 0) return []
  return typeof (coordinates[0] as unknown[])[0] === 'number' ? [coordinates as Line] : (coordinates as unknown[]).flatMap(linesOf)
}
