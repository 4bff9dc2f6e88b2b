// One run of the verifier: the log, from a database or an export, held against the chain's law and the heads.
import type { AuditHead } from '../contracts/auditRecord.ts'
import { AuditCheck } from '../platform/auditCheck.ts'
import { readAuditBounds, readAuditFile, readAuditSlices } from '../platform/auditRows.ts'
import type { Queryable } from '../platform/db.ts'

/** Rows of one reading from a database. */
const SLICE = 5_000

export type Heads = { heads: readonly AuditHead[]; problems: readonly string[] }
export type VerifyOptions = {
  /** Reads the heads; undefined when there are none to hold the log against. */
  readHeads: (() => Promise<Heads>) | undefined
  excerpt?: boolean
  slice?: number
  onProgress?: (records: number) => void
}
export type Outcome = { check: AuditCheck; heads: number; headProblems: readonly string[]; found: number }

export async function verifyLog(log: { file: string } | { db: Queryable }, options: VerifyOptions): Promise<Outcome> {
  const { readHeads, excerpt = false, slice = SLICE, onProgress = () => undefined } = options
  // Heads before the log: one that is signed meanwhile would know more than the log that was read.
  const before = (await readHeads?.()) ?? { heads: [], problems: [] }
  const check = new AuditCheck({ heads: before.heads, excerpt })
  if ('file' in log) await checkFile(log.file, check, onProgress)
  else await checkDatabase(log.db, check, slice, onProgress)
  check.end()
  if (readHeads && check.lacksHeads(before.heads)) check.endHeads((await readHeads()).heads)
  return { check, heads: before.heads.length, headProblems: before.problems, found: check.findingCount + before.problems.length }
}

async function checkFile(path: string, check: AuditCheck, onProgress: (records: number) => void): Promise<void> {
  for await (const rows of readAuditFile(path)) {
    for (const row of rows) {
      if ('unreadableLine' in row) check.note(`line ${row.unreadableLine} of the export is not as an export writes it`)
      else check.take(row)
    }
    onProgress(check.records)
  }
}

async function checkDatabase(db: Queryable, check: AuditCheck, slice: number, onProgress: (records: number) => void): Promise<void> {
  const { first, last } = await readAuditBounds(db)
  for await (const rows of readAuditSlices(db, Math.min(first, 1) - 1, last, slice)) {
    for (const row of rows) check.take(row)
    onProgress(check.records)
  }
}
