// What becomes of terminals that are there: their entry is changed, they get new secrets, they go out of service.
import type { TerminalCredential } from '../../contracts/api/terminals.ts'
import type { BodyOf } from '../../contracts/api.ts'
import { type Issue, Refusal } from '../../contracts/errors.ts'
import { changedMeanwhile, refusal, refusalSentence } from '../../contracts/refusals.ts'
import { wrote } from '../../platform/wrote.ts'
import type { TerminalChange } from '../deps.ts'
import { changeRow } from '../kernel/changeRow.ts'
import { terminalsInSight } from '../kernel/sight.ts'
import { requireOrganisation } from '../kernel/within.ts'
import { credentialOf, type Issued } from './secrets.ts'
import { instantOf } from './terminalRow.ts'

type Held = {
  terminalId: string
  version: number
  vehicleId: number | null
  organisationId: number
  adcode: string
  model: string | null
  note: string | null
  issuedAt: Date | null
  revokedAt: Date | null
}

const MAX_ISSUES = 100
const notFound = (ids: readonly string[], found: ReadonlySet<string>): Refusal => {
  const reason = 'terminal.unknown'
  const message = refusalSentence(reason)!
  const issues: Issue[] = ids.flatMap((id, n) => (found.has(id) ? [] : [{ path: `body.terminalIds.${n}`, message, reason }]))
  return new Refusal('NOT_FOUND', message, issues.slice(0, MAX_ISSUES))
}

/** Locked, in the order of their numbers. One out of sight is NOT_FOUND for the whole. */
async function lockTerminals({ client, scope }: TerminalChange, terminalIds: readonly string[]): Promise<Held[]> {
  const ids = [...new Set(terminalIds)]
  const { rows } = await client.query<Held>(
    `SELECT t.terminal_id AS "terminalId", t.version, t.vehicle_id AS "vehicleId", t.organisation_id AS "organisationId", o.adcode, t.model, t.note,
            t.credential_at AS "issuedAt", t.revoked_at AS "revokedAt"
     ${terminalsInSight('$2', '$3', '$4')} AND t.terminal_id = ANY($1::text[]) ORDER BY t.terminal_id FOR UPDATE OF t`,
    [ids, scope.lft, scope.rgt, scope.cleared],
  )
  if (rows.length === ids.length) return rows
  throw notFound(terminalIds, new Set(rows.map(({ terminalId }) => terminalId)))
}

export async function changeTerminal(change: TerminalChange, terminalId: string, body: BodyOf<'changeTerminal'>): Promise<void> {
  const { client, scope, record } = change
  const [held] = await lockTerminals(change, [terminalId]).catch((error: unknown) => {
    throw error instanceof Refusal ? new Refusal('NOT_FOUND') : error
  })
  const { version, model, note, organisationId } = held!
  if (version !== body.version) throw changedMeanwhile()
  const now = { model, note, organisationId }
  const next = {
    model: body.model === undefined ? model : body.model,
    note: body.note === undefined ? note : body.note,
    organisationId: body.organisationId ?? organisationId,
  }
  const names = (Object.keys(next) as (keyof typeof next)[]).filter((name) => next[name] !== now[name])
  if (names.includes('organisationId')) {
    if (held!.vehicleId !== null) throw refusal('CONFLICT', 'body.organisationId', 'terminal.inVehicle')
    await requireOrganisation(client, scope, next.organisationId, 'body.organisationId')
  }
  if (names.length === 0) return
  await changeRow(
    client,
    { table: 'terminals', key: 'terminal_id', id: terminalId },
    { model: next.model, note: next.note, organisation_id: next.organisationId },
  )
  const pick = (from: typeof next) => Object.fromEntries(names.map((name) => [name, from[name]]))
  await record('terminal.change', { type: 'terminal', id: terminalId }, { before: pick(now), after: pick(next), reason: body.reason })
}

/** Older secrets end, and whoever was out of service is back. `issued`: a secret for each of them, in the order of the answer. */
export async function issueCredentials(change: TerminalChange, issued: readonly Issued[], reason: string): Promise<TerminalCredential[]> {
  const held = await lockTerminals(
    change,
    issued.map(({ terminalId }) => terminalId),
  )
  const result = await change.client.query<{ id: string; at: Date }>(
    `UPDATE terminals t SET credential_hash = n.hash, broker_verifier = n.verifier, revoked_at = NULL, version = t.version + 1
     FROM unnest($1::text[], $2::bytea[], $3::text[]) AS n (id, hash, verifier) WHERE t.terminal_id = n.id
     RETURNING t.terminal_id AS id, t.credential_at AS at`,
    [
      issued.map(({ terminalId }) => terminalId),
      issued.map(({ hash }) => `\\x${hash.toString('hex')}`),
      issued.map(({ verifier }) => verifier),
    ],
  )
  wrote(result, held.length, 'secrets of terminals')
  const at = new Map(result.rows.map((row) => [row.id, row.at.toISOString()]))
  for (const { terminalId, issuedAt, revokedAt } of held) {
    const back = revokedAt === null ? undefined : { before: { revokedAt: instantOf(revokedAt) }, after: { revokedAt: null } }
    change.record(
      'terminal.issue',
      { type: 'terminal', id: terminalId },
      {
        before: { issuedAt: instantOf(issuedAt), ...back?.before },
        after: { issuedAt: at.get(terminalId)!, ...back?.after },
        reason,
      },
    )
  }
  const adcodes = new Map(held.map(({ terminalId, adcode }) => [terminalId, adcode]))
  return issued.map((each) => credentialOf(each, adcodes.get(each.terminalId)!))
}

/** Answers how many were in service. They stay where they are fitted: a device is taken out by somebody with tools. */
export async function revokeTerminals(change: TerminalChange, terminalIds: readonly string[], reason: string): Promise<number> {
  const held = (await lockTerminals(change, terminalIds)).filter(({ revokedAt }) => revokedAt === null)
  const at = new Date(change.nowMs)
  const result = await change.client.query(
    'UPDATE terminals SET revoked_at = $2, version = version + 1 WHERE terminal_id = ANY($1::text[])',
    [held.map(({ terminalId }) => terminalId), at],
  )
  wrote(result, held.length, 'terminals taken out of service')
  for (const { terminalId } of held) {
    const values = { before: { revokedAt: null }, after: { revokedAt: at.toISOString() }, reason }
    change.record('terminal.revoke', { type: 'terminal', id: terminalId }, values)
  }
  return held.length
}
