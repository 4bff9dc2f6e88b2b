// Writes the audit log, in the transaction of what it records: no act without its record, no record of an act that was rolled back.
// Law: call it last in a transaction. It takes the chain's lock, and everybody else's record waits until that transaction ends.

import { chainAlgorithm, chainHash } from '../../audit/chain.ts'
import { type AuditAction, looks } from '../../contracts/auditActions.ts'
import type { AuditBody } from '../../contracts/auditRecord.ts'
import { canonicalJson } from '../../contracts/canonicalJson.ts'
import type { Role } from '../../domain/permissions.ts'
import type { Database, Queryable } from '../../platform/db.ts'
import { wrote } from '../../platform/wrote.ts'
import { redact, storable } from './redact.ts'

/** Whoever acts. `accountId` null: nobody's account, such as an unknown name at sign-in, or the system itself. */
export type AuditActor = { accountId: number | null; username: string; role: Role | null }
/** The system itself: what happens by the clock. */
export const system: AuditActor = { accountId: null, username: 'system', role: null }
export type AuditSubject = { type: string; id: string | number }

export type AuditEntry = {
  atMs: number
  actor: AuditActor
  action: AuditAction
  subject?: AuditSubject
  /** Only the fields that changed. */
  before?: object | null
  after?: object | null
  /** Why, in the actor's own words. */
  purpose?: string | null
  detail?: object
}

const MAX_BODY_BYTES = 32_768

/** Appends one record and returns its number. Given the pool instead of a transaction's client it opens a transaction of its own. */
export const recordAudit = (client: Queryable | Database, entry: AuditEntry): Promise<number> => recordAuditMany(client, [entry])

/**
 * Appends records in this order, with one lock and two statements however many they are (an import, a bulk change). A transaction that
 * has written rows is an act: its number stands in the rows (migration 0011) and in each of its records.
 * @returns the number of the last one; 0 when there was none to append
 * @throws NotWritten when the database took fewer than these, so that what was to be recorded is undone
 */
export async function recordAuditMany(client: Queryable | Database, entries: readonly AuditEntry[]): Promise<number> {
  if (entries.length === 0) return 0
  if ('transaction' in client) return client.transaction((own) => recordAuditMany(own, entries))
  const homes = await listHomes(client, entries)
  const { rows } = await client.query<{ seq: number; hash: Buffer; organisation_id: number | null; act: number | null }>(
    'SELECT seq, hash, organisation_id, pg_current_xact_id_if_assigned()::text::bigint AS act FROM public.audit_tail($1)',
    [entries[0]!.actor.accountId],
  )
  const tail = rows[0]
  if (!tail) throw new Error('the audit log has lost its beginning; nothing can be appended to it')
  let { seq } = tail
  let previous = tail.hash.toString('hex')
  const columns: unknown[][] = Array.from({ length: 13 }, () => [])
  for (const { atMs, actor, action, subject, before, after, purpose, detail } of entries) {
    const organisationId = homes ? (homes.get(actor.accountId) ?? null) : tail.organisation_id
    const username = storable(actor.username)
    const id = subject ? storable(String(subject.id)) : null
    const body = bodyText({
      ...(tail.act === null ? {} : { act: tail.act }),
      action,
      actor: { accountId: actor.accountId, organisationId, role: actor.role, username },
      algorithm: chainAlgorithm,
      at: new Date(atMs).toISOString(),
      ...part('before', before),
      ...part('after', after),
      ...part('detail', detail),
      ...(purpose ? { purpose: redact(purpose) as string } : {}),
      ...(subject ? { subject: { id: id!, type: subject.type } } : {}),
    })
    seq++
    const hash = chainHash(chainAlgorithm, previous, seq, body)
    const said = [seq, new Date(atMs), actor.accountId, username, actor.role, organisationId, action, subject?.type ?? null, id]
    for (const [at, value] of [...said, chainAlgorithm, body, `\\x${previous}`, `\\x${hash}`].entries()) columns[at]!.push(value)
    previous = hash
  }
  const result = await client.query(
    `INSERT INTO public.audit_log (seq, at, account_id, username, role, organisation_id, action, subject_type, subject_id, algorithm, body, prev_hash, hash)
     SELECT * FROM unnest($1::bigint[], $2::timestamptz[], $3::int[], $4::text[], $5::text[], $6::int[], $7::text[], $8::text[], $9::text[],
       $10::text[], $11::text[], $12::bytea[], $13::bytea[])`,
    columns,
  )
  wrote(result, entries.length, 'the audit log')
  return seq
}

/** Where each actor belongs, when there are several; undefined when the tail's own answer is enough. */
async function listHomes(client: Queryable, entries: readonly AuditEntry[]): Promise<Map<number | null, number> | undefined> {
  const ids = [...new Set(entries.map(({ actor }) => actor.accountId))]
  if (ids.length === 1) return undefined
  const { rows } = await client.query<{ account_id: number; organisation_id: number }>(
    'SELECT account_id, organisation_id FROM accounts WHERE account_id = ANY($1::int[])',
    [ids],
  )
  return new Map(rows.map((row) => [row.account_id, row.organisation_id]))
}

const part = (name: 'before' | 'after' | 'detail', value: object | null | undefined): object =>
  value && Object.keys(value).length > 0 ? { [name]: redact(value) } : {}

/** A record that would be too large keeps who, what, when and why, and says that it lost the rest. */
function bodyText(body: AuditBody): string {
  const text = canonicalJson(body)
  const bytes = Buffer.byteLength(text)
  if (bytes <= MAX_BODY_BYTES) return text
  const { before: _before, after: _after, ...kept } = body
  return canonicalJson({ ...kept, detail: { omitted: `${bytes} bytes of details were too large to record` } })
}

/** One thing that happened to a subject. `at` is ISO 8601. */
export type HistoryEntry = Pick<AuditBody, 'before' | 'after' | 'detail' | 'purpose'> & {
  seq: number
  at: string
  username: string
  role: string | null
  action: AuditAction
}

/**
 * What was done to `subject`, newest first, at most `limit`; `beforeSeq` goes on from an earlier answer. The caller checks scope.
 * Looks are left out: whoever keeps a vehicle's file must not learn that an inspection reads its tracks.
 */
export async function listHistory(
  client: Queryable,
  subject: AuditSubject,
  { limit = 50, beforeSeq }: { limit?: number; beforeSeq?: number } = {},
): Promise<HistoryEntry[]> {
  const { rows } = await client.query<{ seq: number; body: string }>(
    `SELECT seq, body FROM public.audit_log WHERE subject_type = $1 AND subject_id = $2 AND ($3::bigint IS NULL OR seq < $3)
       AND action <> ALL($5::text[]) ORDER BY seq DESC LIMIT $4`,
    [subject.type, String(subject.id), beforeSeq ?? null, limit, looks],
  )
  return rows.map(({ seq, body }) => {
    const { at, action, actor, before, after, detail, purpose } = JSON.parse(body) as AuditBody
    return { seq, at, username: actor.username, role: actor.role, action: action as AuditAction, before, after, detail, purpose }
  })
}
