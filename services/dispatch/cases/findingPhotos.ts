// Photos of a finding, in the database beside what they belong to: backed up with it, and gone with nothing else.
import type { Finding } from '../../contracts/api/findings.ts'
import { Refusal } from '../../contracts/errors.ts'
import { refusal } from '../../contracts/refusals.ts'
import { MAX_FINDING_PHOTOS } from '../../domain/findings.ts'
import { sha256 } from '../../platform/crypto.ts'
import type { Database, Queryable } from '../../platform/db.ts'
import type { Download } from '../../platform/download.ts'
import type { Picture } from '../../platform/pictures.ts'
import type { Act } from '../kernel/act.ts'
import { actorOf, type Who } from '../kernel/caller.ts'
import { requirePhoto } from '../kernel/photo.ts'
import { recordAudit } from '../kernel/record.ts'
import { loadFinding } from './findingRows.ts'
import { lockOpenFinding, tellFinding } from './findings.ts'

const subjectOf = (caseId: number) => ({ type: 'case', id: caseId })
const loadAs = (db: Queryable, { caller, reach }: Who, findingId: number) =>
  loadFinding(db, { caller, reach: { ...reach, vehicleId: null } }, findingId, 'member')

/** As it will be kept: made before anything is locked. @throws Refusal NOT_FOUND, VALIDATION_FAILED */
export async function makeFindingPicture(db: Queryable, who: Who, findingId: number, bytes: Buffer, nowMs: number): Promise<Picture> {
  await loadAs(db, who, findingId)
  return requirePhoto(bytes, nowMs)
}

export async function addFindingPhoto(act: Act, findingId: number, { content, width, height }: Picture): Promise<Finding> {
  const { client, caller, nowMs } = act
  const { caseId, nth } = await lockOpenFinding(act, findingId)
  const { rows: there } = await client.query<{ n: number }>('SELECT count(*)::int AS n FROM case_finding_photos WHERE finding_id = $1', [
    findingId,
  ])
  if (there[0]!.n >= MAX_FINDING_PHOTOS) throw refusal('CONFLICT', 'body', 'photo.many', { most: MAX_FINDING_PHOTOS })
  const hash = sha256(content)
  const { rows } = await client.query<{ id: number }>(
    `INSERT INTO case_finding_photos (finding_id, width, height, bytes, sha256, content, added_by, added_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING photo_id AS id`,
    [findingId, width, height, content.byteLength, hash, content, caller.accountId, new Date(nowMs)],
  )
  const after = { finding: nth, photoId: rows[0]!.id, bytes: content.byteLength, sha256: hash.toString('hex') }
  act.record('finding.photo', subjectOf(caseId), { after })
  return tellFinding(act, findingId)
}

/** On record before it leaves. @throws Refusal NOT_FOUND */
export async function readFindingPhoto(db: Database, who: Who, findingId: number, photoId: number, nowMs: number): Promise<Download> {
  const { caseId, nth } = await loadAs(db, who, findingId)
  const which = 'FROM case_finding_photos WHERE finding_id = $1 AND photo_id = $2'
  const { rows: named } = await db.query<{ bytes: number }>(`SELECT bytes ${which}`, [findingId, photoId])
  if (!named[0]) throw new Refusal('NOT_FOUND')
  await recordAudit(db, {
    atMs: nowMs,
    actor: actorOf(who.caller),
    action: 'finding.photo-read',
    subject: subjectOf(caseId),
    detail: { finding: nth, photoId, ...named[0] },
  })
  const { rows } = await db.query<{ content: Buffer }>(`SELECT content ${which}`, [findingId, photoId])
  if (!rows[0]) throw new Refusal('NOT_FOUND')
  return { fileName: `${nth}-${photoId}.jpg`, mediaType: 'image/jpeg', content: rows[0].content }
}
