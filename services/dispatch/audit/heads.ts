// Writes signed heads of the audit log into a file outside the database: on a schedule, when the log has moved, and at the end.
// Several instances may write the same file: a head is one short line, appended whole. Each head has its record in the log, so that
// who takes heads out of the file must also rewrite the log, which the heads before it know.
import type { KeyObject } from 'node:crypto'
import { appendFile, readFile, truncate } from 'node:fs/promises'
import { readHeads, readPublicKeys, signHead } from '../../audit/heads.ts'
import { openSigningKey } from '../../audit/key.ts'
import type { AuditAlgorithm, AuditHead } from '../../contracts/auditRecord.ts'
import { canonicalJson } from '../../contracts/canonicalJson.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db.ts'
import type { Logger } from '../../platform/log.ts'
import { recordAudit, system } from '../kernel/record.ts'

export type HeadsOptions = {
  db: Database
  clock: Clock
  log: Logger
  /** Where the heads go; the key's files stand beside it unless named. */
  path: string
  publicKeyPath: string
  everyMs: number
}

export class AuditHeads {
  readonly #options: HeadsOptions
  readonly #key: KeyObject
  #timer: NodeJS.Timeout | undefined
  #known: Promise<AuditHead[]> | undefined
  #writing: Promise<void> = Promise.resolve()
  /** Why the last head could not be written; undefined when it could. */
  problem: string | undefined

  constructor(options: HeadsOptions, key: KeyObject) {
    this.#options = options
    this.#key = key
  }

  start(): void {
    this.#timer = setInterval(() => void this.write(), this.#options.everyMs).unref()
  }

  /** Writes a head if the log has grown since the last one. Never rejects: `problem` says what is wrong. */
  write(): Promise<void> {
    this.#writing = this.#writing
      .then(() => this.#write())
      .then(
        () => {
          this.problem = undefined
        },
        (error: Error) => {
          this.problem = error.message
          this.#options.log.error({ err: error }, 'the head of the audit log could not be written')
        },
      )
    return this.#writing
  }

  /** Stops the schedule and writes the last head. */
  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await this.write()
  }

  /** When a head that covers record `seq` was signed, as far as this instance knows. */
  async findSigningTime(seq: number): Promise<string | undefined> {
    this.#known ??= this.read().then(({ heads }) => heads)
    return (await this.#known).find((head) => head.seq >= seq)?.at
  }

  /** The heads on file that are to be believed. */
  async read(): Promise<{ heads: AuditHead[]; problems: string[] }> {
    const { path, publicKeyPath } = this.#options
    const text = (await readFile(path).catch(nothingYet)).toString()
    return readHeads(text, readPublicKeys(await readFile(publicKeyPath, 'utf8')))
  }

  async #write(): Promise<void> {
    const { db, clock, path } = this.#options
    const { rows } = await db.query<{ seq: number; hash: Buffer; algorithm: AuditAlgorithm; action: string }>(
      'SELECT seq, hash, algorithm, action FROM public.audit_log ORDER BY seq DESC LIMIT 1',
    )
    const last = rows[0]
    // The record of a head moves the log too, and must not call for the next one.
    if (!last || last.action === 'audit.head') return
    const { seq, algorithm } = last
    const hash = last.hash.toString('hex')
    const atMs = clock.nowMs()
    const head = signHead({ seq, hash, at: new Date(atMs).toISOString(), algorithm }, this.#key)
    // First the file: a head that the log does not mention is only more than was promised.
    await appendFile(path, `${canonicalJson(head)}\n`, { mode: 0o640, flush: true })
    await recordAudit(db, { atMs, actor: system, action: 'audit.head', detail: { seq, hash, keyId: head.keyId } })
    this.#known = this.#known?.then((heads) => [...heads, head])
  }
}

/** Opens (or makes) the key and the file. A line that a crash left unfinished is taken away. */
export async function openAuditHeads(options: HeadsOptions, key: { given: string | undefined; path: string }): Promise<AuditHeads> {
  const opened = new AuditHeads(options, await openSigningKey(key.given, key.path, options.publicKeyPath, 'AUDIT_KEY'))
  const bytes = await readFile(options.path).catch(nothingYet)
  const whole = bytes.lastIndexOf(0x0a) + 1
  if (whole < bytes.byteLength) await truncate(options.path, whole)
  return opened
}

/** No head was ever written. A file that is there and cannot be read is another matter. */
function nothingYet(error: NodeJS.ErrnoException): Buffer {
  if (error.code === 'ENOENT') return Buffer.alloc(0)
  throw error
}
