// Mosquitto's password and access files: who may connect, and on which topics. Terminals come from the database, whose verifiers are
// written as they are; the demo's from its manifest, which alone knows their secrets.
import type { Manifest } from '../../contracts/manifest.ts'
import { brokerVerifier } from '../../platform/broker/verifier.ts'
import { matchesHash } from '../../platform/crypto.ts'
import type { Queryable } from '../../platform/db.ts'

const SERVICE_ACCOUNT = 'morin-service'
/** As Mosquitto writes them: PBKDF2 with SHA-512. Nothing else becomes a line of its file. */
const VERIFIER = /^\$7\$\d{1,7}\$[A-Za-z0-9+/=]{4,64}\$[A-Za-z0-9+/=]{4,128}$/

/** A terminal that may connect. */
export type Account = { terminalId: string; verifier: string }
type Row = { terminalId: string; verifier: string | null; hash: Uint8Array | null }

/** Makes the verifier of a secret once: a new one would differ by its salt, and the broker would be told of a change that is none. */
export function createVerifiers(): (user: string, secret: string) => string {
  const made = new Map<string, string>()
  return (user, secret) => {
    const key = `${user} ${secret}`
    const verifier = made.get(key) ?? brokerVerifier(secret)
    made.set(key, verifier)
    return verifier
  }
}

/** How far the terminals have changed: the same number, the same accounts. */
export async function revisionOf(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ revision: number }>(
    'SELECT greatest((SELECT max(revision) FROM terminals), (SELECT max(revision) FROM terminal_removals), 0) AS revision',
  )
  return rows[0]!.revision
}

/** Terminals that have a secret and are not revoked. One whose verifier was never written is in the manifest with its secret, or cannot connect. */
export async function readAccounts(db: Queryable, manifest: Manifest | null, verifierOf = createVerifiers()): Promise<Account[]> {
  const { rows } = await db.query<Row>(
    `SELECT terminal_id AS "terminalId", broker_verifier AS verifier, credential_hash AS hash FROM terminals
      WHERE revoked_at IS NULL AND credential_hash IS NOT NULL ORDER BY terminal_id`,
  )
  const secrets = new Map(manifest?.terminals.map(({ terminalId, secret }) => [terminalId, secret]))
  return rows.flatMap(({ terminalId, verifier, hash }) => {
    if (verifier !== null) return VERIFIER.test(verifier) ? [{ terminalId, verifier }] : []
    const secret = secrets.get(terminalId)
    return secret !== undefined && matchesHash(secret, hash!) ? [{ terminalId, verifier: verifierOf(terminalId, secret) }] : []
  })
}

/** Every terminal of the manifest: where no database is asked. */
export function manifestAccounts(manifest: Manifest | null, verifierOf = createVerifiers()): Account[] {
  return (manifest?.terminals ?? []).map(({ terminalId, secret }) => ({ terminalId, verifier: verifierOf(terminalId, secret) }))
}

/** The two files. The gateway is the manifest's. */
export function mosquittoFiles(
  serviceSecret: string,
  manifest: Manifest | null,
  accounts: readonly Account[] = manifestAccounts(manifest),
  verifierOf = createVerifiers(),
): { passwd: string; acl: string } {
  const lines = [`${SERVICE_ACCOUNT}:${verifierOf(SERVICE_ACCOUNT, serviceSecret)}`]
  if (manifest) lines.push(`${manifest.gateway.id}:${verifierOf(manifest.gateway.id, manifest.gateway.secret)}`)
  for (const { terminalId, verifier } of accounts) lines.push(`${terminalId}:${verifier}`)
  const acl = [
    `user ${SERVICE_ACCOUNT}`,
    'topic readwrite vmp/v1/#',
    'topic readwrite live/v1/#',
    'topic read $SYS/broker/#',
    ...(manifest
      ? [
          `user ${manifest.gateway.id}`,
          `topic deny vmp/v1/+/${SERVICE_ACCOUNT}/up/#`,
          'topic write vmp/v1/+/+/up/#',
          'topic read vmp/v1/+/+/dn/#',
        ]
      : []),
    '# A terminal speaks and listens under its own number only.',
    'pattern write vmp/v1/+/%u/up/#',
    'pattern read vmp/v1/+/%u/dn/#',
  ]
  return { passwd: `${lines.join('\n')}\n`, acl: `${acl.join('\n')}\n` }
}
