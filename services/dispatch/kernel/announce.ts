// Writes down what happened, who is told of it, and what is therefore owed to telephones and other systems, in the transaction of the act: none is there without the
// others.
import { type EventKind, isTold, type Relation, sharedTasks, tellingOf, webhookKinds } from '../../domain/notifications.ts'
import { type Capability, grantOf, roles } from '../../domain/permissions.ts'
import type { Deed } from './act.ts'
import { insertJobs } from './jobQueue.ts'
import { hiddenVehicles, seesVehicle } from './sight.ts'

/** Work that is owed for an event: to a telephone (`endpointId`, `notificationId`), and to another system (`deliveryId`). */
export const PUSH = 'push.send'
export const DELIVER = 'webhook.send'

/**
 * `formerDriverId`: who drove until this step, where he drives no more. `deciders`: SQL of the accounts whose turn it is to decide, over the rows `r` and `u`;
 * `now` is the placeholder of this instant.
 */
export type Happening = {
  requestId: number
  orderId?: number
  reason: string
  formerDriverId?: number | null
  deciders?: (now: string) => string
  /** Of those whom the table names these alone. */
  only?: Relation
}
/** `nobody`: other systems alone are told. */
type About = Pick<Happening, 'formerDriverId' | 'deciders' | 'only'> & { nobody?: boolean }

/** SQL, of an event that was just written: its number, and whether it is about a vehicle that not everybody sees. */
const TOLD = `RETURNING event_id AS "eventId", EXISTS (SELECT FROM ${hiddenVehicles(`'{}'`)} h
  WHERE h.vehicle_id = coalesce((SELECT d.vehicle_id FROM dispatch_orders d WHERE d.order_id = events.order_id), (data->>'vehicleId')::int)) AS secret`
/** SQL: is there a system that is told of such of the organisation `o`? Where nobody else is told, nothing is written otherwise: findings are many. */
const isListened = (kind: string, o: string): string => `EXISTS (SELECT FROM webhooks w JOIN organisations h USING (organisation_id)
  WHERE h.lft <= ${o}.lft AND ${o}.rgt <= h.rgt AND w.state <> 'off' AND (w.kinds IS NULL OR ${kind}::text = ANY(w.kinds)))`
type Written = { eventId: number; secret: boolean }

const INSERT = `
INSERT INTO events (kind, at, request_id, order_id, version, state, unit_id, issuer_id, data)
SELECT $1, $2, r.request_id, d.order_id, coalesce(d.version, r.version), coalesce(d.state, r.state), r.unit_id, d.issuer_id,
  jsonb_build_object('unit', u.name, 'to', r.to_stop->>'name', 'year', d.year, 'number', d.number, 'reason', $5::text,
    'startsAt', to_char(coalesce(d.starts_at, r.starts_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
    'endsAt', to_char(coalesce(d.ends_at, r.ends_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
FROM trip_requests r JOIN organisations u ON u.organisation_id = r.unit_id LEFT JOIN dispatch_orders d ON d.order_id = $4
WHERE r.request_id = $3 ${TOLD}`

const rolesThatMay = (capability: Capability): string[] => roles.filter((role) => grantOf(role, capability).reach === 'scope')

/**
 * SQL: of each role that may, the accounts at work of the nearest organisation at or above `unit` that has any; of a trip with a sensitive vehicle, any that
 * see it: `now` is the instant of which that is asked, null where there is none (to plan that for each event takes longer than all else of telling it).
 */
const nearest = (unit: string, $: (value: unknown) => string, capability: Capability, now: string | null): string => `
  SELECT a.account_id FROM unnest(${$(rolesThatMay(capability))}::text[]) AS k (role) CROSS JOIN LATERAL (
    SELECT h.organisation_id FROM organisations h WHERE h.lft <= ${unit}.lft AND ${unit}.rgt <= h.rgt AND EXISTS (
      SELECT FROM accounts b WHERE b.organisation_id = h.organisation_id AND b.role = k.role AND b.status = 'active' ${andSees('b.account_id', now)})
    ORDER BY h.lft DESC LIMIT 1) n JOIN accounts a ON a.organisation_id = n.organisation_id AND a.role = k.role AND a.status = 'active'
      ${andSees('a.account_id', now)}`
const andSees = (account: string, now: string | null) => (now === null ? '' : `AND ${seesVehicle(account, ABOUT, now)}`)
/** SQL: the vehicle that an event is about: its order's, or the one that it names. */
const ABOUT = "coalesce(d.vehicle_id, (e.data->>'vehicleId')::int)"
const driving = (driver: string) => `SELECT a.account_id FROM accounts a WHERE a.driver_id = ${driver} AND a.status = 'active'`

/** SQL: the accounts of a relation. `r` is the request, `d` its order, `u` and `i` the units that travel and gave the order. */
function accountsOf(
  relation: Exclude<Relation, 'contact'>,
  about: About & { secret: boolean },
  nowMs: number,
  $: (value: unknown) => string,
): string {
  switch (relation) {
    case 'applicant':
      return 'SELECT r.applicant_id'
    case 'travellers':
      return 'SELECT unnest(r.traveller_ids)'
    case 'driver':
      return driving('d.driver_id')
    case 'asked':
    case 'reader':
      return "SELECT (e.data->>'accountId')::int"
    case 'caseMembers':
      return "SELECT m.account_id FROM case_members m WHERE m.case_id = (e.data->>'caseId')::int AND m.ended_at IS NULL"
    case 'onLeave':
    case 'concernedDriver':
      return driving("(e.data->>'driverId')::int")
    // Within the unit, where exactly one person has that name.
    case 'keyKeeper':
      return `SELECT min(a.account_id) FROM accounts a WHERE a.organisation_id = u.organisation_id AND a.status = 'active' AND a.display_name = e.data->>'keyKeeper'
        HAVING count(*) = 1`
    case 'formerDriver':
      return driving(`${$(about.formerDriverId ?? null)}::int`)
    case 'approvers':
      return about.deciders!($(new Date(nowMs)))
    default:
      return nearest(
        sharedTasks[relation].of === 'unit' ? 'u' : 'i',
        $,
        sharedTasks[relation].may,
        about.secret ? `${$(new Date(nowMs))}::timestamptz` : null,
      )
  }
}

/** Tells everybody whom the table names, but not whoever did it: he knows. */
export async function announce({ client, actor, nowMs }: Deed, kind: EventKind, happening: Happening): Promise<void> {
  const { requestId, orderId = null, reason } = happening
  const { rows } = await client.query<Written>(INSERT, [kind, new Date(nowMs), requestId, orderId, reason])
  await tell({ client, actor, nowMs }, kind, rows[0]!, happening)
}

/** A webhook was switched off because it took nothing. */
export async function announceWebhookOff({ client, actor, nowMs }: Teller, webhookId: number): Promise<void> {
  const { rows } = await client.query<Written>(
    `INSERT INTO events (kind, at, version, state, unit_id, data)
     SELECT 'webhook.off', $2, w.version, w.state, w.organisation_id, jsonb_build_object('unit', o.name, 'to', w.name, 'year', NULL, 'number', NULL, 'reason', '',
       'startsAt', $3::text, 'endsAt', $3::text)
     FROM webhooks w JOIN organisations o USING (organisation_id) WHERE w.webhook_id = $1 ${TOLD}`,
    [webhookId, new Date(nowMs), new Date(nowMs).toISOString()],
  )
  await tell({ client, actor, nowMs }, 'webhook.off', rows[0]!, {})
}

/** A step of a request for leave: what is told of it names the driver and the days. */
export async function announceLeave(
  { client, actor, nowMs }: Teller,
  leaveRequestId: number,
  action: string,
  reason: string,
): Promise<void> {
  const kind = `leave.${action}`
  if (!isTold(kind)) return
  const { rows } = await client.query<Written>(
    `INSERT INTO events (kind, at, version, state, unit_id, data)
     SELECT $2, $3, q.version, q.state, d.organisation_id, jsonb_build_object('unit', o.name, 'to', d.name, 'driverId', d.driver_id, 'year', NULL, 'number', NULL,
       'reason', $4::text, 'startsAt', to_char(q.from_day::timestamp - interval '8 hours', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
       'endsAt', to_char(q.until_day::timestamp + interval '16 hours', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
     FROM leave_requests q JOIN drivers d USING (driver_id) JOIN organisations o ON o.organisation_id = d.organisation_id
     WHERE q.leave_request_id = $1 ${TOLD}`,
    [leaveRequestId, kind, new Date(nowMs), reason],
  )
  await tell({ client, actor, nowMs }, kind, rows[0]!, {})
}

/** An explanation that is asked for, or given: what of, and why, the page says to those whom it concerns. */
export async function announceFinding({ client, actor, nowMs }: Teller, findingId: number, action: string): Promise<void> {
  const kind = `finding.${action}`
  if (!isTold(kind)) return
  const { rows } = await client.query<Written>(
    `INSERT INTO events (kind, at, version, state, unit_id, data)
     SELECT $2, $3, f.version, f.state, o.organisation_id, jsonb_build_object('unit', o.name, 'to', '', 'caseId', f.case_id, 'accountId', f.asked_account,
       'year', NULL, 'number', NULL, 'reason', '', 'startsAt', to_char($3::timestamptz AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
       'endsAt', to_char(f.due_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
     FROM case_findings f JOIN accounts a ON a.account_id = f.asked_account JOIN organisations o ON o.organisation_id = a.organisation_id WHERE f.finding_id = $1
     ${TOLD}`,
    [findingId, kind, new Date(nowMs)],
  )
  await tell({ client, actor, nowMs }, kind, rows[0]!, {})
}

/** SQL: the organisation above the nearest that decides findings of the unit `o`. */
const ABOVE_DECIDERS = `SELECT n.parent_id FROM organisations n WHERE n.lft <= o.lft AND o.rgt <= n.rgt AND EXISTS (SELECT FROM accounts a
  WHERE a.organisation_id = n.organisation_id AND a.status = 'active' AND a.role = ANY('{${rolesThatMay('finding.decide').join(',')}}')) ORDER BY n.lft DESC LIMIT 1`

/** A step of a finding of supervision: what is told of it names the rule and the unit. What nobody was told of is withdrawn in silence, but for systems that were told that it was raised. */
export async function announceSupervision(
  { client, actor, nowMs }: Teller,
  findingId: number,
  action: string,
  reason: string,
): Promise<void> {
  const kind = `supervision.${action}`
  if (!isTold(kind)) return
  const { rows } = await client.query<Written & { silent: boolean }>(
    `INSERT INTO events (kind, at, order_id, version, state, unit_id, data)
     SELECT $2, $3, f.order_id, f.version, f.state, CASE WHEN $2 = 'supervision.escalate' THEN coalesce((${ABOVE_DECIDERS}), f.unit_id) ELSE f.unit_id END, jsonb_build_object('unit', o.name, 'to', f.code, 'driverId', f.driver_id, 'vehicleId', f.vehicle_id,
       'findingId', f.finding_id, 'year', NULL, 'number', NULL, 'reason', $4::text,
       'startsAt', to_char(f.from_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
       'endsAt', to_char(coalesce(f.until_at, f.from_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
     FROM supervision_findings f JOIN organisations o ON o.organisation_id = f.unit_id
     WHERE f.finding_id = $1 AND ((f.told_at IS NOT NULL OR $2 <> 'supervision.withdraw') AND $5 OR ${isListened('$2', 'o')}) ${TOLD.replace('RETURNING', "RETURNING (SELECT f.told_at IS NULL AND $2 = 'supervision.withdraw' FROM supervision_findings f WHERE f.finding_id = $1) AS silent,")}`,
    [findingId, kind, new Date(nowMs), reason, tellingOf(kind).to.length > 0],
  )
  if (rows[0]) await tell({ client, actor, nowMs }, kind, rows[0], { nobody: rows[0].silent })
}

const SEAL_DATA = `'unit', o.name, 'to', p.name, 'year', NULL, 'number', NULL, 'reason', $3::text,
  'startsAt', to_char(p.from_day::timestamp - interval '8 hours', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
  'endsAt', to_char(p.until_day::timestamp + interval '16 hours', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

/** A plan, told once to each unit that has something to seal. */
export async function announceSealPlan({ client, actor, nowMs }: Teller, planId: number, reason: string): Promise<void> {
  const { rows } = await client.query<Written>(
    `INSERT INTO events (kind, at, version, state, unit_id, data)
     SELECT DISTINCT ON (s.unit_id) 'seal.plan', $2::timestamptz, 1, 'PLANNED', s.unit_id, jsonb_build_object(${SEAL_DATA})
     FROM vehicle_seals s JOIN seal_plans p USING (plan_id) JOIN organisations o ON o.organisation_id = s.unit_id
     WHERE s.plan_id = $1 AND s.state = 'PLANNED' ${TOLD}`,
    [planId, new Date(nowMs), reason],
  )
  for (const written of rows) await tell({ client, actor, nowMs }, 'seal.plan', written, {})
}

/** A step of a seal: told to whoever has the keys, by the name that was given, and to those who seal or decide. */
export async function announceSeal({ client, actor, nowMs }: Teller, sealId: number, action: string, reason: string): Promise<void> {
  const kind = `seal.${action}`
  if (!isTold(kind)) return
  const { rows } = await client.query<Written>(
    `INSERT INTO events (kind, at, version, state, unit_id, data)
     SELECT $4, $2, s.version, s.state, s.unit_id, jsonb_build_object('vehicleId', s.vehicle_id, 'sealId', s.seal_id, 'keyKeeper', s.key_keeper, ${SEAL_DATA})
     FROM vehicle_seals s JOIN seal_plans p USING (plan_id) JOIN organisations o ON o.organisation_id = s.unit_id WHERE s.seal_id = $1 ${TOLD}`,
    [sealId, new Date(nowMs), reason, kind],
  )
  await tell({ client, actor, nowMs }, kind, rows[0]!, {})
}

/** A step of a handover, for the other side of it: the driver, or where the unit has it those who give its vehicles. */
export async function announceHandover(
  { client, actor, nowMs }: Teller,
  handoverId: number,
  action: string,
  reason: string,
): Promise<void> {
  const kind = `handover.${action}`
  if (!isTold(kind)) return
  const { rows } = await client.query<Written & { driverId: number | null }>(
    `INSERT INTO events (kind, at, version, state, unit_id, data)
     SELECT $2, $3, h.version, h.state, h.unit_id, jsonb_build_object('unit', o.name, 'to', '', 'vehicleId', h.vehicle_id, 'handoverId', h.handover_id,
       'driverId', CASE WHEN $2 = 'handover.offer' THEN h.to_driver_id ELSE h.from_driver_id END, 'year', NULL, 'number', NULL, 'reason', $4::text,
       'startsAt', to_char(h.offered_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
       'endsAt', to_char(h.offered_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
     FROM vehicle_handovers h JOIN organisations o ON o.organisation_id = h.unit_id WHERE h.handover_id = $1 ${TOLD}, (data->>'driverId')::int AS "driverId"`,
    [handoverId, kind, new Date(nowMs), reason],
  )
  const [written] = rows
  if (written) await tell({ client, actor, nowMs }, kind, written, { only: written.driverId === null ? 'dispatchers' : 'concernedDriver' })
}

/** A step of a filing, or that it is due: what is told of it names organisation and period. What was submitted is told above. */
export async function announceFiling({ client, actor, nowMs }: Teller, filingId: number, action: string, reason: string): Promise<void> {
  const kind = `filing.${action}`
  if (!isTold(kind)) return
  const { rows } = await client.query<Written>(
    `INSERT INTO events (kind, at, version, state, unit_id, data)
     SELECT $2, $3, f.version, f.state, CASE WHEN $2 = 'filing.submit' THEN coalesce(o.parent_id, o.organisation_id) ELSE o.organisation_id END,
       jsonb_build_object('unit', o.name, 'to', f.period, 'filingId', f.filing_id, 'year', NULL, 'number', NULL, 'reason', $4::text,
       'startsAt', to_char(f.due_on::timestamp + interval '16 hours', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
       'endsAt', to_char(f.due_on::timestamp + interval '16 hours', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
     FROM filings f JOIN organisations o USING (organisation_id) WHERE f.filing_id = $1 AND ($5 OR ${isListened('$2', 'o')}) ${TOLD}`,
    [filingId, kind, new Date(nowMs), reason, tellingOf(kind).to.length > 0],
  )
  if (rows[0]) await tell({ client, actor, nowMs }, kind, rows[0], {})
}

/** What was made public, or withdrawn, is told to other systems: it names organisation and month. */
export async function announcePublication({ client, actor, nowMs }: Teller, publicationId: number, action: string): Promise<void> {
  const kind = `publication.${action}`
  if (!isTold(kind)) return
  const { rows } = await client.query<Written>(
    `INSERT INTO events (kind, at, version, state, unit_id, data)
     SELECT $2, $3, p.version, p.state, o.organisation_id, jsonb_build_object('unit', o.name, 'to', p.month, 'publicationId', p.publication_id, 'year', NULL, 'number', NULL,
       'reason', '', 'startsAt', $4::text, 'endsAt', $4::text)
     FROM publications p JOIN organisations o USING (organisation_id) WHERE p.publication_id = $1 AND ${isListened('$2', 'o')} ${TOLD}`,
    [publicationId, kind, new Date(nowMs), new Date(nowMs).toISOString()],
  )
  if (rows[0]) await tell({ client, actor, nowMs }, kind, rows[0], {})
}

/** A report has come: what is told of it names it, and whose. */
export async function announceReport({ client, actor, nowMs }: Teller, deliveryId: number): Promise<void> {
  const { rows } = await client.query<Written>(
    `INSERT INTO events (kind, at, version, state, unit_id, data)
     SELECT 'report.ready', $2, p.version, d.state, o.organisation_id, jsonb_build_object('unit', o.name, 'to', p.name, 'accountId', d.account_id, 'deliveryId', d.delivery_id,
       'year', NULL, 'number', NULL, 'reason', '', 'startsAt', $3::text, 'endsAt', $3::text)
     FROM report_deliveries d JOIN report_plans p USING (report_id) JOIN organisations o USING (organisation_id) WHERE d.delivery_id = $1 ${TOLD}`,
    [deliveryId, new Date(nowMs), new Date(nowMs).toISOString()],
  )
  await tell({ client, actor, nowMs }, 'report.ready', rows[0]!, {})
}

type Teller = Pick<Deed, 'client' | 'actor' | 'nowMs'>

/** One statement, as who is told, what is owed to their telephones and what to other systems hang on one another. */
async function tell({ client, actor, nowMs }: Teller, kind: EventKind, { eventId, secret }: Written, about: About): Promise<void> {
  const values: unknown[] = [eventId, actor.accountId]
  const $ = (value: unknown) => `$${values.push(value)}`
  const told = tellingOf(kind).to.flatMap((relation) =>
    about.nobody || relation === 'contact' || (about.only && about.only !== relation)
      ? []
      : [accountsOf(relation, { ...about, secret }, nowMs, $)],
  )
  const notify = `INSERT INTO notifications (account_id, event_id)
     SELECT DISTINCT t.account_id, e.event_id
     FROM events e LEFT JOIN trip_requests r USING (request_id) JOIN organisations u ON u.organisation_id = e.unit_id
       JOIN organisations i ON i.organisation_id = coalesce(e.issuer_id, e.unit_id) LEFT JOIN dispatch_orders d ON d.order_id = e.order_id
       CROSS JOIN LATERAL (${told.join(' UNION ALL ') || 'SELECT NULL::int WHERE false'}) AS t (account_id)
     WHERE e.event_id = $1 AND t.account_id IS DISTINCT FROM $2::int`
  const owed = [
    ...(tellingOf(kind).by.includes('push') ? [owedPushes] : []),
    ...(webhookKinds.includes(kind) ? [owedDeliveries($(kind))] : []),
  ]
  if (owed.length === 0) return void (await client.query(notify, values))
  const at = `${$(new Date(nowMs))}::timestamptz`
  await client.query(
    `WITH told AS (${notify} RETURNING notification_id, account_id)${owed.map(({ written }) => written).join('')}
     ${insertJobs(`SELECT kind, key, NULL, payload, ${at}, ${at} FROM (${owed.map(({ jobs }) => jobs).join(' UNION ALL ')}) o (kind, key, payload)`)}`,
    values,
  )
}

/** Work that is owed, as SQL over `told`: rows that are written beside, and the jobs. */
type Owed = { written: string; jobs: string }
const owedPushes: Owed = {
  written: '',
  jobs: `SELECT '${PUSH}', t.notification_id || ' to ' || p.endpoint_id, jsonb_build_object('endpointId', p.endpoint_id, 'notificationId', t.notification_id)
    FROM told t JOIN push_endpoints p USING (account_id)`,
}
/** To every system of the unit that travels or gave the order, or of one above it, that is told of such. */
const owedDeliveries = (kind: string): Owed => ({
  written: `, sent AS (INSERT INTO webhook_deliveries (webhook_id, event_id, key, kind, owed_at)
     SELECT DISTINCT w.webhook_id, e.event_id, e.key, e.kind, e.at FROM events e
       JOIN organisations u ON u.organisation_id IN (e.unit_id, e.issuer_id)
       JOIN organisations o ON o.lft <= u.lft AND u.rgt <= o.rgt JOIN webhooks w ON w.organisation_id = o.organisation_id
     WHERE e.event_id = $1 AND w.state <> 'off' AND (w.kinds IS NULL OR ${kind}::text = ANY(w.kinds)) RETURNING delivery_id)`,
  jobs: `SELECT '${DELIVER}', delivery_id::text, jsonb_build_object('deliveryId', delivery_id) FROM sent`,
})
