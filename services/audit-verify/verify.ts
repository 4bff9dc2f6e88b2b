// One run of the verifier: the log, from a database or an export, held against the chain's law and the heads. Threads judge blocks by
// themselves; here they are linked in their order, and the records of a block that is not sound are looked at one by one.

import { type ActFindings, findUnrecordedActs } from '../audit/acts.ts'
import { AuditCheck, type SoundStretch } from '../audit/check.ts'
import { parseLines, readAuditFile } from '../audit/file.ts'
import { readAuditBounds, readAuditSlices } from '../audit/rows.ts'
import type { AuditHead, AuditRow } from '../contracts/auditRecord.ts'
import type { Queryable } from '../platform/db.ts'
import type { Block } from './judge/judge.ts'
import { Judges } from './judge/judges.ts'

/** Rows of one reading from a database. */
const SLICE = 5_000
/** A log of fewer blocks is checked before a thread has started. */
const FEW_BLOCKS = 3

export type Heads = { heads: readonly AuditHead[]; problems: readonly string[] }
export type VerifyOptions = {
  /** Reads the heads; undefined when there are none to hold the log against. */
  readHeads: (() => Promise<Heads>) | undefined
  excerpt?: boolean
  slice?: number
  /** Bytes of one reading from a file. */
  chunk?: number
  /** Threads that run already and go on running, or none at all; without it, a long log starts its own. */
  judges?: Judges
  onProgress?: (records: number) => void
}
/** `acts`: undefined for a file, which has no rows to hold the log against. */
export type Outcome = { check: AuditCheck; heads: number; headProblems: readonly string[]; acts: ActFindings | undefined; found: number }

/** A stretch of the log as it was read; `take` looks at its records one by one. */
type Stretch = { block: Block | undefined; takeSound(sound: SoundStretch): boolean; take(): Promise<void> }

export async function verifyLog(log: { file: string } | { db: Queryable }, options: VerifyOptions): Promise<Outcome> {
  const { readHeads, excerpt = false, slice = SLICE, onProgress = () => undefined } = options
  // Heads before the log: one that is signed meanwhile would know more than the log that was read.
  const before = (await readHeads?.()) ?? { heads: [], problems: [] }
  const check = new AuditCheck({ heads: before.heads, excerpt })
  const judges = options.judges ?? new Judges()
  const begin = () => judges.begin({ heads: before.heads, excerpt })
  if (judges.started) begin()
  const onBlock = (blocks: number) => {
    if (blocks !== FEW_BLOCKS || options.judges) return
    judges.start()
    begin()
  }
  try {
    const stretches = 'file' in log ? stretchesOfFile(log.file, check, options.chunk) : stretchesOfDatabase(log.db, check, slice)
    await takeInOrder(stretches, judges, onBlock, () => onProgress(check.records))
  } finally {
    if (judges !== options.judges) await judges.close()
  }
  check.end()
  if (readHeads && check.lacksHeads(before.heads)) check.endHeads((await readHeads()).heads)
  const acts = 'db' in log ? await findUnrecordedActs(log.db) : undefined
  const found = check.findingCount + before.problems.length + (acts?.count ?? 0)
  return { check, heads: before.heads.length, headProblems: before.problems, acts, found }
}

/** Reads on while earlier blocks are judged, as far ahead as the judges can use. */
async function takeInOrder(
  stretches: AsyncIterable<Stretch>,
  judges: Judges,
  onBlock: (blocks: number) => void,
  onTaken: () => void,
): Promise<void> {
  const waiting: { stretch: Stretch; sound: Promise<SoundStretch | undefined> }[] = []
  const takeNext = async () => {
    const { stretch, sound } = waiting.shift()!
    const found = await sound
    if (!found || !stretch.takeSound(found)) await stretch.take()
    onTaken()
  }
  let blocks = 0
  for await (const stretch of stretches) {
    onBlock(++blocks)
    const sound = stretch.block ? judges.ask(stretch.block) : Promise.resolve(undefined)
    // It is awaited when its turn comes, if an earlier one does not fail.
    sound.catch(() => undefined)
    waiting.push({ stretch, sound })
    if (waiting.length > judges.capacity) await takeNext()
  }
  while (waiting.length > 0) await takeNext()
}

async function* stretchesOfFile(path: string, check: AuditCheck, chunk: number | undefined): AsyncGenerator<Stretch> {
  let lines = 0
  const takeRow = (row: AuditRow | undefined) => {
    lines++
    if (row) check.take(row)
    else check.note(`line ${lines} of the export is not as an export writes it`)
  }
  const takeSound = (sound: SoundStretch): boolean => {
    const taken = check.takeSound(sound)
    if (taken) lines += sound.records
    return taken
  }
  for await (const bytes of readAuditFile(path, chunk))
    yield {
      block: bytes && { lines: bytes },
      takeSound,
      take: async () => (bytes ? parseLines(bytes) : [undefined]).forEach(takeRow),
    }
}

async function* stretchesOfDatabase(db: Queryable, check: AuditCheck, size: number): AsyncGenerator<Stretch> {
  const { first, last } = await readAuditBounds(db)
  for await (const { text, count, rows } of readAuditSlices(db, Math.min(first, 1) - 1, last, size))
    yield {
      block: { text, count },
      takeSound: (sound) => check.takeSound(sound),
      take: async () => {
        for (const row of await rows()) check.take(row)
      },
    }
}
