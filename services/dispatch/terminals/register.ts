// Terminals are registered, one or thousands: all or none, judged whole, each line told what stands in its way.
import type { TerminalCredential } from '../../contracts/api/terminals.ts'
import type { BodyOf } from '../../contracts/api.ts'
import { type ErrorCode, type Issue, Refusal } from '../../contracts/errors.ts'
import { type RefusalReason, type RefusalValues, refusal } from '../../contracts/refusals.ts'
import { SERVICE_USERNAME } from '../../platform/broker/authority.ts'
import type { Queryable } from '../../platform/db.ts'
import { wrote } from '../../platform/wrote.ts'
import type { TerminalChange } from '../deps.ts'
import type { Sight } from '../kernel/caller.ts'
import { isOpen } from '../kernel/sight.ts'
import { requireOrganisation } from '../kernel/within.ts'
import { credentialOf, type Issued } from './secrets.ts'

type Body = Required<BodyOf<'registerTerminals'>>
type Line = { terminalId: string; vehicleId: number | null; note: string | null }

const MAX_ISSUES = 100

/** `issued`: their secrets, in this order. Locks the vehicles that are named: what is judged of them holds until the end. */
export async function registerTerminals(
  change: TerminalChange,
  body: Omit<Body, 'terminals'> & { terminals: Line[] },
  issued: readonly Issued[],
): Promise<TerminalCredential[]> {
  const { client, scope, record } = change
  const { terminals, organisationId, model, reason } = body
  const home = await requireOrganisation(client, scope, organisationId, 'body.organisationId', 'driver.unitUnknown')
  const vehicles = await lockVehicles(client, scope, terminals)
  refuseAll([
    ...findTwice(terminals),
    ...(await findTaken(client, terminals)),
    ...terminals.flatMap(({ vehicleId }, n) => (vehicleId === null ? [] : judgeVehicle(vehicles.get(vehicleId), n))),
  ])
  const written = await insert(client, { organisationId, model, terminals, issued })
  for (const { terminalId, vehicleId, note } of terminals) {
    const { owner, since } = written.get(terminalId)!
    const after = { organisationId: owner, model, note, vehicleId, ...(vehicleId === null ? {} : { boundSince: since }) }
    const said = Object.fromEntries(Object.entries(after).filter(([, value]) => value !== null))
    await record('terminal.register', { type: 'terminal', id: terminalId }, { after: said, reason })
    if (vehicleId === null) continue
    const of = { because: 'terminal.register', of: { type: 'terminal', id: terminalId } }
    await record(
      'ledger.follow',
      { type: 'vehicle', id: vehicleId },
      { before: { terminalId: null }, after: { terminalId }, detail: of, reason },
    )
  }
  return issued.map((each, n) => credentialOf(each, vehicles.get(terminals[n]!.vehicleId ?? 0)?.adcode ?? home.adcode))
}

type Vehicle = { id: number; disposed: boolean; adcode: string; fitted: boolean }

async function lockVehicles(client: Queryable, scope: Sight, terminals: readonly Line[]): Promise<Map<number, Vehicle>> {
  const ids = [...new Set(terminals.flatMap(({ vehicleId }) => vehicleId ?? []))]
  if (ids.length === 0) return new Map()
  const { rows } = await client.query<Vehicle>(
    `SELECT v.vehicle_id AS id, v.state = 'DISPOSED' AS disposed, o.adcode, EXISTS (SELECT FROM terminals t WHERE t.vehicle_id = v.vehicle_id) AS fitted
     FROM every_vehicle v JOIN organisations o ON o.organisation_id = v.user_unit_id
     WHERE v.vehicle_id = ANY($1::int[]) AND o.lft BETWEEN $2 AND $3 AND ${isOpen('$4')} ORDER BY v.vehicle_id FOR UPDATE OF v`,
    [ids, scope.lft, scope.rgt, scope.cleared],
  )
  return new Map(rows.map((row) => [row.id, row]))
}

type Wrong = Issue & { n: number; code: ErrorCode }
const issueAt = (n: number, field: keyof Line, reason: RefusalReason, values: RefusalValues = {}): Wrong => ({
  ...refusal('CONFLICT', `body.terminals.${n}.${field}`, reason, values).issues![0]!,
  n,
  code: inItself.includes(reason) ? 'VALIDATION_FAILED' : 'CONFLICT',
})
/** Wrong whatever is on record of it, or of something that is not there for whoever asks. */
const inItself: readonly RefusalReason[] = ['terminal.twice', 'terminal.vehicleTwice', 'terminal.vehicleUnknown']

function judgeVehicle(vehicle: Vehicle | undefined, n: number): Wrong[] {
  if (!vehicle) return [issueAt(n, 'vehicleId', 'terminal.vehicleUnknown')]
  if (vehicle.disposed) return [issueAt(n, 'vehicleId', 'state.disposed')]
  return vehicle.fitted ? [issueAt(n, 'vehicleId', 'terminal.vehicleHas')] : []
}

function findTwice(terminals: readonly Line[]): Wrong[] {
  const numbers = new Map<string, number>()
  const vehicles = new Map<number, number>()
  return terminals.flatMap(({ terminalId, vehicleId }, n) => {
    const issues: Wrong[] = []
    const [number, vehicle] = [numbers.get(terminalId.toLowerCase()), vehicleId === null ? undefined : vehicles.get(vehicleId)]
    if (number !== undefined) issues.push(issueAt(n, 'terminalId', 'terminal.twice', { terminal: terminalId, n: number + 1 }))
    if (vehicle !== undefined) issues.push(issueAt(n, 'vehicleId', 'terminal.vehicleTwice', { n: vehicle + 1 }))
    if (number === undefined) numbers.set(terminalId.toLowerCase(), n)
    if (vehicleId !== null && vehicle === undefined) vehicles.set(vehicleId, n)
    return issues
  })
}

/**
 * Whoever's it is: two devices of one number would be one to the broker, and two that differ in case alone would be one to people. Whose, is
 * not said (docs/decisions/0028).
 */
async function findTaken(client: Queryable, terminals: readonly Line[]): Promise<Wrong[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT lower(terminal_id COLLATE "C") AS name FROM terminals WHERE lower(terminal_id COLLATE "C") = ANY($1::text[])
     UNION ALL SELECT lower(gateway_id) FROM gateways WHERE lower(gateway_id) = ANY($1::text[])`,
    [terminals.map(({ terminalId }) => terminalId.toLowerCase())],
  )
  const taken = new Set([SERVICE_USERNAME, ...rows.map(({ name }) => name)])
  return terminals.flatMap(({ terminalId }, n) =>
    taken.has(terminalId.toLowerCase()) ? [issueAt(n, 'terminalId', 'terminal.taken', { terminal: terminalId })] : [],
  )
}

/** @throws Refusal VALIDATION_FAILED, CONFLICT with the first hundred of them, by line */
function refuseAll(found: readonly Wrong[]): void {
  const sorted = [...found].sort((a, b) => a.n - b.n)
  const issues = sorted.slice(0, MAX_ISSUES).map(({ n: _n, code: _code, ...issue }) => issue)
  if (sorted[0]) throw new Refusal(sorted[0].code, sorted[0].message, issues)
}

type Written = { owner: number; since: string | null }

async function insert(
  client: Queryable,
  what: { organisationId: number; model: string | null; terminals: readonly Line[]; issued: readonly Issued[] },
): Promise<Map<string, Written>> {
  const { organisationId, model, terminals, issued } = what
  const result = await client.query<{ id: string; owner: number; since: Date | null }>(
    `INSERT INTO terminals (terminal_id, vehicle_id, organisation_id, model, note, credential_hash, broker_verifier)
     SELECT id, vehicle, $2, $3, note, hash, verifier FROM unnest($1::text[], $4::int[], $5::text[], $6::bytea[], $7::text[]) AS n (id, vehicle, note, hash, verifier)
     RETURNING terminal_id AS id, organisation_id AS owner, bound_since AS since`,
    [
      terminals.map(({ terminalId }) => terminalId),
      organisationId,
      model,
      terminals.map(({ vehicleId }) => vehicleId),
      terminals.map(({ note }) => note),
      issued.map(({ hash }) => `\\x${hash.toString('hex')}`),
      issued.map(({ verifier }) => verifier),
    ],
  )
  wrote(result, terminals.length, 'terminals')
  await client.query('UPDATE vehicles SET version = version + 1 WHERE vehicle_id = ANY($1::int[])', [
    terminals.flatMap(({ vehicleId }) => vehicleId ?? []),
  ])
  return new Map(result.rows.map(({ id, owner, since }) => [id, { owner, since: since?.toISOString() ?? null }]))
}
