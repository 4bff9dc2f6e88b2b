// Photos and documents of a vehicle, in the database: they are few, small, and backed up with the file they belong to.
// What a file is, its first bytes decide; the name it comes with is only a name.
import type { VehicleAttachment } from '../../contracts/api/ledger.ts'
import { Refusal } from '../../contracts/errors.ts'
import { refusal } from '../../contracts/refusals.ts'
import { ownReason } from '../../domain/ownReasons.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db.ts'
import { wrote } from '../../platform/wrote.ts'
import type { Act } from '../kernel/act.ts'
import type { Who } from '../kernel/caller.ts'
import { recordLook } from '../kernel/look.ts'
import { openVehicles } from '../kernel/sight.ts'
import { getVehicleFile } from './vehicleFile.ts'

const MAX_FILES = 30

const magic: readonly { type: string; is: (bytes: Buffer) => boolean }[] = [
  { type: 'image/jpeg', is: (bytes) => bytes.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff])) },
  { type: 'image/png', is: (bytes) => bytes.subarray(0, 8).equals(Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')) },
  { type: 'image/webp', is: (bytes) => bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP' },
  { type: 'application/pdf', is: (bytes) => bytes.toString('latin1', 0, 5) === '%PDF-' },
]

/** Undefined for anything that is not kept. */
const contentTypeOf = (bytes: Buffer): string | undefined => magic.find(({ is }) => is(bytes))?.type

/** A name that no path, header or shell reads as anything else. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
const safeName = (name: string): string => name.replace(/[\u0000-\u001f\u007f"\\/:*?<>|]/g, '_').slice(0, 120)

export async function addFile(
  change: Act,
  vehicleId: number,
  { kind, name, content }: { kind: VehicleAttachment['kind']; name: string; content: Buffer },
): Promise<VehicleAttachment> {
  const { client, scope, nowMs, caller } = change
  const file = await getVehicleFile(client, scope, vehicleId, nowMs)
  const contentType = contentTypeOf(content)
  if (!contentType || (kind === 'photo' && contentType === 'application/pdf')) throw refusal('VALIDATION_FAILED', 'body', 'file.type')
  if (file.files.length >= MAX_FILES) throw refusal('CONFLICT', 'body', 'file.many', { max: MAX_FILES })
  const added: Omit<VehicleAttachment, 'fileId'> = {
    kind,
    name: safeName(name),
    contentType,
    bytes: content.byteLength,
    addedAt: new Date(nowMs).toISOString(),
    addedBy: caller.displayName,
  }
  const { rows } = await client.query<{ id: number }>(
    `INSERT INTO vehicle_files (vehicle_id, kind, name, content_type, bytes, content, added_at, added_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING file_id AS id`,
    [vehicleId, kind, added.name, contentType, added.bytes, content, new Date(nowMs), added.addedBy],
  )
  change.record(
    'vehicle.file-add',
    { type: 'vehicle', id: vehicleId },
    {
      after: { file: added.name, bytes: added.bytes, contentType },
      reason: ownReason(kind),
    },
  )
  return { ...added, fileId: rows[0]!.id }
}

export async function removeFile(change: Act, vehicleId: number, fileId: number, reason: string): Promise<void> {
  const { client, scope, nowMs } = change
  const { files } = await getVehicleFile(client, scope, vehicleId, nowMs)
  const file = files.find((each) => each.fileId === fileId)
  if (!file) throw new Refusal('NOT_FOUND')
  wrote(await client.query('DELETE FROM vehicle_files WHERE file_id = $1', [fileId]), 1, 'a file that was taken away')
  change.record('vehicle.file-remove', { type: 'vehicle', id: vehicleId }, { before: { file: file.name, bytes: file.bytes }, reason })
}

/** The bytes leave the house, so it is on record before they are read. */
export async function readFile({ db, clock }: { db: Database; clock: Clock }, { caller, reach }: Who, vehicleId: number, fileId: number) {
  const { lft, rgt, cleared } = reach
  const found = `FROM vehicle_files f JOIN ${openVehicles('$5')} v USING (vehicle_id) JOIN organisations u ON u.organisation_id = v.user_unit_id
    WHERE f.file_id = $1 AND f.vehicle_id = $2 AND u.lft BETWEEN $3 AND $4`
  const values = [fileId, vehicleId, lft, rgt, cleared]
  const named = await db.query<{ name: string; bytes: number }>(`SELECT f.name, f.bytes ${found}`, values)
  if (!named.rows[0]) throw new Refusal('NOT_FOUND')
  const { name, bytes } = named.rows[0]
  await recordLook(db, {
    caller,
    reach: { ...reach, vehicleId: null },
    vehicleId,
    action: 'vehicle.file-read',
    part: 'attachment',
    detail: { fileId, file: name, bytes },
    atMs: clock.nowMs(),
  })
  const { rows } = await db.query<{ content_type: string; content: Buffer }>(`SELECT f.content_type, f.content ${found}`, values)
  if (!rows[0]) throw new Refusal('NOT_FOUND')
  return { fileName: name, mediaType: rows[0].content_type, content: rows[0].content }
}
