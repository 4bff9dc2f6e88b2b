// Comparison tracks of a case: brought in by a member, read whole before anything is kept, kept as they came, and on record whenever they are read.
import gcoord from 'gcoord'
import type { Exhibit } from '../../contracts/api/exhibits.ts'
import type { AnswerOf } from '../../contracts/api.ts'
import { Refusal } from '../../contracts/errors.ts'
import { refusal } from '../../contracts/refusals.ts'
import { MAX_EXHIBITS, type TrackKind } from '../../domain/exhibits.ts'
import { sha256 } from '../../platform/crypto.ts'
import type { Database, Queryable } from '../../platform/db.ts'
import type { Download } from '../../platform/download.ts'
import { readForeignTrack } from '../../tables/tracks/read.ts'
import type { ForeignTrack } from '../../tables/tracks/track.ts'
import type { Act } from '../kernel/act.ts'
import { actorOf, type Who } from '../kernel/caller.ts'
import { recordRefusedLook } from '../kernel/caseLook.ts'
import { recordAudit } from '../kernel/record.ts'
import { isMember, loadCase } from './caseRows.ts'

type Asked = { name: string; datum: Exhibit['datum'] }
type Row = Omit<Exhibit, 'from' | 'until' | 'at' | 'sha256'> & { from: Date | null; until: Date | null; at: Date; sha256: Buffer }

const subjectOf = (caseId: number) => ({ type: 'case', id: caseId })
const COLUMNS = `e.exhibit_id AS "exhibitId", e.nth, e.edition, e.name, e.kind, e.datum, e.points, e.segments, e.from_at AS "from", e.until_at AS until, e.notes, e.bytes,
  e.sha256, a.display_name AS by, e.added_at AS at,
  NOT EXISTS (SELECT FROM case_exhibits n WHERE n.case_id = e.case_id AND n.nth = e.nth AND n.edition > e.edition) AS "isNewest"`
const told = ({ from, until, at, sha256, ...row }: Row): Exhibit => ({
  ...row,
  from: from?.toISOString() ?? null,
  until: until?.toISOString() ?? null,
  at: at.toISOString(),
  sha256: sha256.toString('hex'),
})

/** Read before anything is locked. @throws Refusal NOT_FOUND for who is no member, VALIDATION_FAILED with why it is no track */
export async function readNewExhibit(db: Queryable, { caller }: Who, caseId: number, bytes: Buffer): Promise<ForeignTrack> {
  await loadCase(db, caller.accountId, caseId)
  return readForeignTrack(bytes)
}

/** @throws Refusal CASE_REQUIRED in a closed case, CONFLICT where there are too many */
export async function addExhibit(act: Act, caseId: number, { name, datum }: Asked, bytes: Buffer, track: ForeignTrack): Promise<Exhibit> {
  const { client, caller, nowMs } = act
  const { state } = await loadCase(client, caller.accountId, caseId, 'FOR UPDATE OF c')
  if (state === 'CLOSED') throw refusal('CASE_REQUIRED', 'params.caseId', 'case.closed')
  const { rows: there } = await client.query<{ n: number }>('SELECT count(*)::int AS n FROM case_exhibits WHERE case_id = $1', [caseId])
  if (there[0]!.n >= MAX_EXHIBITS) throw refusal('CONFLICT', 'body', 'exhibit.files', { most: MAX_EXHIBITS })
  const hash = sha256(bytes)
  const ends = track.timeMs && [new Date(track.timeMs[0]!), new Date(track.timeMs.at(-1)!)]
  const { rows } = await client.query<{ id: number; nth: number; edition: number }>(
    `INSERT INTO case_exhibits (case_id, nth, edition, name, kind, datum, points, segments, from_at, until_at, notes, bytes, sha256, content, added_by, added_at)
     SELECT $1, coalesce(k.nth, (SELECT coalesce(max(nth), 0) + 1 FROM case_exhibits WHERE case_id = $1)), coalesce(k.edition, 0) + 1,
       $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14
     FROM (SELECT max(nth) AS nth, max(edition) AS edition FROM case_exhibits WHERE case_id = $1 AND name = $2) k RETURNING exhibit_id AS id, nth, edition`,
    [
      ...[caseId, name, track.kind, datum, track.lon.length, track.segments.length, ends?.[0] ?? null, ends?.[1] ?? null],
      ...[JSON.stringify(track.notes), bytes.byteLength, hash, bytes, caller.accountId, new Date(nowMs)],
    ],
  )
  const { id, nth, edition } = rows[0]!
  act.record('exhibit.add', subjectOf(caseId), {
    after: { exhibit: nth, edition, name, points: track.lon.length, bytes: bytes.byteLength, sha256: hash.toString('hex') },
  })
  return told((await findRows(client, 'e.exhibit_id = $1', [id]))[0]!)
}

const findRows = async (db: Queryable, where: string, values: unknown[], tail = ''): Promise<Row[]> =>
  (
    await db.query<Row>(
      `SELECT ${COLUMNS} FROM case_exhibits e JOIN accounts a ON a.account_id = e.added_by WHERE ${where} ${tail}`,
      values,
    )
  ).rows

/** @throws Refusal NOT_FOUND for a case that the reader is no member of */
export async function listExhibits(
  db: Queryable,
  { caller }: Who,
  caseId: number,
  { limit, offset }: { limit: number; offset: number },
): Promise<AnswerOf<'listExhibits'>> {
  await loadCase(db, caller.accountId, caseId)
  const { rows } = await db.query<{ total: number }>('SELECT count(*)::int AS total FROM case_exhibits WHERE case_id = $1', [caseId])
  const found = await findRows(db, 'e.case_id = $1', [caseId, limit, offset], 'ORDER BY e.nth, e.edition DESC LIMIT $2 OFFSET $3')
  return { total: rows[0]!.total, rows: found.map(told) }
}

type Kept = {
  caseId: number
  nth: number
  edition: number
  name: string
  kind: TrackKind
  datum: Exhibit['datum']
  bytes: number
  sha256: Buffer
}

/** The record is committed before the content is read. @throws Refusal NOT_FOUND for who is no member, and that somebody tried is on record too */
async function recordReading(
  db: Database,
  { caller }: Who,
  exhibitId: number,
  part: 'exhibit' | 'exhibit-file',
  atMs: number,
): Promise<Kept> {
  const { rows } = await db.query<Kept>(
    `SELECT e.case_id AS "caseId", e.nth, e.edition, e.name, e.kind, e.datum, e.bytes, e.sha256 FROM case_exhibits e JOIN cases c USING (case_id)
     WHERE e.exhibit_id = $1 AND ${isMember('$2')}`,
    [exhibitId, caller.accountId],
  )
  const found = rows[0]
  if (!found) {
    await recordRefusedLook(db, { caller, atMs, caseId: undefined }, { type: 'exhibit', id: exhibitId }, part, 'NOT_FOUND')
    throw new Refusal('NOT_FOUND')
  }
  const { caseId, nth, edition, bytes, sha256: hash } = found
  await recordAudit(db, {
    atMs,
    actor: actorOf(caller),
    action: 'exhibit.read',
    subject: subjectOf(caseId),
    detail: { exhibit: nth, edition, part, bytes, sha256: hash.toString('hex') },
  })
  return found
}

const contentOf = async (db: Queryable, exhibitId: number): Promise<Buffer> =>
  (await db.query<{ content: Buffer }>('SELECT content FROM case_exhibits WHERE exhibit_id = $1', [exhibitId])).rows[0]!.content

export async function readExhibit(db: Database, who: Who, exhibitId: number, atMs: number): Promise<AnswerOf<'readExhibit'>> {
  const { datum } = await recordReading(db, who, exhibitId, 'exhibit', atMs)
  const { timeMs, lon, lat, segments } = await readForeignTrack(await contentOf(db, exhibitId))
  if (datum === 'wgs84') return { exhibitId, timeMs, lon, lat, segments }
  // Converted once, here: whatever is drawn and compared is WGS-84.
  const places = lon.map((each, i) => gcoord.transform([each, lat[i]!], gcoord.GCJ02, gcoord.WGS84) as [number, number])
  return { exhibitId, timeMs, lon: places.map(([x]) => x), lat: places.map(([, y]) => y), segments }
}

const mediaTypes: Record<TrackKind, string> = {
  gpx: 'application/gpx+xml',
  kml: 'application/vnd.google-earth.kml+xml',
  geojson: 'application/geo+json',
}

export async function readExhibitFile(db: Database, who: Who, exhibitId: number, atMs: number): Promise<Download> {
  const { name, kind } = await recordReading(db, who, exhibitId, 'exhibit-file', atMs)
  return { fileName: fileNameOf(name, kind), mediaType: mediaTypes[kind], content: await contentOf(db, exhibitId) }
}

/** As it was named when it was brought in, with the ending of what it is. */
export const fileNameOf = (name: string, kind: TrackKind): string => (name.toLowerCase().endsWith(`.${kind}`) ? name : `${name}.${kind}`)

/** For its package: what is told of each, and the files themselves. */
export async function listExhibitFiles(
  db: Queryable,
  caseId: number,
): Promise<(Exhibit & { mediaType: string; read(): Promise<Buffer> })[]> {
  const rows = await findRows(db, 'e.case_id = $1', [caseId], 'ORDER BY e.nth, e.edition')
  return rows.map((row) => ({ ...told(row), mediaType: mediaTypes[row.kind], read: () => contentOf(db, row.exhibitId) }))
}
