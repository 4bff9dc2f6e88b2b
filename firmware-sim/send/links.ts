// Which connections there are and which terminal speaks through which: one of the gateway account, or one per terminal.
import type { Manifest, ManifestTerminal } from '../../services/contracts/manifest.ts'
import { UsageError } from '../usageError.ts'
import { Link } from './link.ts'

export type ConnectionMode = 'gateway' | 'terminal'
export type Links = { all: readonly Link[]; of(terminal: number): number }

/** One connection carries what the fleet says: an account of a server broker has one session. */
const GATEWAY_WINDOW = 1024
/** One message at a time, as a small terminal does. */
const TERMINAL_WINDOW = 1
/** Connections opened per second in terminal mode: a broker's accept queue is short. */
const OPENED_PER_SECOND = 500

export function openLinks(url: string, mode: ConnectionMode, manifest: Manifest, terminals: readonly ManifestTerminal[]): Links {
  if (mode === 'terminal') {
    const all = terminals.map(
      ({ terminalId, secret }, n) =>
        new Link({
          url,
          clientId: terminalId,
          username: terminalId,
          password: secret,
          window: TERMINAL_WINDOW,
          firstDelayMs: (n * 1000) / OPENED_PER_SECOND,
        }),
    )
    return { all, of: (terminal) => terminal }
  }
  const { id, secret } = manifest.gateway
  return { all: [new Link({ url, clientId: id, username: id, password: secret, window: GATEWAY_WINDOW })], of: () => 0 }
}

/** MQTT 3.1.1 return codes of a refused account: bad user name or password, not authorised. */
const REFUSED = new Set([4, 5])

/** Resolves when the first connection stands. @throws UsageError when the broker refuses the account before that */
export function firstConnection({ all }: Links): Promise<void> {
  return new Promise((resolve, reject) => {
    for (const link of all) {
      link.once('up', resolve)
      link.once('down', (reason) => {
        if (REFUSED.has((reason as { code?: number } | undefined)?.code ?? 0))
          reject(new UsageError(`The broker refuses the account: ${reason?.message}.`))
      })
    }
  })
}
