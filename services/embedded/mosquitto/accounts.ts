// Mosquitto's password and access files for the terminals of a manifest: who may connect, and on which topics.
import { pbkdf2Sync, randomBytes } from 'node:crypto'
import type { Manifest } from '../../contracts/manifest.ts'

const ITERATIONS = 101 // Mosquitto's own default; the secrets are random 192-bit strings, so stretching adds nothing
const SERVICE_ACCOUNT = 'morin-service'

/** One line of Mosquitto's password file: `user:$7$iterations$salt$hash`, PBKDF2 with SHA-512 over 64 bytes. */
export function passwordLine(user: string, secret: string, salt: Buffer = randomBytes(12)): string {
  const derived = pbkdf2Sync(secret, salt, ITERATIONS, 64, 'sha512')
  return `${user}:$7$${ITERATIONS}$${salt.toString('base64')}$${derived.toString('base64')}`
}

/** The two files. Without a manifest only the services may connect. */
export function mosquittoFiles(serviceSecret: string, manifest: Manifest | null): { passwd: string; acl: string } {
  const users: [string, string][] = [[SERVICE_ACCOUNT, serviceSecret]]
  if (manifest) {
    users.push([manifest.gateway.id, manifest.gateway.secret])
    for (const terminal of manifest.terminals) users.push([terminal.terminalId, terminal.secret])
  }
  const acl = [
    `user ${SERVICE_ACCOUNT}`,
    'topic readwrite vmp/v1/#',
    'topic readwrite live/v1/#',
    ...(manifest ? [`user ${manifest.gateway.id}`, 'topic write vmp/v1/+/+/up/#'] : []),
    '# A terminal speaks and listens under its own number only.',
    'pattern write vmp/v1/+/%u/up/#',
    'pattern read vmp/v1/+/%u/dn/#',
  ]
  return { passwd: `${users.map(([user, secret]) => passwordLine(user, secret)).join('\n')}\n`, acl: `${acl.join('\n')}\n` }
}
