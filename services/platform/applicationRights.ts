// What ingest and dispatch may do in the database, table by table: read everything, and beside that only what their statements need.
// Granted by every migration run, so that this file and not the history of the migrations says what holds.
import type { Queryable } from './db.ts'

/** Facts that are added and never taken back or changed. */
const APPEND = ['INSERT']
const CHANGE = ['INSERT', 'UPDATE']
const REMOVE = ['INSERT', 'UPDATE', 'DELETE']

/** Of `vehicles`, what is counted, written by and held against the log: whatever names or describes one is read from `every_vehicle` and the doors before it (0050). */
const counted = [
  ...['vehicle_id', 'user_unit_id', 'owner_unit_id', 'category', 'energy', 'state', 'quota_seat', 'registered_on', 'in_service_on'],
  ...['version', 'act'],
].map((column) => `SELECT:${column}`)

/** Beside SELECT, unless there is a `SELECT:column`: then those columns alone. `UPDATE:column` is that column alone, `UPDATE:* but a b` every column except a and b. A table that is not here stops the migration: decide, and write it down. */
const tableRights: Record<string, readonly string[]> = {
  account_watches: REMOVE,
  accounts: CHANGE,
  api_tokens: CHANGE,
  approval_deputies: CHANGE,
  approval_rules: CHANGE,
  audit_log: APPEND,
  // Made anew from the facts.
  board_facts: ['INSERT', 'DELETE'],
  board_prepared: CHANGE,
  broker_sessions: REMOVE,
  budgets: APPEND,
  calendar_feeds: CHANGE,
  calendar_days: REMOVE,
  calendar_years: CHANGE,
  case_exhibits: APPEND,
  case_finding_photos: APPEND,
  case_finding_steps: APPEND,
  case_findings: CHANGE,
  case_looks: APPEND,
  case_members: CHANGE,
  case_steps: APPEND,
  case_vehicle_steps: APPEND,
  case_vehicles: CHANGE,
  cases: CHANGE,
  // Grows until its positions are gone.
  cell_days: ['INSERT', 'DELETE'],
  compounds: CHANGE,
  cost_bill_steps: APPEND,
  cost_bills: CHANGE,
  cost_closings: APPEND,
  cost_entries: APPEND,
  dispatch_order_steps: APPEND,
  dispatch_orders: CHANGE,
  displacements: REMOVE,
  driver_duty_days: REMOVE,
  driver_leaves: REMOVE,
  driver_loans: REMOVE,
  driver_shifts: REMOVE,
  drivers: CHANGE,
  driving_limits: CHANGE,
  entry_codes: REMOVE,
  // What is older than a year is forgotten.
  events: ['INSERT', 'DELETE'],
  // That it was taken stays; how it ended is added.
  evidence_downloads: ['INSERT', 'UPDATE:ended_at', 'UPDATE:whole'],
  evidence_packages: CHANGE,
  // The view of all vehicles, sensitive ones included.
  every_vehicle: CHANGE,
  favourites: REMOVE,
  filing_snapshots: APPEND,
  filing_steps: APPEND,
  filings: CHANGE,
  fuel_lines: CHANGE,
  fuel_statements: APPEND,
  fuel_cards: CHANGE,
  gateways: [],
  imports: CHANGE,
  ingest_tally: REMOVE,
  // What is done is forgotten after a while.
  jobs: REMOVE,
  last_states: CHANGE,
  late_ranges: REMOVE,
  leave_request_steps: APPEND,
  leave_requests: CHANGE,
  ledger_flow_steps: APPEND,
  ledger_flows: CHANGE,
  ledger_policies: CHANGE,
  ledger_revision: ['UPDATE'],
  letters: APPEND,
  loan_agreements: APPEND,
  maintenance_marks: APPEND,
  maintenance_plans: CHANGE,
  mail_addresses: REMOVE,
  motor_pools: CHANGE,
  notice_acknowledgements: APPEND,
  notices: APPEND,
  // What was entered stays as it was; what another person decided of it is added.
  order_costs: ['INSERT', 'UPDATE:decision', 'UPDATE:decided_at', 'UPDATE:decided_by', 'UPDATE:decided_reason'],
  order_change_steps: APPEND,
  order_changes: CHANGE,
  order_deeds: APPEND,
  order_incident_steps: APPEND,
  order_incidents: CHANGE,
  // What was read is put right, and what the track has is derived again.
  order_legs: CHANGE,
  notifications: REMOVE,
  order_numbers: CHANGE,
  order_parts: [],
  order_photos: APPEND,
  order_ratings: CHANGE,
  order_track_events: REMOVE,
  order_tracks: CHANGE,
  organisation_past: CHANGE,
  organisations: CHANGE,
  password_history: APPEND,
  driver_sign_ons: REMOVE,
  phone_positions: REMOVE,
  places: CHANGE,
  position_flags: REMOVE,
  position_hours: REMOVE,
  position_tally: REMOVE,
  positions: APPEND,
  prepared_hours: REMOVE,
  publication_rules: APPEND,
  publication_steps: APPEND,
  publications: CHANGE,
  push_endpoints: REMOVE,
  // What came is kept as it came; housekeeping removes what is past its age.
  quarantine: ['INSERT', 'UPDATE:last_at', 'UPDATE:times', 'UPDATE:positions', 'UPDATE:earlier_positions', 'UPDATE:replayed_at', 'DELETE'],
  quarantine_tally: CHANGE,
  quota_steps: APPEND,
  quotas: CHANGE,
  recovery_codes: REMOVE,
  report_deliveries: CHANGE,
  report_plans: CHANGE,
  report_readers: REMOVE,
  // What never became a trip is taken back.
  request_series: APPEND,
  reservations: REMOVE,
  role_grants: CHANGE,
  second_factors: REMOVE,
  secrecy_policies: CHANGE,
  secret_namings: CHANGE,
  secret_vehicles: CHANGE,
  security_policies: APPEND,
  sessions: REMOVE,
  sign_in_failures: REMOVE,
  standard_limits: CHANGE,
  // What no vehicle has to be looked at for any more goes.
  seal_plans: APPEND,
  supervision_days: CHANGE,
  supervision_due: REMOVE,
  supervision_finding_steps: APPEND,
  supervision_finding_photos: APPEND,
  supervision_findings: CHANGE,
  supervision_params: APPEND,
  supervision_rests: REMOVE,
  vehicle_handover_steps: APPEND,
  vehicle_handovers: CHANGE,
  vehicle_mishap_steps: APPEND,
  vehicle_mishaps: CHANGE,
  vehicle_renewal_steps: APPEND,
  vehicle_renewals: CHANGE,
  vehicle_seal_photos: APPEND,
  vehicle_seal_steps: APPEND,
  vehicle_seals: CHANGE,
  suppliers: CHANGE,
  tariffs: APPEND,
  terminal_contacts: CHANGE,
  terminal_knocks: REMOVE,
  // Written by the triggers on terminals.
  terminal_past_bindings: [],
  terminal_removals: [],
  terminal_tally: REMOVE,
  // Registered, bound, given a secret; whose gateway's it is, an installation says.
  terminals: ['INSERT', 'UPDATE:* but gateway_id'],
  tracking_consents: ['INSERT', 'UPDATE:withdrawn_at'],
  // A trip that nobody shares any more has no plan.
  trip_plans: REMOVE,
  trip_request_steps: APPEND,
  trip_requests: CHANGE,
  trip_ride_steps: APPEND,
  trip_rides: CHANGE,
  trips: REMOVE,
  unmaskings: CHANGE,
  vehicle_files: ['INSERT', 'DELETE'],
  vehicle_hours: REMOVE,
  vehicle_loan_steps: APPEND,
  vehicle_loans: CHANGE,
  // Follows from the audit log.
  vehicle_field_past: APPEND,
  vehicle_field_past_read: ['UPDATE'],
  vehicle_field_news: [],
  vehicle_field_values: [],
  vehicle_past_plates: CHANGE,
  vehicles: [...counted, ...CHANGE],
  webhook_deliveries: REMOVE,
  webhooks: CHANGE,
  // What was asked stands; what was told is added when it leaves.
  whereabouts_asks: ['INSERT', 'UPDATE:rows', 'UPDATE:vehicles'],
  work_order_parts: APPEND,
  work_order_steps: APPEND,
  work_orders: CHANGE,
  working_hours: CHANGE,
}
/** Not even read. */
const ownersAlone = ['audit_chain_lock', 'migrations']

const functions = ['audit_tail(int)', 'share_terminals()', 'storage_jobs()']

/**
 * Open to everybody in PostgreSQL and TimescaleDB, and no business of the services: large objects (they fill the disk and belong to
 * nobody's backup), messages into the write-ahead log, and jobs, which the database would run again and again.
 */
const closed = [
  ...['lo_creat', 'lo_create', 'lo_from_bytea', 'lo_import', 'lo_open', 'lo_put', 'lowrite', 'lo_truncate', 'lo_truncate64', 'lo_unlink'],
  'pg_logical_emit_message',
  ...['add_job', 'alter_job', 'delete_job', 'run_job'],
]

/** Gives `role` exactly these rights, in the transaction of `client`, who owns the schema. A second call changes nothing. */
export async function grantApplicationRights(client: Queryable, role: string): Promise<void> {
  const name = quoteName(role)
  await client.query(`GRANT USAGE ON SCHEMA public TO ${name}`)
  for (const { table, held, columns } of await listHeld(client, role)) {
    const rights = tableRights[table]?.flatMap((right) => spellOut(right, columns))
    const some = rights?.some((right) => right.startsWith('SELECT:'))
    const wanted = ownersAlone.includes(table) ? [] : rights && [...(some ? [] : ['SELECT']), ...rights]
    if (!wanted)
      throw new Error(`the table ${table} is not in services/platform/applicationRights.ts: say there what the services may do with it`)
    if (same(wanted, held)) continue
    await client.query(`REVOKE ALL ON ${quoteName(table)} FROM ${name}`)
    if (wanted.length > 0) await client.query(`GRANT ${wanted.map(clauseOf).join(', ')} ON ${quoteName(table)} TO ${name}`)
  }
  // Rights on a hypertable spread to what keeps its compressed rows, where a row put in by hand would be nobody's.
  for (const relation of await listCompressed(client, role)) await client.query(`REVOKE ALL ON ${relation} FROM ${name}`)
  for (const signature of functions) await client.query(`GRANT EXECUTE ON FUNCTION ${signature} TO ${name}`)
}

/** What lies open to everybody in every PostgreSQL database, each as the statement that shuts it. */
export async function listOpenDoors(client: Queryable): Promise<string[]> {
  const { rows } = await client.query<{ statement: string }>(
    `SELECT format('REVOKE EXECUTE ON %s %s FROM PUBLIC', CASE prokind WHEN 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END, oid::regprocedure) AS statement
     FROM pg_proc p WHERE proname = ANY($1::name[]) AND has_function_privilege('public', oid, 'EXECUTE') AND (pronamespace = 'pg_catalog'::regnamespace
       OR EXISTS (SELECT FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid WHERE d.classid = 'pg_proc'::regclass
         AND d.objid = p.oid AND d.refclassid = 'pg_extension'::regclass AND e.extname = 'timescaledb')) ORDER BY 1`,
    [closed],
  )
  return rows.map(({ statement }) => statement)
}

/** Shuts them. Only an owner of such a function can, in most cases a superuser: returns what is still open. */
export async function closeOpenDoors(client: Queryable): Promise<string[]> {
  for (const statement of await listOpenDoors(client)) await client.query(statement)
  return listOpenDoors(client)
}

/** May every role of the database add jobs, which it would run again and again, or change and delete its own? */
export const jobsAreOpen = async (client: Queryable): Promise<boolean> =>
  (await listOpenDoors(client)).some((statement) => /\b(add|alter|delete|run)_job\(/.test(statement))

type Held = { table: string; held: string[]; columns: string[] }

/** Every table and view of the schema, its columns, and what `role` holds on it now. */
async function listHeld(client: Queryable, role: string): Promise<Held[]> {
  const { rows } = await client.query<Held>(
    `SELECT c.relname::text AS "table", ARRAY(
       SELECT a.privilege_type FROM aclexplode(c.relacl) a WHERE a.grantee = $1::text::regrole
       UNION ALL SELECT a.privilege_type || ':' || t.attname FROM pg_attribute t, aclexplode(t.attacl) a
         WHERE t.attrelid = c.oid AND NOT t.attisdropped AND a.grantee = $1::text::regrole) AS held,
       ARRAY(SELECT t.attname::text FROM pg_attribute t WHERE t.attrelid = c.oid AND t.attnum > 0 AND NOT t.attisdropped) AS columns
     FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v')
       AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e') ORDER BY 1`,
    [quoteName(role)],
  )
  return rows
}

/** Whatever of TimescaleDB's own tables `role` holds rights on and is no chunk of positions. */
async function listCompressed(client: Queryable, role: string): Promise<string[]> {
  const { rows } = await client.query<{ relation: string }>(
    `SELECT c.oid::regclass::text AS relation FROM pg_class c
     WHERE c.relnamespace = '_timescaledb_internal'::regnamespace AND c.relkind = 'r'
       AND EXISTS (SELECT FROM aclexplode(c.relacl) a WHERE a.grantee = $1::text::regrole)
       AND NOT EXISTS (SELECT FROM pg_inherits i WHERE i.inhrelid = c.oid AND i.inhparent = 'public.positions'::regclass)`,
    [quoteName(role)],
  )
  return rows.map(({ relation }) => relation)
}

const same = (a: readonly string[], b: readonly string[]): boolean => [...a].sort().join() === [...b].sort().join()

function spellOut(right: string, columns: readonly string[]): string[] {
  const [verb, sealed] = right.split(':* but ')
  return sealed === undefined
    ? [right]
    : columns.filter((column) => !sealed.split(' ').includes(column)).map((column) => `${verb}:${column}`)
}

function clauseOf(right: string): string {
  const [verb, column] = right.split(':')
  return column ? `${verb} (${quoteName(column)})` : verb!
}

/** An identifier in an SQL text. */
export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`
