// The ledger as rows that mean the same in any database: every column of every table of it, with what names a row of another table
// said by that row's own name, and without numbers and versions.
import type { Database } from '../../services/platform/db.ts'

const code = (column: string) => `(SELECT o.code FROM organisations o WHERE o.organisation_id = t.${column})`
const named = (table: string, key: string) => (column: string) =>
  `(SELECT s.name || '@' || o.code FROM ${table} s JOIN organisations o USING (organisation_id) WHERE s.${key} = t.${column})`
const plate = (column: string) => `(SELECT v.plate FROM every_vehicle v WHERE v.vehicle_id = t.${column})`

const meanings: Record<string, (column: string) => string> = {
  organisation_id: code,
  unit_id: code,
  parent_id: code,
  merged_into_id: code,
  owner_unit_id: code,
  user_unit_id: code,
  compound_id: named('compounds', 'compound_id'),
  pool_id: named('motor_pools', 'pool_id'),
  place_id: named('places', 'place_id'),
  parking_place_id: named('places', 'place_id'),
  supplier_id: named('suppliers', 'supplier_id'),
  fuel_supplier_id: named('suppliers', 'supplier_id'),
  repair_supplier_id: named('suppliers', 'supplier_id'),
  insurance_supplier_id: named('suppliers', 'supplier_id'),
  vehicle_id: plate,
  driver_id: (column) => `(SELECT d.licence_no FROM drivers d WHERE d.driver_id = t.${column})`,
}

/** Numbers of rows, how often they were changed, when and by which act, secrets, and which account did it: not what the ledger says. */
const left = [
  'version',
  'act',
  'past_id',
  'limit_id',
  'policy_id',
  'quota_id',
  'loan_id',
  'shift_id',
  'duty_day_id',
  'leave_id',
  'limits_id',
  'fuel_card_id',
  'calendar_day_id',
  'hours_id',
  'credential_hash',
  'credential_at',
  'broker_verifier',
  'registered_at',
  'revoked_at',
  'bound_since',
  'revision',
  'gateway_id',
  'decided_by',
  'decided_at',
  'returned_why',
]
/** The row's own number, where it is called like a reference to it. */
const ownKey: Record<string, string> = {
  compounds: 'compound_id',
  motor_pools: 'pool_id',
  places: 'place_id',
  suppliers: 'supplier_id',
  vehicles: 'vehicle_id',
  drivers: 'driver_id',
  organisations: 'organisation_id',
}

export const ledgerTables: readonly string[] = [
  'organisations',
  'organisation_past',
  'compounds',
  'motor_pools',
  'places',
  'standard_limits',
  'ledger_policies',
  'quotas',
  'suppliers',
  'vehicles',
  'vehicle_past_plates',
  'terminals',
  'drivers',
  'driver_loans',
  'driver_shifts',
  'driver_duty_days',
  'driver_leaves',
  'driving_limits',
  'fuel_cards',
  'calendar_years',
  'calendar_days',
  'working_hours',
]
/** Tables of sensitive vehicles, and why none is in a file. That a vehicle is sensitive is in the file of vehicles. */
export const secrecyTables: Readonly<Record<string, string>> = {
  secret_vehicles: 'Numbers that stand for vehicles by chance alone: whoever is marked anew in another ledger is given another.',
  secret_namings: 'Belong to accounts, and no file names an account.',
  unmaskings: 'Belong to accounts: asked for, decided and ended by people, for hours.',
  secrecy_policies: 'Say what accounts see, as the policy of sign-ins does; they are set by a person with a reason, from today on.',
}
/** Rows that are procedures under way, and no entry of the ledger yet. */
const entries: Record<string, string> = { quotas: `t.state = 'APPROVED'` }

/** Every row of a table of the ledger as one line of JSON, sorted. */
export async function readLedgerTable(db: Database, table: string): Promise<string[]> {
  const { rows: columns } = await db.query<{ name: string }>(
    `SELECT column_name AS name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = $1 ORDER BY ordinal_position`,
    [table],
  )
  const said = columns
    .map(({ name }) => name)
    .filter((name) => !left.includes(name) && ownKey[table] !== name)
    .map((name) => `${meanings[name]?.(name) ?? `t.${name}`} AS "${name}"`)
  const { rows } = await db.query<{ line: string }>(
    `SELECT row_to_json(r)::text AS line FROM (SELECT ${said.join(', ')} FROM ${table === 'vehicles' ? 'every_vehicle' : table} t WHERE ${entries[table] ?? 'true'}) r`,
  )
  return rows.map(({ line }) => line).sort()
}
