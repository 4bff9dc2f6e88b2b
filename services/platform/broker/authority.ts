// Who may connect to the embedded broker and what each may do there. The rules are pure; the credentials come through `Credentials`.
import { timingSafeEqual } from 'node:crypto'
import { parseUplinkTopic } from '../../contracts/topics.ts'
import { matchesHash, sha256 } from '../crypto.ts'

export const SERVICE_USERNAME = 'morin-service'

export type Identity = { kind: 'service'; id: string } | { kind: 'gateway'; id: string } | { kind: 'terminal'; id: string }

/** What is on record about terminals and gateways, as far as it is in memory. */
export type Credentials = {
  /** null = there is no such terminal; undefined = not known yet: `resolve` it first. */
  terminal(terminalId: string): { credentialHash: Uint8Array; gatewayId: string | null } | null | undefined
  gateway(gatewayId: string): { credentialHash: Uint8Array } | null | undefined
  /** Reads what is not known yet. Rejects while the database is away. */
  resolve(id: string): Promise<void>
}

/**
 * Who is this? undefined when the secret is wrong or nobody has that name.
 * Rejects when the credentials cannot be read: the sender shall try again, its secret may be right.
 */
export async function authenticate(
  credentials: Credentials,
  serviceSecret: string,
  username: string | undefined,
  password: Uint8Array | undefined,
): Promise<Identity | undefined> {
  if (!username || !password) return undefined
  if (username === SERVICE_USERNAME) {
    return timingSafeEqual(sha256(password), sha256(serviceSecret)) ? { kind: 'service', id: username } : undefined
  }
  if (credentials.terminal(username) === undefined || credentials.gateway(username) === undefined) await credentials.resolve(username)
  const gateway = credentials.gateway(username)
  if (gateway) return matchesHash(password, gateway.credentialHash) ? { kind: 'gateway', id: username } : undefined
  const terminal = credentials.terminal(username)
  return terminal && matchesHash(password, terminal.credentialHash) ? { kind: 'terminal', id: username } : undefined
}

export type Verdict = 'yes' | 'ask' | { refused: string }

/** May `identity` publish on this uplink topic? 'ask' = resolve the terminal first. */
export function mayPublish(credentials: Credentials, identity: Identity, topic: string): Verdict {
  const uplink = parseUplinkTopic(topic)
  if (!uplink) return { refused: 'not an uplink topic' }
  if (identity.kind === 'service') return 'yes'
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
