// Reads an export of the audit log: blocks of whole lines, and the records in them. What no hash covers, such as a blank or an escape,
// may not be changed either, so a line counts only if it is written as the export writes it, to the byte.
import { isUtf8 } from 'node:buffer'
import { createReadStream } from 'node:fs'
import type { AuditRow } from '../contracts/auditRecord.ts'

const CHUNK_BYTES = 1024 * 1024
/** Far more than a record can take: a body of 64 KiB, escaped twice. */
const MAX_LINE_BYTES = 1024 * 1024

/** Whole lines, a good thousand at a time; undefined for a line without an end, such as a file of another kind has: its bytes are let go. */
export async function* readAuditFile(path: string, chunkBytes = CHUNK_BYTES): AsyncGenerator<Buffer | undefined> {
  let rest: Buffer = Buffer.alloc(0)
  let skipping = false
  for await (const chunk of createReadStream(path, { highWaterMark: chunkBytes })) {
    const bytes: Buffer = rest.byteLength ? Buffer.concat([rest, chunk]) : chunk
    const end = bytes.lastIndexOf(0x0a)
    if (end < 0) {
      if (bytes.byteLength > MAX_LINE_BYTES && !skipping) {
        skipping = true
        yield undefined
      }
      rest = skipping ? Buffer.alloc(0) : bytes
      continue
    }
    const begin = skipping ? bytes.indexOf(0x0a) + 1 : 0
    skipping = false
    if (end >= begin) yield bytes.subarray(begin, end)
    rest = Buffer.from(bytes.subarray(end + 1))
  }
  if (rest.byteLength) yield rest
}

/** The record of each line; undefined for a line that is none. */
export function parseLines(bytes: Buffer): (AuditRow | undefined)[] {
  return linesOf(bytes).map((line) => (line === undefined ? undefined : parseRow(line)))
}

/**
 * The same with each byte of a text as one letter, which reads, compares and hashes in two thirds of the time. Undefined where letters
 * would not stand for bytes one to one: not UTF-8, or an escape of the form \u0000, which may write a letter in another way.
 */
export function parseLinesAsBytes(bytes: Buffer): (AuditRow | undefined)[] | undefined {
  if (!isUtf8(bytes)) return undefined
  const text = bytes.toString('latin1')
  return text.includes('\\u') ? undefined : text.split('\n').map(parseRow)
}

/** The lines as text; undefined for one that is not UTF-8, which decoding would mend unseen. */
function linesOf(bytes: Buffer): (string | undefined)[] {
  if (isUtf8(bytes)) return bytes.toString().split('\n')
  // In Latin-1 each byte is a letter, so lines can be told apart and their bytes had back.
  return bytes
    .toString('latin1')
    .split('\n')
    .map((line) => Buffer.from(line, 'latin1'))
    .map((line) => (isUtf8(line) ? line.toString() : undefined))
}

function parseRow(line: string): AuditRow | undefined {
  try {
    const row: unknown = JSON.parse(line)
    const isRow = row !== null && typeof row === 'object' && 'seq' in row
    return isRow && JSON.stringify(row) === line ? (row as AuditRow) : undefined
  } catch {
    return undefined // the reader of the file says which line
  }
}
