// The audit log's arithmetic: which hash, over which bytes. Everybody who writes or verifies the chain goes through here.
import { createHash, getHashes } from 'node:crypto'
import type { AuditAlgorithm } from '../contracts/auditRecord.ts'

/** What new records are hashed with: SM3 where this build of Node has it. */
export const chainAlgorithm: AuditAlgorithm = getHashes().includes('sm3') ? 'sm3' : 'sha256'

/**
 * hash = H(previous hash, 32 bytes ‖ seq, 8 bytes big-endian ‖ body, UTF-8). The first two have fixed lengths, so no two records
 * share an encoding.
 */
export function chainHash(algorithm: AuditAlgorithm, previous: Uint8Array, seq: number, body: string): Buffer {
  if (previous.byteLength !== 32) throw new RangeError('a hash of the chain has 32 bytes')
  head.set(previous, 0)
  head.writeBigUInt64BE(BigInt(seq), 32)
  return createHash(algorithm).update(head).update(body, 'utf8').digest()
}

const head = Buffer.alloc(40)

/** What the first record follows: the name of the installation, hashed. The migration that makes the log does the same in SQL. */
export const genesisHash = (installationId: string): Buffer => createHash('sha256').update(`morin audit log ${installationId}`).digest()
