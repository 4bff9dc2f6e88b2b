// The vehicles of plans: listed, taken a step on, and their photos, which are on record before they leave.
import type { z } from 'zod'
import type { Seal } from '../../contracts/api/sealing.ts'
import type { AnswerOf, Api } from '../../contracts/api.ts'
import { Refusal } from '../../contracts/errors.ts'
import { refusal } from '../../contracts/refusals.ts'
import { MAX_SEAL_PHOTOS } from '../../domain/sealing.ts'
import { sha256 } from '../../platform/crypto.ts'
import type { Database, Queryable } from '../../platform/db.ts'
import type { Download } from '../../platform/download.ts'
import type { Picture } from '../../platform/pictures.ts'
import type { Act } from '../kernel/act.ts'
import { actorOf, type Who } from '../kernel/caller.ts'
import { requirePhoto } from '../kernel/photo.ts'
import { recordAudit } from '../kernel/record.ts'
import { platePattern } from '../kernel/searchText.ts'
import { takeStep } from '../kernel/takeStep.ts'
import { isUnder } from '../kernel/within.ts'
import { sealProcedure } from './procedure.ts'
import { FROM, loadSeal, REACHED, takesPhotos, valuesOf } from './sealRows.ts'
import { tellSeals } from './tell.ts'

export async function listSeals(
  db: Queryable,
  who: Who,
  { planId, state, proof, organisationId, q, limit, offset }: z.output<Api['listSeals']['query']>,
  nowMs: number,
): Promise<AnswerOf<'listSeals'>> {
  const pattern = q ? platePattern(q) : null
  // Each placeholder is there, whatever is asked.
  const tests = `($5::int IS NULL OR s.plan_id = $5) AND ($6::text IS NULL OR s.state = $6) AND ($7::text IS NULL OR s.proof = $7)
    AND ($8::text IS NULL OR v.plate LIKE $8) AND ($9::bigint IS NULL OR ${isUnder('$9::bigint', 'u')})`
  const values = [planId ?? null, state ?? null, proof ?? null, pattern, organisationId ?? null]
  const { rows } = await db.query<{ total: number }>(
    `SELECT count(*)::int AS total ${FROM} WHERE ${REACHED} AND $4::boolean AND ${tests}`,
    [...valuesOf(who), true, ...values],
  )
  const order = `ORDER BY s.plan_id DESC, array_position('{UNSEAL_ASKED,PLANNED}', s.state) NULLS LAST, u.lft, s.seal_id LIMIT $10 OFFSET $11`
  return { total: rows[0]!.total, rows: await tellSeals(db, who, `${tests} ${order}`, [...values, limit, offset], nowMs) }
}

export async function actOnSeals(
  act: Act,
  { seals, action, reason, data }: z.output<Api['actOnSeals']['body']>,
): Promise<{ rows: Seal[] }> {
  const versions = new Map(seals.map(({ sealId, version }) => [sealId, version]))
  const ids = [...versions.keys()].sort((a, b) => a - b)
  for (const id of ids) await takeStep(act, sealProcedure, id, { action, version: versions.get(id)!, reason, data })
  return {
    rows: await tellSeals(act.client, { caller: act.caller, reach: act.scope }, 's.seal_id = ANY($5) ORDER BY s.seal_id', [ids], act.nowMs),
  }
}

/** As it will be kept: made before anything is locked. @throws Refusal NOT_FOUND, VALIDATION_FAILED */
export async function makeSealPicture(db: Queryable, who: Who, sealId: number, bytes: Buffer, nowMs: number): Promise<Picture> {
  await loadSeal(db, who, sealId)
  return requirePhoto(bytes, nowMs)
}

export async function addSealPhoto(act: Act, sealId: number, { content, width, height }: Picture): Promise<Seal> {
  const { client, caller, scope: reach, nowMs } = act
  const seal = await loadSeal(client, { caller, reach }, sealId, 'FOR UPDATE OF s')
  if (!takesPhotos(seal.state)) throw refusal('CONFLICT', 'body', 'seal.not', { sealState: seal.state })
  if (seal.photos >= MAX_SEAL_PHOTOS) throw refusal('CONFLICT', 'body', 'photo.many', { most: MAX_SEAL_PHOTOS })
  const hash = sha256(content)
  const photoId = seal.photos + 1
  await client.query(
    `INSERT INTO vehicle_seal_photos (seal_id, photo_id, width, height, bytes, sha256, content, added_by, added_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [sealId, photoId, width, height, content.byteLength, hash, content, caller.accountId, new Date(nowMs)],
  )
  const after = { sealId, photoId, bytes: content.byteLength, sha256: hash.toString('hex') }
  act.record('seal.photo', { type: 'vehicle', id: seal.vehicleId }, { after })
  return (await tellSeals(client, { caller, reach }, 's.seal_id = $5', [sealId], nowMs))[0]!
}

/** @throws Refusal NOT_FOUND */
export async function readSealPhoto(db: Database, who: Who, sealId: number, photoId: number, nowMs: number): Promise<Download> {
  const { vehicleId } = await loadSeal(db, who, sealId)
  const which = 'FROM vehicle_seal_photos WHERE seal_id = $1 AND photo_id = $2'
  const { rows: named } = await db.query<{ bytes: number }>(`SELECT bytes ${which}`, [sealId, photoId])
  if (!named[0]) throw new Refusal('NOT_FOUND')
  await recordAudit(db, {
    ...{ atMs: nowMs, actor: actorOf(who.caller), action: 'seal.photo-read', subject: { type: 'vehicle', id: vehicleId } },
    detail: { sealId, photoId, ...named[0] },
  })
  const { rows } = await db.query<{ content: Buffer }>(`SELECT content ${which}`, [sealId, photoId])
  if (!rows[0]) throw new Refusal('NOT_FOUND')
  return { fileName: `seal-${sealId}-${photoId}.jpg`, mediaType: 'image/jpeg', content: rows[0].content }
}
