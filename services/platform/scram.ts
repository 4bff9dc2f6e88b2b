// A password as PostgreSQL keeps it, made here so that it is never sent.
import { createHmac, pbkdf2Sync, randomBytes } from 'node:crypto'
import { sha256 } from './crypto.ts'

/** What PostgreSQL stores of a password (RFC 5803); whoever reads a server's log of statements learns no password from it. */
export function scramVerifier(password: string, salt: Uint8Array = randomBytes(16)): string {
  const iterations = 4096
  const salted = pbkdf2Sync(password, salt, iterations, 32, 'sha256')
  const keyed = (text: string) => createHmac('sha256', salted).update(text).digest()
  const stored = sha256(keyed('Client Key')).toString('base64')
  return `SCRAM-SHA-256$${iterations}:${Buffer.from(salt).toString('base64')}$${stored}:${keyed('Server Key').toString('base64')}`
}
