// Reads the audit log as its export has it: from the database in slices by number, or line by line from a file.
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { AuditRow } from '../contracts/auditRecord.ts'
import type { Queryable } from './db.ts'

/** An AuditRow of every row; ISO text with milliseconds, so that nothing of the stored instant is rounded away unseen. */
export const auditRowColumns = `seq, CASE WHEN at = date_trunc('milliseconds', at)
    THEN to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') ELSE at::text END AS at,
  account_id AS "accountId", username, role, organisation_id AS "organisationId", action, subject_type AS "subjectType",
  subject_id AS "subjectId", algorithm, body, encode(prev_hash, 'hex') AS "prevHash", encode(hash, 'hex') AS hash`

/** Records with after < seq ≤ to, a slice at a time, oldest first. The next slice is asked for while this one is worked on. */
export async function* readAuditSlices(client: Queryable, after: number, to: number, size: number): AsyncGenerator<AuditRow[]> {
  const read = (from: number) =>
    client.query<AuditRow>(`SELECT ${auditRowColumns} FROM public.audit_log WHERE seq > $1 AND seq <= $2 ORDER BY seq LIMIT $3`, [
      from,
      to,
      size,
    ])
  let coming = read(after)
  for (;;) {
    const { rows } = await coming
    const last = rows.at(-1)
    if (!last) return
    if (rows.length === size) {
      coming = read(last.seq)
      // It is awaited in the next turn, if there is one.
      coming.catch(() => undefined)
    }
    yield rows
    if (rows.length < size) return
  }
}

/** The records of an export, one JSON object a line; a line that is none is said by its number. */
export async function* readAuditFile(path: string): AsyncGenerator<AuditRow | { unreadableLine: number }> {
  let number = 0
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
    number++
    if (line !== '') yield parseRow(line) ?? { unreadableLine: number }
  }
}

function parseRow(line: string): AuditRow | undefined {
  try {
    const row: unknown = JSON.parse(line)
    return row !== null && typeof row === 'object' && 'seq' in row ? (row as AuditRow) : undefined
  } catch {
    return undefined // the reader of the file says which line
  }
}
