// Does every act have its record? Rows that acts write carry the number of their act (migration 0011), and so do the act's records: a row
// whose number stands in no record was written by somebody of whom the log says nothing, or whose record was taken out of it.
import type { Queryable } from '../platform/db.ts'

/**
 * What acts write. `key` names a row in words; `subject`: the record must be about that very row. Without it any record of the act will
 * do, because what is recorded is the whole that the row is a part of (a driver's leave, a flow's step, an account's grant).
 */
type ActTable = { table: string; key: string; subject?: string }

export const actTables: readonly ActTable[] = [
  { table: 'notices', key: 'notice_id', subject: 'notice' },
  { table: 'notice_acknowledgements', key: `notice_id || ' of account ' || account_id` },
  { table: 'accounts', key: 'account_id', subject: 'account' },
  { table: 'role_grants', key: 'grant_id' },
  { table: 'second_factors', key: 'account_id', subject: 'account' },
  { table: 'security_policies', key: 'policy_id', subject: 'policy' },
  { table: 'entry_codes', key: 'account_id', subject: 'account' },
  { table: 'api_tokens', key: 'token_id', subject: 'token' },
  { table: 'organisations', key: 'organisation_id', subject: 'organisation' },
  { table: 'organisation_past', key: 'past_id' },
  { table: 'compounds', key: 'compound_id', subject: 'compound' },
  { table: 'motor_pools', key: 'pool_id', subject: 'pool' },
  { table: 'vehicles', key: 'vehicle_id', subject: 'vehicle' },
  { table: 'vehicle_past_plates', key: 'past_id' },
  { table: 'vehicle_files', key: 'file_id' },
  { table: 'terminals', key: 'terminal_id', subject: 'terminal' },
  { table: 'quotas', key: 'quota_id', subject: 'quota' },
  { table: 'quota_steps', key: 'quota_step_id' },
  { table: 'standard_limits', key: 'limit_id' },
  { table: 'ledger_policies', key: 'policy_id' },
  { table: 'ledger_flows', key: 'flow_id' },
  { table: 'ledger_flow_steps', key: `step || ' of flow ' || flow_id` },
  { table: 'drivers', key: 'driver_id', subject: 'driver' },
  { table: 'driver_loans', key: 'loan_id' },
  { table: 'driver_shifts', key: 'shift_id' },
  { table: 'driver_duty_days', key: 'duty_day_id' },
  { table: 'driver_leaves', key: 'leave_id' },
  { table: 'leave_requests', key: 'leave_request_id' },
  { table: 'leave_request_steps', key: `step || ' of request for leave ' || leave_request_id` },
  { table: 'reservations', key: 'reservation_id' },
  { table: 'driving_limits', key: 'limits_id' },
  { table: 'trip_requests', key: 'request_id', subject: 'request' },
  { table: 'trip_request_steps', key: `step || ' of request ' || request_id` },
  { table: 'request_series', key: 'series_id', subject: 'series' },
  { table: 'approval_rules', key: 'rule_id' },
  { table: 'approval_deputies', key: 'deputyship_id' },
  { table: 'order_numbers', key: `year || ' of ' || issuer_id` },
  { table: 'dispatch_orders', key: 'order_id', subject: 'order' },
  { table: 'dispatch_order_steps', key: `step || ' of order ' || order_id` },
  { table: 'order_costs', key: 'cost_id' },
  { table: 'order_legs', key: `leg || ' of order ' || order_id` },
  { table: 'order_deeds', key: `key || ' of account ' || account_id` },
  { table: 'tracking_consents', key: `given_at || ' of account ' || account_id` },
  { table: 'order_photos', key: 'photo_id' },
  { table: 'order_incidents', key: 'incident_id' },
  { table: 'order_incident_steps', key: `step || ' of incident ' || incident_id` },
  { table: 'order_changes', key: 'change_id' },
  { table: 'order_change_steps', key: `step || ' of change ' || change_id` },
  { table: 'order_ratings', key: 'order_id', subject: 'order' },
  { table: 'favourites', key: 'favourite_id' },
  { table: 'cost_entries', key: 'entry_id' },
  { table: 'cost_bills', key: 'bill_id' },
  { table: 'cost_bill_steps', key: `step || ' of bill ' || bill_id` },
  { table: 'cost_closings', key: 'closing_id' },
  { table: 'maintenance_plans', key: 'plan_id' },
  { table: 'maintenance_marks', key: 'mark_id' },
  { table: 'vehicle_renewals', key: 'renewal_id' },
  { table: 'vehicle_renewal_steps', key: `step || ' of renewal ' || renewal_id` },
  { table: 'vehicle_mishaps', key: 'mishap_id' },
  { table: 'vehicle_mishap_steps', key: `step || ' of mishap ' || mishap_id` },
  { table: 'work_orders', key: 'work_order_id' },
  { table: 'work_order_steps', key: `step || ' of work order ' || work_order_id` },
  { table: 'work_order_parts', key: `line || ' of work order ' || work_order_id` },
  { table: 'fuel_statements', key: 'statement_id', subject: 'statement' },
  { table: 'fuel_lines', key: 'line_id' },
  { table: 'tariffs', key: 'tariff_id', subject: 'tariff' },
  { table: 'budgets', key: 'budget_id' },
  { table: 'webhooks', key: 'webhook_id', subject: 'webhook' },
  { table: 'calendar_feeds', key: 'feed_id', subject: 'calendar-feed' },
  { table: 'trip_rides', key: 'ride_id' },
  { table: 'trip_ride_steps', key: `step || ' of ride ' || ride_id` },
  { table: 'trip_plans', key: 'first_id' },
  { table: 'vehicle_loans', key: 'loan_id' },
  { table: 'vehicle_loan_steps', key: `step || ' of loan ' || loan_id` },
  { table: 'loan_agreements', key: 'agreement_id' },
  { table: 'cases', key: 'case_id', subject: 'case' },
  { table: 'case_steps', key: `step || ' of case ' || case_id` },
  { table: 'case_members', key: 'member_id' },
  { table: 'case_vehicles', key: 'case_vehicle_id' },
  { table: 'case_vehicle_steps', key: `step || ' of vehicle ' || case_vehicle_id` },
  { table: 'case_findings', key: 'finding_id' },
  { table: 'case_finding_steps', key: `step || ' of finding ' || finding_id` },
  { table: 'case_finding_photos', key: 'photo_id' },
  { table: 'case_exhibits', key: 'exhibit_id' },
  { table: 'evidence_packages', key: 'package_id' },
  { table: 'vehicle_handovers', key: 'handover_id' },
  { table: 'vehicle_handover_steps', key: `step || ' of handover ' || handover_id` },
  { table: 'seal_plans', key: 'plan_id' },
  { table: 'vehicle_seals', key: 'seal_id' },
  { table: 'vehicle_seal_steps', key: `step || ' of seal ' || seal_id` },
  { table: 'vehicle_seal_photos', key: `photo_id || ' of seal ' || seal_id` },
  { table: 'letters', key: 'letter_id', subject: 'letter' },
  { table: 'mail_addresses', key: 'account_id' },
  { table: 'report_plans', key: 'report_id', subject: 'report' },
  { table: 'report_readers', key: `account_id || ' of report ' || report_id` },
  { table: 'publication_rules', key: 'rule_id' },
  { table: 'publications', key: 'publication_id', subject: 'publication' },
  { table: 'publication_steps', key: `step || ' of publication ' || publication_id` },
  { table: 'filings', key: 'filing_id' },
  { table: 'filing_steps', key: `step || ' of filing ' || filing_id` },
  { table: 'filing_snapshots', key: `round || ' of filing ' || filing_id` },
  { table: 'supervision_params', key: 'params_id', subject: 'rule' },
  { table: 'supervision_findings', key: 'finding_id', subject: 'supervision-finding' },
  { table: 'supervision_finding_photos', key: `photo_id || ' of finding ' || finding_id` },
  { table: 'supervision_finding_steps', key: `step || ' of finding ' || finding_id` },
  { table: 'places', key: 'place_id', subject: 'place' },
  { table: 'suppliers', key: 'supplier_id', subject: 'supplier' },
  { table: 'fuel_cards', key: 'fuel_card_id', subject: 'fuel-card' },
  { table: 'calendar_years', key: 'year' },
  { table: 'calendar_days', key: 'calendar_day_id' },
  { table: 'working_hours', key: 'hours_id' },
  { table: 'imports', key: 'import_id', subject: 'import' },
  { table: 'secret_namings', key: 'naming_id' },
  { table: 'unmaskings', key: 'unmasking_id', subject: 'unmasking' },
  { table: 'secrecy_policies', key: `coalesce(organisation_id::text, 'the region') || ' from ' || effective_from` },
]

/** Every other table of ours, and why its rows carry no number. */
export const unnumbered: Readonly<Record<string, string>> = {
  audit_log: 'is the log',
  audit_chain_lock: 'nobody writes it',
  migrations: 'written by migrations, as the owner',
  positions: 'sent by terminals; counted by position_tally',
  position_flags: 'judged of positions',
  position_tally: 'counts positions',
  driver_sign_ons: 'sent by terminals; counted by ingest_tally',
  phone_positions: 'sent by drivers’ phones, which consented; counted by ingest_tally',
  last_states: 'the newest positions',
  late_ranges: 'what is to be derived again',
  trips: 'derived of positions',
  position_hours: 'counts positions',
  prepared_hours: 'derived of positions',
  vehicle_hours: 'derived of positions',
  cell_days: 'derived of positions',
  whereabouts_asks: 'named by the records of each question',
  case_looks: 'names the record of each look',
  evidence_downloads: 'names the record of each download',
  vehicle_field_past: 'read out of the log itself',
  vehicle_field_past_read: 'up to where it was read',
  supervision_due: 'what is to be judged',
  supervision_days: 'how far a day has been marked',
  supervision_rests: 'derived of trips',
  displacements: 'derived of positions',
  order_tracks: 'derived of positions',
  order_track_events: 'derived of positions',
  quarantine: 'sent by terminals; that a message was put through again (replayed_at) is recorded, and a missing record of that is not seen',
  quarantine_tally: 'counts quarantine',
  ingest_tally: 'counts messages',
  terminal_tally: 'counts messages',
  terminal_contacts: 'when terminals were heard',
  terminal_knocks: 'who was not let in',
  terminal_past_bindings: 'written by a trigger on terminals, which carry the number',
  terminal_removals: 'written by a trigger on terminals',
  broker_sessions: 'which ingest worker attends what',
  account_watches: 'who keeps the accounts of a broker',
  gateways: 'laid by the owner',
  events: 'what was told of steps, which carry the number',
  push_endpoints: 'where browsers are reached, said by themselves',
  report_deliveries: 'what was sent of reports, to whom and how it went',
  board_facts: 'derived of orders, costs, findings and the fleet, for dashboards',
  board_prepared: 'how far dashboards have been prepared',
  webhook_deliveries: 'what was sent of events, and what was answered',
  notifications: 'who was told of it, and whether he has read it',
  jobs: 'work that is owed; that somebody had one tried again is recorded, and a missing record of that is not seen',
  ledger_revision: 'counts changes',
  secret_vehicles: 'the number under which a sensitive vehicle goes; that it is sensitive stands on the vehicle',
  password_history: 'goes with the account, which carries the number',
  recovery_codes: 'go with the second factor, which carries the number',
  sessions: 'signing in and out is recorded, and a missing record of that is not seen',
  sign_in_failures: 'counts failures; a failure is recorded by itself',
}

/** The number of the act in a record's body, as the index has it. */
const actOf = (record: string): string => `(substring(${record}.body FROM '^\\{"act":([0-9]{1,18}),')::bigint)`

/** Named of one table; of more, how many there are is said. */
const SHOWN = 20

export type ActFindings = { count: number; says: string[] }

/**
 * Finds the rows whose act has no record, and tables whose rows would no longer get a number. One statement a table, each of which sees
 * row and record as they were committed together: nothing in between is taken for a finding.
 */
export async function findUnrecordedActs(db: Queryable): Promise<ActFindings> {
  const found: ActFindings = { count: 0, says: [] }
  const watched = await db.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
     WHERE t.tgfoid = 'public.number_act'::regproc AND t.tgenabled IN ('O', 'A')`,
  )
  const names = new Set(watched.rows.map(({ name }) => name))
  for (const { table, key, subject } of actTables) {
    if (!names.has(table)) {
      found.count++
      found.says.push(`rows of ${table} no longer get the number of their act: the trigger that gives it is gone or switched off`)
    }
    const about = subject ? ` AND l.subject_type = '${subject}' AND l.subject_id = r.${key}::text` : ''
    const { rows } = await db.query<{ row: string; act: number; total: number }>(
      `SELECT (${subject ? `r.${key}` : key})::text AS row, r.act, count(*) OVER () AS total FROM public.${table} r
       WHERE r.act IS NOT NULL AND NOT EXISTS (
         SELECT FROM public.audit_log l WHERE ${actOf('l')} = r.act AND ${actOf('l')} IS NOT NULL${about})
       ORDER BY r.act LIMIT ${SHOWN}`,
    )
    for (const { row, act } of rows) found.says.push(`${table} ${row} was written by act ${act}, of which the log has no record`)
    const more = (rows[0]?.total ?? 0) - rows.length
    if (more > 0) found.says.push(`… and ${more} rows more of ${table}`)
    found.count += rows[0]?.total ?? 0
  }
  return found
}
