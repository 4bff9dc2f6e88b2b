// Is a block of the log sound in itself? A function of its bytes and the heads alone, so that any thread can answer.

import { findSoundStretch, type SoundStretch } from '../../audit/check.ts'
import { parseLines, parseLinesAsBytes } from '../../audit/file.ts'
import { parseSlice } from '../../audit/rows.ts'
import type { AuditHead } from '../../contracts/auditRecord.ts'
import { StartupError } from '../../platform/config.ts'

/** Lines of an export, or a slice of the database. */
export type Block = { lines: Uint8Array } | { text: string; count: number }
export type Log = { heads: readonly AuditHead[]; excerpt: boolean }

/** Undefined when anything is odd: whoever asked looks at the records one by one and says what. */
export function judge(block: Block, log: Log): SoundStretch | undefined {
  const letters = 'lines' in block ? parseLinesAsBytes(bufferOf(block.lines)) : undefined
  const rows = letters ?? ('lines' in block ? parseLines(bufferOf(block.lines)) : parseSlice(block.text, block.count))
  if (!rows?.every((row) => row !== undefined)) return undefined
  try {
    return findSoundStretch(rows, { ...log, letters: letters ? 'latin1' : 'utf8' })
  } catch (error) {
    if (error instanceof StartupError) return undefined
    throw error
  }
}

const bufferOf = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer => Buffer.from(buffer, byteOffset, byteLength)
