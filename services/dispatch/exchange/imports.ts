// The imports as rows: who uploaded what, what its dry run said, what became of it. One runs at a time in any subtree, because two would
// judge against a ledger that the other is changing; the claim is a lease, so that a server that dies lets go by itself.
import { Refusal } from '../../contracts/errors.ts'
import { type ExchangeSubject, type Import, importSchema } from '../../contracts/exchange.ts'
import { refusal } from '../../contracts/refusals.ts'
import { DAY_MS } from '../../domain/days.ts'
import type { Database, Queryable, Row } from '../../platform/db.ts'
import type { Caller, Scope, Who } from '../kernel/caller.ts'

const LEASE_MS = 3 * 60_000
/** Files that were never applied are forgotten after this long; what was found about them stays. */
const FILE_KEPT_MS = 7 * DAY_MS

export type Upload = { subject: ExchangeSubject; fileName: string; file: Buffer; sha256: Buffer }
/** What a dry run found, as the column `result` keeps it. */
export type Findings = Pick<
  Import,
  | 'rows'
  | 'created'
  | 'changed'
  | 'unchanged'
  | 'problemCount'
  | 'problemsByColumn'
  | 'problems'
  | 'noteCount'
  | 'notes'
  | 'samples'
  | 'token'
>

const nothing: Findings = {
  rows: 0,
  created: 0,
  changed: 0,
  unchanged: 0,
  problemCount: 0,
  problemsByColumn: [],
  problems: [],
  noteCount: 0,
  notes: [],
  samples: [],
  token: null,
}

/** Is another import at work on a subtree that meets this scope? Holds the table so that two cannot ask at once. */
async function requireIdle(client: Queryable, scope: Scope, nowMs: number, self: number | null): Promise<void> {
  await client.query('LOCK TABLE imports IN SHARE ROW EXCLUSIVE MODE')
  const { rowCount } = await client.query(
    `SELECT FROM imports i JOIN organisations o USING (organisation_id)
     WHERE i.busy_until > $1 AND o.lft <= $3 AND o.rgt >= $2 AND i.import_id IS DISTINCT FROM $4`,
    [new Date(nowMs), scope.lft, scope.rgt, self],
  )
  if (rowCount > 0) throw refusal('CONFLICT', 'query.subject', 'import.busy')
}

/** Puts an upload on record and claims its scope. @throws Refusal CONFLICT while another import is at work there */
export async function beginImport(db: Database, { caller, reach }: Who, upload: Upload, nowMs: number): Promise<number> {
  return db.transaction(async (client) => {
    await requireIdle(client, reach, nowMs, null)
    await client.query(`UPDATE imports SET file = NULL WHERE file IS NOT NULL AND created_at < $1`, [new Date(nowMs - FILE_KEPT_MS)])
    const { rows } = await client.query<{ import_id: number }>(
      `INSERT INTO imports (subject, file_name, file, file_sha256, account_id, organisation_id, created_at, busy_until, state)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'checking') RETURNING import_id`,
      [
        upload.subject,
        upload.fileName,
        upload.file,
        upload.sha256,
        caller.accountId,
        caller.organisation.organisationId,
        new Date(nowMs),
        new Date(nowMs + LEASE_MS),
      ],
    )
    return rows[0]!.import_id
  })
}

/** Claims a checked import again, to apply it. @throws Refusal CONFLICT */
export const claimImport = (db: Database, reach: Scope, importId: number, nowMs: number): Promise<void> =>
  db.transaction(async (client) => {
    await requireIdle(client, reach, nowMs, null)
    await client.query('UPDATE imports SET busy_until = $2 WHERE import_id = $1', [importId, new Date(nowMs + LEASE_MS)])
  })

export async function releaseImport(db: Queryable, importId: number): Promise<void> {
  await db.query('UPDATE imports SET busy_until = NULL WHERE import_id = $1', [importId])
}

/** `foreign`: of how many taken numbers of others it told, or would have told. */
export async function endCheck(db: Queryable, importId: number, findings: Findings, foreign = 0): Promise<void> {
  await db.query('UPDATE imports SET state = $2, result = $3, busy_until = NULL WHERE import_id = $1', [
    importId,
    findings.problemCount > 0 ? 'refused' : 'checked',
    JSON.stringify({ ...findings, foreign }),
  ])
}

/** In the transaction of the writing. The file is no longer needed: the audit log says what it changed. */
export async function markApplied(client: Queryable, importId: number, nowMs: number): Promise<void> {
  const { rowCount } = await client.query(
    `UPDATE imports SET state = 'applied', applied_at = $2, busy_until = NULL, file = NULL WHERE import_id = $1 AND state = 'checked'`,
    [importId, new Date(nowMs)],
  )
  if (rowCount !== 1) throw refusal('CONFLICT', 'params.importId', 'import.notChecked')
}

const importColumns = `i.import_id, i.subject, i.file_name, i.state, i.created_at, i.applied_at, i.result, i.account_id, a.display_name`
const importJoins = `imports i JOIN accounts a USING (account_id) JOIN organisations o ON o.organisation_id = i.organisation_id`

/** @throws Refusal NOT_FOUND when absent or of another scope */
export async function getImport(db: Queryable, { caller, reach }: Who, importId: number): Promise<Import> {
  const { rows } = await db.query(`SELECT ${importColumns} FROM ${importJoins} WHERE i.import_id = $1 AND o.lft BETWEEN $2 AND $3`, [
    importId,
    reach.lft,
    reach.rgt,
  ])
  if (!rows[0]) throw new Refusal('NOT_FOUND')
  return importOf(rows[0], caller)
}

export async function getFile(db: Queryable, importId: number): Promise<{ file: Buffer | null; sha256: Buffer; accountId: number }> {
  const { rows } = await db.query<{ file: Buffer | null; file_sha256: Buffer; account_id: number }>(
    'SELECT file, file_sha256, account_id FROM imports WHERE import_id = $1',
    [importId],
  )
  const { file, file_sha256: sha256, account_id: accountId } = rows[0]!
  return { file, sha256, accountId }
}

export async function listImports(db: Queryable, { caller, reach }: Who, { limit, offset }: { limit: number; offset: number }) {
  const { rows } = await db.query(
    `SELECT count(*) OVER () AS total, ${importColumns} FROM ${importJoins} WHERE o.lft BETWEEN $1 AND $2
     ORDER BY i.import_id DESC LIMIT $3 OFFSET $4`,
    [reach.lft, reach.rgt, limit, offset],
  )
  const total = rows.length > 0 ? (rows[0]!.total as number) : offset === 0 ? 0 : await countImports(db, reach)
  return { total, rows: rows.map((row) => importOf(row, caller)) }
}

async function countImports(db: Queryable, scope: Scope): Promise<number> {
  const { rows } = await db.query<{ n: number }>(`SELECT count(*) AS n FROM ${importJoins} WHERE o.lft BETWEEN $1 AND $2`, [
    scope.lft,
    scope.rgt,
  ])
  return rows[0]!.n
}

/**
 * Cells of a file may name sensitive vehicles that its uploader may see and the next reader may not, and may become sensitive after it was
 * read: of somebody else's file the counts are shown.
 */
const countsOnly = { problems: [], notes: [], samples: [], token: null }

const importOf = (row: Row, reader: Caller): Import =>
  importSchema.parse({
    ...nothing,
    ...(row.result as Findings | null),
    ...(row.account_id === reader.accountId ? {} : countsOnly),
    importId: row.import_id,
    subject: row.subject,
    fileName: row.file_name,
    by: row.display_name,
    createdAt: (row.created_at as Date).toISOString(),
    appliedAt: (row.applied_at as Date | null)?.toISOString() ?? null,
    state: row.state,
  })
