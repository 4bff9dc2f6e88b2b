// A vehicle's file as it was: today's, with every later record of its history taken back. The audit log is the only past there is,
// which is why everything that touches a file must be on record (followed.ts).
import type { VehicleFile } from '../../contracts/api/ledger.ts'
import { Refusal } from '../../contracts/errors.ts'
import { judgeStandard } from '../../domain/standards.ts'
import type { Queryable } from '../../platform/db.ts'
import type { Sight } from '../kernel/caller.ts'
import { type HistoryEntry, listHistory } from '../kernel/record.ts'
import { listLimits } from './standards.ts'
import { fieldNames, fieldsOf } from './vehicleFields.ts'
import { fileAnswer, getVehicleFile, isOverQuota } from './vehicleFile.ts'

const RECORDS_AT_ONCE = 200
const kept = [...fieldNames, 'state', 'quotaSeat', 'terminalId'] as const
type Kept = Record<string, unknown>

/** A file's record has several values as the text of its cell. */
const listed = (value: unknown): unknown => (Array.isArray(value) ? value : typeof value === 'string' ? value.split(',') : [])

/** Takes back `records`, newest first. Undefined where one of them is the vehicle's own beginning. */
export function rewind(file: Kept, records: readonly Pick<HistoryEntry, 'action' | 'before' | 'after'>[]): Kept | undefined {
  const past = { ...file }
  for (const { action, before } of records) {
    if (action === 'vehicle.create' || action === 'import.create') return undefined
    for (const [field, value] of Object.entries(before ?? {}))
      if ((kept as readonly string[]).includes(field)) past[field] = field === 'equipment' ? listed(value) : value
  }
  return past
}

/** @throws Refusal NOT_FOUND for a vehicle out of scope, or one that was not in the ledger yet */
export async function vehicleAsOf(db: Queryable, scope: Sight, vehicleId: number, at: Date): Promise<VehicleFile> {
  const now = await getVehicleFile(db, scope, vehicleId, at.getTime())
  const later = await recordsSince(db, vehicleId, at)
  // Whether it was promised then, no record of its file says.
  const past = rewind({ ...Object.fromEntries(kept.map((field) => [field, now[field]])), state: now.fileState }, later)
  if (!past) throw new Refusal('NOT_FOUND')
  const then = { ...fileAnswer(now), ...past } as VehicleFile
  const { rows: names } = await db.query<{ id: number; name: string }>(
    `SELECT organisation_id AS id, name FROM organisations_as_of($1) WHERE organisation_id = ANY($2::int[])`,
    [at, [then.userUnitId, then.ownerUnitId]],
  )
  const named = (id: number, today: string) => ({ organisationId: id, name: names.find((row) => row.id === id)?.name ?? today })
  const nameOf = async (table: 'places' | 'suppliers', key: string, id: number | null) =>
    (await db.query<{ name: string }>(`SELECT name FROM ${table} WHERE ${key} = $1`, [id])).rows[0]?.name ?? null
  const { rows: unit } = await db.query<{ lft: number }>('SELECT lft FROM organisations WHERE organisation_id = $1', [then.userUnitId])
  const until = at.toISOString()
  return {
    ...then,
    terminalSince: await terminalSince(db, vehicleId, then.terminalId, at),
    overQuota: isOverQuota(then),
    excess: judgeStandard(await listLimits(db), { ...fieldsOf(then), unitLft: unit[0]!.lft }),
    userUnit: named(then.userUnitId, now.userUnit.name),
    ownerUnit: named(then.ownerUnitId, now.ownerUnit.name),
    parkingPlace: await nameOf('places', 'place_id', then.parkingPlaceId),
    suppliers: {
      fuel: await nameOf('suppliers', 'supplier_id', then.fuelSupplierId),
      repair: await nameOf('suppliers', 'supplier_id', then.repairSupplierId),
      insurance: await nameOf('suppliers', 'supplier_id', then.insuranceSupplierId),
    },
    pastPlates: now.pastPlates.filter((plate) => plate.until <= until),
    files: now.files.filter((file) => file.addedAt <= until),
    openFlow: null,
  }
}

/** The beginning of the binding that held then; null = as far back as is known, or there was none. */
async function terminalSince(db: Queryable, vehicleId: number, terminalId: string | null, at: Date): Promise<string | null> {
  if (terminalId === null) return null
  const { rows } = await db.query<{ since: Date | null }>(
    `SELECT lower(during) AS since FROM terminal_past_bindings WHERE vehicle_id = $1 AND terminal_id = $2 AND during @> $3::timestamptz
     UNION ALL SELECT bound_since FROM terminals WHERE vehicle_id = $1 AND terminal_id = $2 AND bound_since <= $3`,
    [vehicleId, terminalId, at],
  )
  return rows[0]?.since?.toISOString() ?? null
}

async function recordsSince(db: Queryable, vehicleId: number, at: Date): Promise<HistoryEntry[]> {
  const records: HistoryEntry[] = []
  const until = at.toISOString()
  for (;;) {
    const beforeSeq = records.at(-1)?.seq
    const page = await listHistory(db, { type: 'vehicle', id: vehicleId }, { limit: RECORDS_AT_ONCE, ...(beforeSeq ? { beforeSeq } : {}) })
    const later = page.filter((record) => record.at > until)
    records.push(...later)
    if (later.length < RECORDS_AT_ONCE) return records
  }
}
