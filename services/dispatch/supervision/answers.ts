// What whoever is concerned says to a finding, and the photos beside it: from a desk, or from a phone that may send it late and twice.
import type { z } from 'zod'
import type { Api } from '../../contracts/api.ts'
import { Refusal } from '../../contracts/errors.ts'
import { refusal } from '../../contracts/refusals.ts'
import { timeOfDeed } from '../../domain/deviceClock.ts'
import { MAX_ANSWER_PHOTOS, takesPhotos } from '../../domain/supervision/findings.ts'
import { sha256 } from '../../platform/crypto.ts'
import type { Database, Queryable } from '../../platform/db.ts'
import type { Download } from '../../platform/download.ts'
import type { Picture } from '../../platform/pictures.ts'
import type { Act } from '../kernel/act.ts'
import { actorOf, type Reachable, type Who } from '../kernel/caller.ts'
import { requirePhoto } from '../kernel/photo.ts'
import { recordAudit } from '../kernel/record.ts'
import { takeStep } from '../kernel/takeStep.ts'
import { loadFinding } from './findingRows.ts'
import { supervisionProcedure } from './procedure.ts'

const subjectOf = (id: number) => ({ type: 'supervision-finding', id })

/**
 * Once for each key. It is dated to when it was said, by a phone that has been without a network.
 * @throws Refusal as every step; CONFLICT when the key was another answer's
 */
export async function explainFinding(
  act: Act,
  findingId: number,
  { key, text, atDevice, sentAtDevice }: z.output<Api['explainSupervisionFinding']['body']>,
): Promise<void> {
  const found = await supervisionProcedure.lock(act, findingId)
  const { rows } = await act.client.query<{ findingId: number; reason: string }>(
    `SELECT finding_id AS "findingId", reason FROM supervision_finding_steps WHERE account_id = $1 AND action = 'explain' AND data->>'key' = $2`,
    [act.caller.accountId, key],
  )
  if (rows[0]) {
    if (rows[0].findingId !== findingId || rows[0].reason !== text) throw refusal('CONFLICT', 'body.key', 'deed.key')
    return
  }
  const times = { doneMs: Date.parse(atDevice), sentMs: Date.parse(sentAtDevice) }
  const { atMs } = timeOfDeed(times, act.nowMs, Math.max(0, ...found.steps.map(({ at }) => Date.parse(at))))
  await takeStep(act, supervisionProcedure, findingId, { action: 'explain', atMs, reason: text, data: { key } })
}

/** As it will be kept: made before anything is locked. @throws Refusal NOT_FOUND, VALIDATION_FAILED */
export async function makeAnswerPicture(
  db: Queryable,
  who: Who<Reachable>,
  findingId: number,
  bytes: Buffer,
  nowMs: number,
): Promise<Picture> {
  await loadFinding(db, who, findingId)
  return requirePhoto(bytes, nowMs)
}

/** Once for each key. @throws Refusal FORBIDDEN for whoever does not answer for it; CONFLICT when it has ended, or there are too many */
export async function addAnswerPhoto(act: Act, findingId: number, key: string, { content, width, height }: Picture): Promise<void> {
  const { client, caller, scope: reach, nowMs } = act
  const found = await supervisionProcedure.lock(act, findingId)
  if (!supervisionProcedure.reaches!({ caller, reach }, found, 'asker')) throw new Refusal('FORBIDDEN')
  const { rows: known } = await client.query<{ findingId: number }>(
    'SELECT finding_id AS "findingId" FROM supervision_finding_photos WHERE added_by = $1 AND key = $2',
    [caller.accountId, key],
  )
  if (known[0]) {
    if (known[0].findingId !== findingId) throw refusal('CONFLICT', 'query.key', 'deed.key')
    return
  }
  if (!takesPhotos(found.state)) throw refusal('CONFLICT', 'body', 'supervision.not', { supervisionState: found.state })
  if (found.photos.length >= MAX_ANSWER_PHOTOS) throw refusal('CONFLICT', 'body', 'photo.many', { most: MAX_ANSWER_PHOTOS })
  const hash = sha256(content)
  const photoId = found.photos.length + 1
  await client.query(
    `INSERT INTO supervision_finding_photos (finding_id, photo_id, key, width, height, bytes, sha256, content, added_by, added_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [findingId, photoId, key, width, height, content.byteLength, hash, content, caller.accountId, new Date(nowMs)],
  )
  act.record('supervision.photo', subjectOf(findingId), {
    after: { photoId, bytes: content.byteLength, sha256: hash.toString('hex') },
  })
}

/** On record before it leaves. @throws Refusal NOT_FOUND */
export async function readAnswerPhoto(
  db: Database,
  who: Who<Reachable>,
  findingId: number,
  photoId: number,
  nowMs: number,
): Promise<Download> {
  await loadFinding(db, who, findingId)
  const which = 'FROM supervision_finding_photos WHERE finding_id = $1 AND photo_id = $2'
  const { rows: named } = await db.query<{ bytes: number }>(`SELECT bytes ${which}`, [findingId, photoId])
  if (!named[0]) throw new Refusal('NOT_FOUND')
  await recordAudit(db, {
    ...{ atMs: nowMs, actor: actorOf(who.caller), action: 'supervision.photo-read', subject: subjectOf(findingId) },
    detail: { photoId, ...named[0] },
  })
  const { rows } = await db.query<{ content: Buffer }>(`SELECT content ${which}`, [findingId, photoId])
  if (!rows[0]) throw new Refusal('NOT_FOUND')
  return { fileName: `finding-${findingId}-${photoId}.jpg`, mediaType: 'image/jpeg', content: rows[0].content }
}
