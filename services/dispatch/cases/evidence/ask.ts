// A package is asked for, told of, and taken away. Whoever asks looks at every vehicle in it, and so does whoever takes it: each look is on record before anything is read.
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { z } from 'zod'
import type { EvidencePackage } from '../../../contracts/api/evidence.ts'
import type { AnswerOf, Api } from '../../../contracts/api.ts'
import { Refusal } from '../../../contracts/errors.ts'
import { refusal } from '../../../contracts/refusals.ts'
import { findCaseProblem } from '../../../domain/cases.ts'
import { daysThatFit, estimateEvidence, evidenceNumber, MAX_EVIDENCE_BYTES } from '../../../domain/evidence.ts'
import { daysOf } from '../../../domain/lookLaw.ts'
import { fromBase64, pemOf, readKey } from '../../../evidence/keys.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { Database, Queryable } from '../../../platform/db.ts'
import type { Download } from '../../../platform/download.ts'
import { wrote } from '../../../platform/wrote.ts'
import { act } from '../../kernel/act.ts'
import { actorOf, type Sight, type Who } from '../../kernel/caller.ts'
import { recordCaseLook, recordRefusedLook } from '../../kernel/caseLook.ts'
import { putJobs } from '../../kernel/jobQueue.ts'
import { requirePace } from '../../kernel/pastLook.ts'
import { recordAudit } from '../../kernel/record.ts'
import { isMember, loadCase } from '../caseRows.ts'
import { BUILD_EVIDENCE } from './build.ts'
import type { EvidenceDesk } from './desk.ts'
import { fileOf, loadPackage, loadStandings, tellPackages } from './rows.ts'
import { listVehicles } from './sources.ts'
import { wordsIn } from './texts.ts'

export type EvidenceDeps = { db: Database; clock: Clock; evidence: EvidenceDesk | undefined; wakeJobs(): void }

type Asked = { from?: string | undefined; until?: string | undefined; vehicleIds?: readonly number[] | undefined }
type Why = AnswerOf<'estimateEvidence'>['leftOut'][number]['why']

const GB = 1_000_000_000
const reachable = (reach: Sight) => ({ ...reach, vehicleId: null })

/** What would be in a package, by the law of looks; nothing of the vehicles' past is read. @throws Refusal NOT_FOUND, CASE_REQUIRED, VALIDATION_FAILED */
async function choose(db: Queryable, { caller, reach }: Who, caseId: number, asked: Asked, nowMs: number) {
  const found = await loadCase(db, caller.accountId, caseId)
  if (found.state === 'CLOSED') throw refusal('CASE_REQUIRED', 'params.caseId', 'case.closed')
  const fromMs = Date.parse(asked.from ?? found.from)
  const untilMs = Math.min(Date.parse(asked.until ?? found.until), Math.max(nowMs, fromMs + 1))
  if (untilMs <= fromMs) throw refusal('VALIDATION_FAILED', 'body.until', 'case.order')
  if (fromMs < Date.parse(found.from) || untilMs > Date.parse(found.until))
    throw refusal('CASE_REQUIRED', 'body.from', 'case.period', { caseFrom: found.from, caseUntil: found.until })
  const { rows } = await db.query<{ id: number }>(`SELECT vehicle_id AS id FROM case_vehicles WHERE case_id = $1 AND state <> 'OUT'`, [
    caseId,
  ])
  // One that the caller does not see, or no longer, is not told of.
  const seen = await listVehicles(
    db,
    reach.cleared,
    rows.map(({ id }) => id),
  )
  const standings = await loadStandings(
    db,
    caseId,
    caller.accountId,
    rows.map(({ id }) => id),
  )
  const vehicles: typeof seen = []
  const leftOut: { plate: string; why: Why }[] = []
  for (const vehicle of seen) {
    const standing = standings.get(vehicle.vehicleId)
    const problem = standing && findCaseProblem(standing, { fromMs, untilMs })
    if (problem || !standing)
      leftOut.push({ plate: vehicle.plate, why: problem === 'case.waits' ? 'waits' : problem === 'case.refused' ? 'refused' : 'period' })
    else if (asked.vehicleIds && !asked.vehicleIds.includes(vehicle.vehicleId)) leftOut.push({ plate: vehicle.plate, why: 'chosen' })
    else vehicles.push(vehicle)
  }
  return { found, fromMs, untilMs, vehicles, leftOut }
}

export async function estimate(
  db: Queryable,
  who: Who,
  caseId: number,
  asked: Asked,
  nowMs: number,
): Promise<AnswerOf<'estimateEvidence'>> {
  const { fromMs, untilMs, vehicles, leftOut } = await choose(db, who, caseId, asked, nowMs)
  return {
    from: new Date(fromMs).toISOString(),
    until: new Date(untilMs).toISOString(),
    vehicles: vehicles.map(({ vehicleId, plate, unit }) => ({ vehicleId, plate, unit })),
    leftOut,
    ...estimateEvidence(vehicles.length, { fromMs, untilMs }),
    mostBytes: MAX_EVIDENCE_BYTES,
    mostDays: vehicles.length === 0 ? 0 : daysThatFit(vehicles.length),
  }
}

/** @throws Refusal as `estimate`; UNAVAILABLE without a directory; TOO_LARGE with what to narrow; CONFLICT where no vehicle may be looked at */
export async function makeEvidence(
  { db, clock, evidence, wakeJobs }: EvidenceDeps,
  who: Who,
  caseId: number,
  { language, ...asked }: z.output<Api['makeEvidence']['body']>,
): Promise<EvidencePackage> {
  const { caller, reach } = who
  const nowMs = clock.nowMs()
  const { fromMs, untilMs, vehicles, leftOut } = await choose(db, who, caseId, asked, nowMs)
  if (!evidence) throw refusal('UNAVAILABLE', 'body', 'evidence.none')
  if (vehicles.length === 0) throw refusal('CONFLICT', 'body.vehicleIds', 'evidence.noVehicle')
  const { bytes } = estimateEvidence(vehicles.length, { fromMs, untilMs })
  if (bytes > MAX_EVIDENCE_BYTES)
    throw refusal('TOO_LARGE', 'body', 'evidence.large', {
      ...{ gigabytes: Math.ceil(bytes / GB), most: MAX_EVIDENCE_BYTES / GB, vehicles: vehicles.length, days: daysThatFit(vehicles.length) },
    })
  const [from, to] = [new Date(fromMs), new Date(untilMs)]
  const subject = { type: 'case', id: caseId }
  await requirePace(db, { caller, atMs: nowMs, caseId, from, to }, subject, 'evidence', vehicles.length * daysOf(fromMs, untilMs))
  for (const { vehicleId } of vehicles)
    await recordCaseLook(db, {
      caller,
      reach: reachable(reach),
      vehicleId,
      action: 'evidence.look',
      part: 'evidence',
      caseId,
      from,
      to,
      atMs: nowMs,
    })
  const t = wordsIn(language)
  const told = leftOut.map(({ plate, why }) => ({ plate, why: t(`why.${why}`) }))
  const packageId = await act({ db, clock }, who, async ({ client, record }) => {
    // Packages of a case are numbered one after the other.
    const { number } = await loadCase(client, caller.accountId, caseId, 'FOR UPDATE OF c')
    const { rows } = await client.query<{ id: number; nth: number }>(
      `INSERT INTO evidence_packages (case_id, nth, state, during, vehicle_ids, left_out, language, asked_by, asked_at)
       SELECT $1, coalesce(max(nth), 0) + 1, 'WAITING', tstzrange($2, $3), $4, $5, $6, $7, $8 FROM evidence_packages WHERE case_id = $1
       RETURNING package_id AS id, nth`,
      [caseId, from, to, vehicles.map(({ vehicleId }) => vehicleId), JSON.stringify(told), language, caller.accountId, new Date(nowMs)],
    )
    const { id, nth } = rows[0]!
    // One after the other: each takes a good part of a processor.
    await putJobs(client, nowMs, [{ kind: BUILD_EVIDENCE, key: String(id), payload: { packageId: id }, lane: BUILD_EVIDENCE }])
    const after = {
      number: evidenceNumber(number, nth),
      vehicleIds: vehicles.map(({ vehicleId }) => vehicleId),
      from: from.toISOString(),
      until: to.toISOString(),
    }
    record('evidence.make', subject, { after })
    return id
  })
  wakeJobs()
  const { rows } = await tellPackages(db, caseId, { limit: 1, offset: 0 })
  const made = rows.find((row) => row.packageId === packageId)
  return made ?? (await tellPackages(db, caseId, { limit: 200, offset: 0 })).rows.find((row) => row.packageId === packageId)!
}

export async function listEvidence(db: Queryable, { caller }: Who, caseId: number, { limit, offset }: { limit: number; offset: number }) {
  await loadCase(db, caller.accountId, caseId)
  return tellPackages(db, caseId, { limit, offset })
}

/** @throws Refusal NOT_FOUND for who is no member; CASE_REQUIRED where the case is closed or a vehicle in it may no longer be looked at; CONFLICT before it is ready */
export async function readEvidence({ db, clock, evidence }: EvidenceDeps, { caller, reach }: Who, packageId: number): Promise<Download> {
  const { rows: mine } = await db.query(
    `SELECT FROM evidence_packages p JOIN cases c USING (case_id) WHERE p.package_id = $1 AND ${isMember('$2')}`,
    [packageId, caller.accountId],
  )
  const atMs = clock.nowMs()
  if (mine.length === 0) {
    await recordRefusedLook(db, { caller, atMs, caseId: undefined }, { type: 'evidence', id: packageId }, 'evidence', 'NOT_FOUND')
    throw new Refusal('NOT_FOUND')
  }
  if (!evidence) throw refusal('UNAVAILABLE', 'params.packageId', 'evidence.none')
  const row = await loadPackage(db, packageId)
  if (row.state !== 'READY') throw refusal('CONFLICT', 'params.packageId', 'evidence.notReady')
  const { caseId } = row
  const [from, to] = [new Date(row.fromMs), new Date(row.untilMs)]
  const path = fileOf(evidence.directory, row)
  const size = await stat(path).then(
    (found) => found.size,
    () => undefined,
  )
  if (size !== row.bytes) throw refusal('CONFLICT', 'params.packageId', 'evidence.lost')
  const subject = { type: 'case', id: caseId }
  // What is in it was counted when it was made.
  await requirePace(db, { caller, atMs, caseId, from, to }, subject, 'evidence', 0)
  for (const vehicleId of row.vehicleIds)
    await recordCaseLook(db, {
      caller,
      reach: reachable(reach),
      vehicleId,
      action: 'evidence.look',
      part: 'evidence',
      caseId,
      from,
      to,
      atMs,
    })
  const number = evidenceNumber(row.caseNumber, row.nth)
  const said = { number, caseId, bytes: row.bytes, sha256: row.sha256!.toString('hex') }
  const downloadId = await db.transaction(async (client) => {
    const { rows } = await client.query<{ id: number }>(
      'INSERT INTO evidence_downloads (package_id, account_id, at) VALUES ($1, $2, $3) RETURNING download_id AS id',
      [packageId, caller.accountId, new Date(atMs)],
    )
    const { id } = rows[0]!
    await recordAudit(client, {
      atMs,
      actor: actorOf(caller),
      action: 'evidence.download',
      subject,
      purpose: row.purpose,
      detail: { downloadId: id, ...said },
    })
    return id
  })
  return {
    fileName: `${number}.zip`,
    mediaType: 'application/zip',
    content: createReadStream(path, { highWaterMark: 256 * 1024 }),
    bytes: row.bytes!,
    ended: (whole) =>
      noteEnd({ db, clock }, downloadId, whole, () => ({ actor: actorOf(caller), subject, detail: { downloadId, ...said, whole } })),
  }
}

/** How a download ended. What was broken off has a record of its own; that it arrived, no program here can know. */
async function noteEnd(
  { db, clock }: Pick<EvidenceDeps, 'db' | 'clock'>,
  downloadId: number,
  whole: boolean,
  said: () => { actor: ReturnType<typeof actorOf>; subject: { type: string; id: number }; detail: object },
): Promise<void> {
  const atMs = clock.nowMs()
  await db.transaction(async (client) => {
    const result = await client.query('UPDATE evidence_downloads SET ended_at = $2, whole = $3 WHERE download_id = $1', [
      downloadId,
      new Date(atMs),
      whole,
    ])
    wrote(result, 1, 'the end of a download')
    if (!whole) await recordAudit(client, { atMs, action: 'evidence.broken-off', ...said() })
  })
}

export async function listEvidenceKeys(evidence: EvidenceDesk | undefined): Promise<AnswerOf<'listEvidenceKeys'>> {
  if (!evidence) return { rows: [] }
  const pem = await evidence.publicKeys()
  const keys = [...pem.matchAll(/-----BEGIN PUBLIC KEY-----([^-]+)-----END PUBLIC KEY-----/g)].flatMap(([, body]) => {
    const der = fromBase64(body!.replace(/\s/g, ''))
    const key = der && readKey(der)
    return key ? [key] : []
  })
  const current = evidence.said.fingerprint
  const rows = keys.map((key) => ({
    algorithm: key.algorithm,
    fingerprint: key.fingerprint,
    publicKey: pemOf(key),
    current: key.fingerprint === current,
  }))
  return { rows: rows.sort((a, b) => Number(b.current) - Number(a.current)) }
}
