// One change to many vehicles: looked at first, then applied to all or none. The token stands for the versions that were looked at.

import { type BulkChange, MAX_BULK, MAX_BULK_FOUND, type VehicleFields } from '../../contracts/api/ledger.ts'
import type { AnswerOf } from '../../contracts/api.ts'
import { Refusal } from '../../contracts/errors.ts'
import { changedMeanwhile, type RefusalValues, refusal } from '../../contracts/refusals.ts'
import { sha256 } from '../../platform/crypto.ts'
import { type Act, difference } from '../kernel/act.ts'
import { Notes } from '../kernel/notes.ts'
import type { AuditSubject } from '../kernel/record.ts'
import { changeAtOnce } from './bulkAtOnce.ts'
import { type LedgerQuery, listLedger } from './ledgerList.ts'
import { lockVehicle, turnVehicle, writeFields } from './vehicleChange.ts'
import { fieldsOf, requireFieldRights } from './vehicleFields.ts'

type Preview = AnswerOf<'previewBulk'>
type Set = BulkChange

/** Thrown to undo what a preview tried. */
class Undone extends Error {
  readonly preview: Preview
  constructor(preview: Preview) {
    super('a preview is never kept')
    this.preview = preview
  }
}

export type BulkTarget = { vehicleIds?: number[] | undefined; filter?: Omit<LedgerQuery, 'limit' | 'offset'> | undefined }

/**
 * Tries the change for real and takes everything back: a preview that judged by other rules would lie.
 * @returns what `applyBulk` would do
 */
export async function previewBulk(
  run: (work: (change: Act) => Promise<never>) => Promise<never>,
  target: BulkTarget,
  set: Set,
): Promise<Preview> {
  try {
    return await run(async (change) => {
      throw new Undone((await attempt(change, target, set)).preview)
    })
  } catch (error) {
    if (error instanceof Undone) return error.preview
    throw error
  }
}

export async function applyBulk(
  change: Act,
  target: BulkTarget,
  { set, token, reason, skipRefused }: { set: Set; token: string; reason: string; skipRefused: boolean },
): Promise<number> {
  const { preview, entries } = await attempt(change, target, set)
  if (preview.token !== token) throw changedMeanwhile('body.token', 'bulk.changed')
  if (preview.refused > 0 && !skipRefused) throw refusal('CONFLICT', 'body.vehicleIds', 'bulk.refused', { n: preview.refused })
  for (const { subject, before, after } of entries) change.record('vehicle.bulk', subject, { before, after, reason })
  const followed = change.notes.takeAll()
  for (const { action, subject, before, after } of followed)
    change.record(action, subject, { before, after, detail: { because: 'vehicle.bulk' }, reason })
  return preview.changes
}

type BulkEntry = { subject: AuditSubject; before: object; after: object }
type Attempt = { entries: BulkEntry[]; refusals: Preview['refusals']; seen: string[] }

async function attempt(change: Act, target: BulkTarget, set: Set): Promise<{ preview: Preview; entries: BulkEntry[] }> {
  const ids = await idsOf(change, target)
  // Another unit means another quota, other suppliers, other rights: each vehicle is judged on its own.
  const alone = set.userUnitId !== undefined
  const max = alone ? MAX_BULK : MAX_BULK_FOUND
  if (ids.length > max) throw refusal('CONFLICT', 'body.filter', 'bulk.many', { max, n: ids.length })
  const { entries, refusals, seen } = await (alone ? changeOneByOne(change, ids, set) : changeAtOnce(change, ids, set))
  const token = sha256(JSON.stringify([seen, set])).toString('base64url')
  const counts = { changes: entries.length, refused: refusals.length, unchanged: ids.length - entries.length - refusals.length }
  return { preview: { ...counts, refusals: refusals.slice(0, MAX_BULK), token }, entries }
}

/** In order, so that two bulk changes lock in one order. */
async function idsOf({ client, scope, nowMs }: Act, { vehicleIds, filter }: BulkTarget): Promise<number[]> {
  if (vehicleIds) return [...new Set(vehicleIds)].sort((a, b) => a - b)
  const { total, rows } = await listLedger(client, scope, { ...filter!, limit: MAX_BULK_FOUND, offset: 0 }, nowMs)
  if (total > MAX_BULK_FOUND) throw refusal('CONFLICT', 'body.filter', 'bulk.many', { max: MAX_BULK_FOUND, n: total })
  return rows.map(({ vehicleId }) => vehicleId).sort((a, b) => a - b)
}

async function changeOneByOne(change: Act, ids: number[], set: Set): Promise<Attempt> {
  const entries: BulkEntry[] = []
  const refusals: Preview['refusals'] = []
  const seen: string[] = []
  for (const vehicleId of ids) {
    // Out of scope is NOT_FOUND for the whole: a list of refusals would tell which numbers exist.
    const subject = { type: 'vehicle', id: vehicleId }
    const file = await lockVehicle(change, vehicleId)
    seen.push(`${vehicleId}:${file.version}`)
    await change.client.query('SAVEPOINT one_vehicle')
    try {
      const notes = new Notes()
      const changes = await changeOne({ ...change, notes }, file, set)
      change.notes.absorb(notes)
      if (changes) entries.push({ subject, ...change.notes.take(subject) })
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      await change.client.query('ROLLBACK TO SAVEPOINT one_vehicle')
      const issue = error.issues?.[0]
      refusals.push({
        vehicleId,
        plate: file.plate,
        reason: issue?.reason ?? error.code,
        message: error.message,
        ...(issue?.values ? { values: issue.values as RefusalValues } : {}),
      })
    }
    await change.client.query('RELEASE SAVEPOINT one_vehicle')
  }
  return { entries, refusals, seen }
}

type File = Awaited<ReturnType<typeof lockVehicle>>

/** Answers whether there was anything to change; what it was stands in the notes. */
async function changeOne(change: Act, file: File, { state, ...set }: Set): Promise<boolean> {
  if (file.state === 'DISPOSED') throw refusal('CONFLICT', 'body.vehicleIds', 'state.disposed')
  const before = fieldsOf(file)
  const changed = difference<VehicleFields>(before, set)
  const names = Object.keys(changed.after) as (keyof VehicleFields)[]
  requireFieldRights(change.caller, names)
  if (names.includes('userUnitId') && file.openFlow) throw refusal('CONFLICT', 'body.vehicleIds', 'flow.open')
  const turns = state !== undefined && state !== file.state
  if (names.length === 0 && !turns) return false
  if (names.length > 0) await writeFields(change, file.vehicleId, before, changed.after)
  if (turns) await turnVehicle(change, file, state === 'SUSPENDED' ? 'suspend' : 'resume')
  return true
}
