// Holds a stream of audit records against the chain's law and against signed heads, and says in which record what is wrong.
// Each kind of tampering has its own mark:
//   a bit changed            → `changed` (the hash is not that of the contents) or `column` (a search column disagrees with the body)
//   a record taken out       → `missing`; put in, or twice → `order` or `link`; exchanged → `order` or `link`
//   the end cut off          → `truncated` (a head knows more); the whole written anew from some record on → `fork` (a head knows better)
//   a head taken away        → `head` (the log has a record of each head that was signed)
import {
  type AuditAlgorithm,
  type AuditBody,
  type AuditHead,
  type AuditRow,
  auditAlgorithms,
  auditBodySchema,
} from '../contracts/auditRecord.ts'
import { StartupError } from '../platform/config.ts'
import { type BodyLetters, canHash, chainHash, genesisHash } from './chain.ts'

export type FindingKind = 'changed' | 'column' | 'missing' | 'order' | 'link' | 'beginning' | 'fork' | 'truncated' | 'head' | 'format'
/** `seq`: the first record that is not as it should be. */
export type Finding = { seq: number; kind: FindingKind; says: string }

export type CheckOptions = {
  heads?: readonly AuditHead[]
  /** The record before the first one given; without it the first must be the beginning of the log. */
  after?: { seq: number; hash: string }
  /** The rows are a selection: each is checked by itself, and that their numbers rise. */
  excerpt?: boolean | undefined
  /** How the texts of the rows were read. */
  letters?: BodyLetters | undefined
}

/** A stretch of the log in which nothing is wrong, looked at by itself: what is left to ask is whether it follows. */
export type SoundStretch = {
  records: number
  /** What its first record says it comes after. */
  after: { seq: number; hash: string }
  last: { seq: number; hash: string }
  announced: readonly AnnouncedHead[]
  lastGoodHead: AuditHead | undefined
}
/** What a record of the log says about a head. */
type AnnouncedHead = { seq: number; hash: string; in: number }

/** More findings than these are counted, not kept: a log written anew has as many as it has records. */
const MAX_FINDINGS = 100
const ROW_FIELDS = 13
const HASH = /^[0-9a-f]{64}$/

export class AuditCheck {
  readonly findings: Finding[] = []
  findingCount = 0
  records = 0
  /** The last record seen. */
  last: { seq: number; hash: string } | undefined
  readonly #excerpt: boolean
  readonly #headsBySeq = new Map<number, AuditHead>()
  /** What the log says about its own heads. */
  readonly #announced: AnnouncedHead[] = []
  readonly #letters: BodyLetters
  readonly #from: number
  #lastGoodHead: AuditHead | undefined

  constructor({ heads = [], after, excerpt = false, letters = 'utf8' }: CheckOptions = {}) {
    this.#excerpt = excerpt
    this.#letters = letters
    this.last = after
    this.#from = after?.seq ?? 0
    for (const head of heads) {
      const other = this.#headsBySeq.get(head.seq)
      if (other && other.hash !== head.hash)
        this.#find(head.seq, 'fork', `two signed heads disagree about record ${head.seq} (${other.at} and ${head.at})`)
      this.#headsBySeq.set(head.seq, head)
    }
  }

  /** Takes the next record, in the order they stand. @throws StartupError where this build of Node lacks the record's hash */
  take(row: AuditRow): void {
    this.records++
    const { seq } = row
    if (!Number.isSafeInteger(seq) || seq < 1) {
      this.#find(seq, 'format', `a record has the number ${seq}`)
      return
    }
    const expected = (this.last?.seq ?? 0) + 1
    if (seq < expected) {
      const says = seq === expected - 1 ? `record ${seq} stands there twice` : `record ${seq} stands after record ${expected - 1}`
      this.#find(seq, 'order', says)
    } else if (seq > expected && !this.#excerpt) {
      const gap = seq - expected
      this.#find(expected, 'missing', gap === 1 ? `record ${expected} is missing` : `records ${expected} to ${seq - 1} are missing`)
    } else if (seq === expected && this.last && row.prevHash !== this.last.hash && !this.#excerpt) {
      this.#find(seq, 'link', `record ${seq} does not follow from record ${seq - 1} as it stands`)
    }
    this.#checkContents(row)
    const head = this.#headsBySeq.get(seq)
    if (head) this.#checkHead(row, head)
    this.last = { seq, hash: row.hash }
  }

  /** Takes a stretch at once if it follows what was taken; if not, its records must be taken one by one to hear what is wrong. */
  takeSound({ records, after, last, announced, lastGoodHead }: SoundStretch): boolean {
    const end = this.last?.seq ?? 0
    const follows = after.seq === end && (this.last === undefined || after.hash === this.last.hash)
    if (this.#excerpt ? after.seq < end : !follows) return false
    this.records += records
    this.last = last
    this.#announced.push(...announced)
    this.#lastGoodHead = lastGoodHead ?? this.#lastGoodHead
    return true
  }

  /** Call it after the last record. */
  end(): void {
    const lastSeq = this.last?.seq ?? 0
    if (lastSeq === 0 && this.records === 0) this.#find(1, 'missing', 'the log is empty; even a new one has its first record')
    if (this.#excerpt) return
    let furthest: AuditHead | undefined
    for (const head of this.#headsBySeq.values()) if (head.seq > (furthest?.seq ?? lastSeq)) furthest = head
    if (furthest)
      this.#find(lastSeq + 1, 'truncated', `the log ends with record ${lastSeq}, but on ${furthest.at} it had ${furthest.seq} records`)
  }

  /** Does the log say of a head that it was signed which is not among these? One may have been signed while the log was read. */
  lacksHeads(heads: readonly AuditHead[]): boolean {
    return this.#lacking(heads).length > 0
  }

  /** Finds the heads that are gone. Give them as they are after the log was read. */
  endHeads(heads: readonly AuditHead[]): void {
    for (const { seq, in: record } of this.#lacking(heads))
      this.#find(seq, 'head', `the head of record ${seq} is not among the given ones, and record ${record} says that it was signed`)
  }

  #lacking(heads: readonly AuditHead[]) {
    if (this.#excerpt) return []
    const known = new Set(heads.map(({ seq, hash }) => `${seq} ${hash}`))
    return this.#announced.filter(({ seq, hash }) => !known.has(`${seq} ${hash}`))
  }

  /** All that was taken since `after`, for another check to take at once. */
  asStretch(after: SoundStretch['after']): SoundStretch | undefined {
    if (this.findingCount > 0 || !this.last) return undefined
    return { records: this.records, after, last: this.last, announced: this.#announced, lastGoodHead: this.#lastGoodHead }
  }

  /** The first record that is not as it should be. */
  get firstWrong(): number | undefined {
    return this.findings.length ? this.findings.reduce((least, { seq }) => Math.min(least, seq), Number.POSITIVE_INFINITY) : undefined
  }

  /** Records behind the last good head: what no head vouches for yet. */
  get unsigned(): number {
    return (this.last?.seq ?? 0) - (this.#lastGoodHead?.seq ?? this.#from)
  }

  #checkContents(row: AuditRow): void {
    const { seq } = row
    if (!auditAlgorithms.includes(row.algorithm as AuditAlgorithm)) {
      this.#find(seq, 'column', `record ${seq} names an algorithm that is none of ours: ${row.algorithm}`)
      return
    }
    if (
      typeof row.prevHash !== 'string' ||
      !HASH.test(row.prevHash) ||
      typeof row.body !== 'string' ||
      Object.keys(row).length !== ROW_FIELDS
    ) {
      this.#find(seq, 'format', `record ${seq} has not the fields of a record`)
      return
    }
    if (!canHash(row.algorithm as AuditAlgorithm))
      throw new StartupError(`Record ${seq} is hashed with SM3, which this build of Node lacks; verify with one that has it.`)
    const matches = chainHash(row.algorithm as AuditAlgorithm, row.prevHash, seq, row.body, this.#letters) === row.hash
    if (!matches) this.#find(seq, 'changed', `record ${seq} was changed: its hash is not that of its contents`)
    const body = parseBody(row.body)
    if (!body) {
      this.#find(seq, 'format', `record ${seq} cannot be read`)
      return
    }
    const column = findWrongColumn(row, body)
    if (column) this.#find(seq, 'column', `record ${seq} was changed: its column ${column} does not say what the record says`)
    if (row.action === 'audit.head') this.#noteHead(seq, body)
    if (seq === 1 && !isBeginning(row, body)) this.#find(1, 'beginning', 'the first record is not the beginning of this log')
  }

  #noteHead(record: number, { detail }: AuditBody): void {
    const { seq, hash } = detail ?? {}
    if (typeof seq === 'number' && typeof hash === 'string') this.#announced.push({ seq, hash, in: record })
    else this.#find(record, 'format', `record ${record} does not say which head was signed`)
  }

  #checkHead(row: AuditRow, head: AuditHead): void {
    if (head.hash === row.hash && head.algorithm === row.algorithm) {
      this.#lastGoodHead = head
      return
    }
    const since = this.#lastGoodHead ? `record ${this.#lastGoodHead.seq + 1}` : 'the beginning'
    this.#find(
      row.seq,
      'fork',
      `record ${row.seq} is not the one that was signed on ${head.at}: the log was written anew from ${since} or later`,
    )
  }

  /** Something that is wrong with the log before it is a record, such as a line that cannot be read. */
  note(says: string): void {
    this.#find((this.last?.seq ?? 0) + 1, 'format', says)
  }

  #find(seq: number, kind: FindingKind, says: string): void {
    this.findingCount++
    if (this.findings.length < MAX_FINDINGS) this.findings.push({ seq, kind, says })
  }
}

/** What the rows are as a stretch by themselves; undefined when anything at all is wrong in them. */
export function findSoundStretch(rows: readonly AuditRow[], { heads = [], excerpt, letters }: CheckOptions): SoundStretch | undefined {
  const [first, final] = [rows[0], rows.at(-1)]
  if (!first || !final || !Number.isSafeInteger(first.seq)) return undefined
  const after = { seq: first.seq - 1, hash: first.prevHash }
  const check = new AuditCheck({ heads: heads.filter(({ seq }) => seq >= first.seq && seq <= final.seq), after, excerpt, letters })
  for (const row of rows) {
    check.take(row)
    if (check.findingCount > 0) return undefined
  }
  return check.asStretch(after)
}

/** The schema is asked only where the quick look at what we need finds something odd: it would be most of the time. */
function parseBody(text: string): AuditBody | undefined {
  try {
    const body = JSON.parse(text) as AuditBody
    if (typeof body.action === 'string' && typeof body.at === 'string' && typeof body.actor.username === 'string') return body
    return auditBodySchema.safeParse(body).data
  } catch {
    return undefined // what is no JSON is no record, and the caller says so
  }
}

function findWrongColumn(row: AuditRow, { at, actor, action, subject, algorithm }: AuditBody): string | undefined {
  if (row.action !== action) return 'action'
  if (row.username !== actor.username) return 'username'
  if (row.accountId !== actor.accountId) return 'account_id'
  if (row.role !== actor.role) return 'role'
  if (row.organisationId !== actor.organisationId) return 'organisation_id'
  if (row.subjectType !== (subject?.type ?? null)) return 'subject_type'
  if (row.subjectId !== (subject?.id ?? null)) return 'subject_id'
  if (row.algorithm !== algorithm) return 'algorithm'
  return row.at === at ? undefined : 'at'
}

function isBeginning(row: AuditRow, body: AuditBody): boolean {
  const installation = body.detail?.installationId
  return typeof installation === 'string' && body.action === 'audit.begin' && genesisHash(installation) === row.prevHash
}
