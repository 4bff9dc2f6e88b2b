// Secrets of terminals: made here, handed out in one answer, and kept as what can only be compared with. Nothing of them is recorded.
import type { TerminalCredential } from '../../contracts/api/terminals.ts'
import type { AnswerOf } from '../../contracts/api.ts'
import { locationTopic } from '../../contracts/topics.ts'
import { brokerVerifierAside } from '../../platform/broker/verifier.ts'
import { newLegibleSecret, sha256 } from '../../platform/crypto.ts'

export type Issued = { terminalId: string; secret: string; hash: Buffer; verifier: string }

/** A new secret for each, as the embedded broker and as Mosquitto compare it. Thousands take a second: have them before a lock is held. */
export const issueSecrets = (terminalIds: readonly string[]): Promise<Issued[]> =>
  Promise.all(
    terminalIds.map(async (terminalId) => {
      const secret = newLegibleSecret()
      return { terminalId, secret, hash: sha256(secret), verifier: await brokerVerifierAside(secret) }
    }),
  )

export type Connection = AnswerOf<'issueCredentials'>['connection']

/** As the installation says; a topic is any division's, so a terminal that moves need not be set up again. */
export function connectionOf(address: string | undefined): Connection {
  const url = address === undefined ? undefined : new URL(address)
  const port = url && Number(url.port || (url.protocol === 'mqtts:' ? 8883 : 1883))
  return { host: url?.hostname ?? null, port: port ?? null, topic: locationTopic('{adcode}', '{terminalId}') }
}

export const credentialOf = ({ terminalId, secret }: Issued, adcode: string): TerminalCredential => ({
  terminalId,
  secret,
  topic: locationTopic(adcode, terminalId),
})
