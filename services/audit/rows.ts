// Reads the audit log from the database as its export has it, in slices by number.
import type { AuditRow } from '../contracts/auditRecord.ts'
import type { Queryable } from '../platform/db.ts'

/** An AuditRow of every row; ISO text with milliseconds, so that nothing of the stored instant is rounded away unseen. */
export const auditRowColumns = `seq, CASE WHEN at = date_trunc('milliseconds', at)
    THEN to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') ELSE at::text END AS at,
  account_id AS "accountId", username, role, organisation_id AS "organisationId", action, subject_type AS "subjectType",
  subject_id AS "subjectId", algorithm, body, encode(prev_hash, 'hex') AS "prevHash", encode(hash, 'hex') AS hash`

/**
 * The same fields, a slice as one text: a third of the time of a column each. No field of a sound record holds one of the separators,
 * U+0001 between fields and a line break between records; the last field says which of them are NULL.
 */
const sliceSql = `
  SELECT count(*) AS count, max(seq) AS last, string_agg(concat_ws(E'\x01', seq, at AT TIME ZONE 'UTC', coalesce(account_id, 0),
    username, coalesce(role, ''), coalesce(organisation_id, 0), action, coalesce(subject_type, ''), coalesce(subject_id, ''),
    algorithm, body, prev_hash, hash, concat(account_id IS NULL, role IS NULL, organisation_id IS NULL, subject_type IS NULL,
    subject_id IS NULL)), E'\n' ORDER BY seq) AS text
  FROM (SELECT * FROM public.audit_log WHERE seq > $1 AND seq <= $2 ORDER BY seq FETCH FIRST $3 ROWS WITH TIES) slice`
type Slice = { count: number; last: number | null; text: string | null }

/** A stretch of the log as one text, which is rows to whoever needs them. */
export type AuditSlice = { count: number; text: string; rows(): Promise<AuditRow[]> }

/** The least and the greatest number there is. A sound log begins with 1; what stands before it must not be passed over. */
export async function readAuditBounds(client: Queryable): Promise<{ first: number; last: number }> {
  const { rows } = await client.query<{ first: number | null; last: number | null }>(
    'SELECT min(seq) AS first, max(seq) AS last FROM public.audit_log',
  )
  return { first: rows[0]!.first ?? 1, last: rows[0]!.last ?? 0 }
}

/**
 * Records with after < seq ≤ to, a slice at a time, oldest first. The next slice is asked for while this one is worked on.
 * WITH TIES: two records of one number, which takes a dropped key, come in one slice or the second would be passed over.
 */
export async function* readAuditSlices(client: Queryable, after: number, to: number, size: number): AsyncGenerator<AuditSlice> {
  const read = (from: number) => client.query<Slice>(sliceSql, [from, to, size])
  let from = after
  let coming = read(from)
  for (;;) {
    const { count, last: next, text } = (await coming).rows[0]!
    if (next === null) return
    const full = count >= size
    const begin = from
    if (full) {
      coming = read(next)
      // It is awaited in the next turn, if there is one.
      coming.catch(() => undefined)
    }
    yield { count, text: text!, rows: async () => parseSlice(text!, count) ?? (await readColumns(client, begin, next)) }
    if (!full) return
    from = next
  }
}

/** Undefined when a field holds a separator, which is tampering, or times come in another style: then only columns tell fields apart. */
export function parseSlice(text: string, count: number): AuditRow[] | undefined {
  const lines = text.split('\n')
  if (lines.length !== count) return undefined
  const rows: AuditRow[] = []
  for (const line of lines) {
    const fields = line.split('\x01')
    const at = isoOf(fields[1])
    if (fields.length !== 14 || at === undefined) return undefined
    // PostgreSQL writes a boolean as t or f.
    const isNull = (place: number): boolean => fields[13]!.charAt(place) === 't'
    rows.push({
      seq: Number(fields[0]),
      at,
      accountId: isNull(0) ? null : Number(fields[2]),
      username: fields[3]!,
      role: isNull(1) ? null : fields[4]!,
      organisationId: isNull(2) ? null : Number(fields[5]),
      action: fields[6]!,
      subjectType: isNull(3) ? null : fields[7]!,
      subjectId: isNull(4) ? null : fields[8]!,
      algorithm: fields[9]!,
      body: fields[10]!,
      prevHash: fields[11]!.slice(2),
      hash: fields[12]!.slice(2),
    })
  }
  return rows
}

/** 2026-03-02 04:00:00[.12] → 2026-03-02T04:00:00.120Z; what is finer than milliseconds stays so and is no time of ours. */
function isoOf(text: string | undefined): string | undefined {
  if (text?.charAt(10) !== ' ' || text.length < 19) return undefined
  const fraction = text.slice(20).padEnd(3, '0')
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${fraction}Z`
}

async function readColumns(client: Queryable, after: number, to: number): Promise<AuditRow[]> {
  const { rows } = await client.query<AuditRow>(
    `SELECT ${auditRowColumns} FROM public.audit_log WHERE seq > $1 AND seq <= $2 ORDER BY seq`,
    [after, to],
  )
  return rows
}
