// The audit log's arithmetic: which hash, over which bytes. Everybody who writes or verifies the chain goes through here.
import { createHash, getHashes, hash } from 'node:crypto'
import type { AuditAlgorithm } from '../contracts/auditRecord.ts'

/** What new records are hashed with: SM3 where this build of Node has it. */
export const chainAlgorithm: AuditAlgorithm = getHashes().includes('sm3') ? 'sm3' : 'sha256'
/** Can this build of Node check a record that was hashed so? */
export const canHash = (algorithm: AuditAlgorithm): boolean => algorithm !== 'sm3' || chainAlgorithm === 'sm3'

/** How the letters of a body's text stand for its bytes: as UTF-8, or each letter one byte that was read so. */
export type BodyLetters = 'utf8' | 'latin1'

/**
 * hash = H(previous hash, 32 bytes ‖ seq, 8 bytes big-endian ‖ body, UTF-8), all hashes here in hexadecimal. The first two parts have
 * fixed lengths, so no two records share an encoding.
 */
export function chainHash(algorithm: AuditAlgorithm, previous: string, seq: number, body: string, letters: BodyLetters = 'utf8'): string {
  if (previous.length !== 64) throw new RangeError('a hash of the chain has 32 bytes')
  // UTF-8 takes at most three bytes for each unit of a JavaScript string.
  if (scratch.byteLength < 40 + body.length * 3) scratch = Buffer.allocUnsafe(40 + body.length * 3)
  if (scratch.write(previous, 0, 'hex') !== 32) throw new RangeError('a hash of the chain is hexadecimal')
  scratch.writeUInt32BE(Math.floor(seq / 2 ** 32), 32)
  scratch.writeUInt32BE(seq % 2 ** 32, 36)
  const end = 40 + scratch.write(body, 40, letters)
  return hash(algorithm, scratch.subarray(0, end), 'hex')
}

/** One call into the hash for a record, without an object for it, costs half of what three calls do, and verifying is little else. */
let scratch = Buffer.allocUnsafe(64 * 1024)

/** What the first record follows: the name of the installation, hashed. The migration that makes the log does the same in SQL. */
export const genesisHash = (installationId: string): string =>
  createHash('sha256').update(`morin audit log ${installationId}`).digest('hex')
