// Who may connect to the embedded broker and what each may do there. The rules are pure; the credentials come through `Credentials`.
import { timingSafeEqual } from 'node:crypto'
import { ACCOUNT_NAME, parseUplinkTopic, SERVICE_NAME } from '../../contracts/topics.ts'
import { matchesHash, sha256 } from '../crypto.ts'

export const SERVICE_USERNAME = SERVICE_NAME

/** Who was let in, and by which secret: it may stay for as long as that is the one in force. */
export type Identity = { kind: 'service'; id: string } | { kind: 'gateway' | 'terminal'; id: string; credentialHash: Uint8Array }

/** A secret that is null was not issued yet. */
export type TerminalCredential = { credentialHash: Uint8Array | null; gatewayId: string | null; revoked: boolean }

/** What is on record about terminals and gateways, as far as it is in memory. */
export type Credentials = {
  /** null = there is no such terminal; undefined = not known yet: `resolve` it first. */
  terminal(terminalId: string): TerminalCredential | null | undefined
  gateway(gatewayId: string): { credentialHash: Uint8Array } | null | undefined
  /** Reads what is not known yet. Rejects while the database is away. */
  resolve(id: string): Promise<void>
  /** Reads again what is known: it may have changed a moment ago. Rejects while the database is away. */
  renew(id: string): Promise<void>
}

/** Secrets are 32 letters; who sends more than this is not one of ours. */
const MAX_SECRET_BYTES = 256

/** unknown = nobody has that name; secret = another secret than the one in force; none = no secret was issued yet. */
export type Refused = 'unknown' | 'secret' | 'none' | 'revoked'

/**
 * Who is this, or why not? The form is judged first: what cannot be a name of ours, or a secret, is not looked up, and has no reason that
 * anybody should hear of. Nobody is refused by what is merely remembered: a secret that was issued a moment ago opens the door.
 * Rejects when the credentials cannot be read: the sender shall try again, its secret may be right.
 */
export async function authenticate(
  credentials: Credentials,
  serviceSecret: string,
  username: string | undefined,
  password: Uint8Array | undefined,
): Promise<Identity | Refused | undefined> {
  if (!username || !password?.length || !ACCOUNT_NAME.test(username) || password.length > MAX_SECRET_BYTES) return undefined
  if (username === SERVICE_USERNAME) {
    return timingSafeEqual(sha256(password), sha256(serviceSecret)) ? { kind: 'service', id: username } : undefined
  }
  const remembered = credentials.terminal(username) !== undefined && credentials.gateway(username) !== undefined
  if (!remembered) await credentials.resolve(username)
  const verdict = judge(credentials, username, password)
  if (!remembered || typeof verdict === 'object') return verdict
  await credentials.renew(username)
  return judge(credentials, username, password)
}

function judge(credentials: Credentials, username: string, password: Uint8Array): Identity | Refused {
  const gateway = credentials.gateway(username)
  if (gateway) return holder('gateway', username, password, gateway.credentialHash)
  const terminal = credentials.terminal(username)
  if (!terminal) return 'unknown'
  if (terminal.revoked) return 'revoked'
  return terminal.credentialHash === null ? 'none' : holder('terminal', username, password, terminal.credentialHash)
}

const holder = (kind: 'gateway' | 'terminal', id: string, password: Uint8Array, credentialHash: Uint8Array): Identity | 'secret' =>
  matchesHash(password, credentialHash) ? { kind, id, credentialHash } : 'secret'

/** Is the secret by which `identity` was let in still the one in force? */
export function mayStay(credentials: Credentials, identity: Identity): boolean {
  if (identity.kind === 'service') return true
  const known = identity.kind === 'gateway' ? credentials.gateway(identity.id) : credentials.terminal(identity.id)
  if (!known || ('revoked' in known && known.revoked)) return false
  const { credentialHash } = known
  return (
    credentialHash === identity.credentialHash || (credentialHash !== null && Buffer.compare(credentialHash, identity.credentialHash) === 0)
  )
}

/** Up to 128 characters without control characters and without what stands for bytes that are not UTF-8. */
const CLIENT_ID = /^[^\p{Cc}\ufffd]{0,128}$/u
export const isClientId = (clientId: string): boolean => CLIENT_ID.test(clientId)

/**
 * The key of a session: whoever connects with it pushes its holder out and has what waits for it. It lies within the authenticated name,
 * so nobody can take another's. A terminal has one session, whatever client id it gives; gateways and services one for each client id.
 */
export const sessionKey = ({ kind, id }: Identity, clientId: string): string => (kind === 'terminal' ? id : `${id}/${clientId}`)

export type Verdict = 'yes' | 'ask' | { refused: string }

/** May `identity` publish on this uplink topic? 'ask' = resolve the terminal first. */
export function mayPublish(credentials: Credentials, identity: Identity, topic: string): Verdict {
  const uplink = parseUplinkTopic(topic)
  if (!uplink) return { refused: 'not an uplink topic' }
  if (identity.kind === 'service') return 'yes'
  if (uplink.terminalId === SERVICE_NAME) return { refused: 'our own service alone publishes under its name' }
  if (identity.kind === 'terminal') {
    return uplink.terminalId === identity.id ? 'yes' : { refused: `terminal ${identity.id} may publish for itself only` }
  }
  const terminal = credentials.terminal(uplink.terminalId)
  if (terminal === undefined) return 'ask'
  // A terminal that does not exist belongs to nobody: the pipeline quarantines it under its own reason.
  if (terminal === null || terminal.gatewayId === identity.id) return 'yes'
  return { refused: `gateway ${identity.id} is not the gateway of this terminal` }
}

const DOWNLINK = /^vmp\/v1\/\d{6}\/([A-Za-z0-9_-]{4,30})\/dn\/./

/** May `identity` subscribe to this filter? Terminals and gateways hear only what is sent to their own terminals. */
export function maySubscribe(credentials: Credentials, identity: Identity, filter: string): boolean {
  // Aedes accepts a shared subscription and never delivers to it: refusing is the honest answer.
  if (filter.startsWith('$share/')) return false
  if (identity.kind === 'service') return true
  const terminalId = DOWNLINK.exec(filter)?.[1]
  if (!terminalId) return false
  return identity.kind === 'terminal' ? terminalId === identity.id : credentials.terminal(terminalId)?.gatewayId === identity.id
}
