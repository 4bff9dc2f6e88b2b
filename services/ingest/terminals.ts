// Terminals and gateways in memory: for binding positions to vehicles and for the broker's credentials. The whole fleet is read at
// the start and every `refreshMs`; an id not found is looked up once, with all others that wait, and then not again for `absentMs`.
import type { Clock } from '../platform/clock.ts'
import type { Queryable } from '../platform/db.ts'

export type Terminal = { terminalId: string; vehicleId: number | null; gatewayId: string | null; credentialHash: Uint8Array }
export type Gateway = { gatewayId: string; credentialHash: Uint8Array }

/** Serves the broker as its `Credentials` too. */
export type Terminals = {
  /** null = no such terminal; undefined = not known, or known without a vehicle for a while: `resolve` first. */
  terminal(terminalId: string): Terminal | null | undefined
  gateway(gatewayId: string): Gateway | null | undefined
  /** Reads everything again. */
  refresh(): Promise<void>
  /** Looks up ids that are not known. Calls made while a look-up runs share the next one. */
  resolve(...ids: string[]): Promise<void>
}

const MAX_REMEMBERED_ABSENT = 100_000
const SELECT_TERMINALS =
  'SELECT terminal_id AS "terminalId", vehicle_id AS "vehicleId", gateway_id AS "gatewayId", credential_hash AS "credentialHash" FROM terminals'
const SELECT_GATEWAYS = 'SELECT gateway_id AS "gatewayId", credential_hash AS "credentialHash" FROM gateways'

/** Nothing is known before the first `refresh` or `resolve`. */
export function createTerminals(db: Queryable, clock: Clock, absentMs = 10_000): Terminals {
  let terminals = new Map<string, Terminal>()
  let gateways = new Map<string, Gateway>()
  // Ids looked up in vain (or found without a vehicle), and when: they are not asked for again before `absentMs` has passed.
  const askedInVain = new Map<string, number>()
  let waiting = new Set<string>()
  let next: Promise<void> | undefined
  let running: Promise<void> = Promise.resolve()

  const recentlyInVain = (id: string): boolean => {
    const at = askedInVain.get(id)
    return at !== undefined && clock.nowMs() - at < absentMs
  }

  async function lookUp(): Promise<void> {
    const ids = [...waiting]
    waiting = new Set()
    next = undefined
    const found = await db.query<Terminal>(`${SELECT_TERMINALS} WHERE terminal_id = ANY($1::text[])`, [ids])
    const foundGateways = await db.query<Gateway>(`${SELECT_GATEWAYS} WHERE gateway_id = ANY($1::text[])`, [ids])
    for (const terminal of found.rows) terminals.set(terminal.terminalId, terminal)
    for (const gateway of foundGateways.rows) gateways.set(gateway.gatewayId, gateway)
    if (askedInVain.size > MAX_REMEMBERED_ABSENT) askedInVain.clear()
    for (const id of ids) {
      if (terminals.get(id)?.vehicleId == null && !gateways.has(id)) askedInVain.set(id, clock.nowMs())
      else askedInVain.delete(id)
    }
  }

  return {
    terminal(id) {
      const known = terminals.get(id)
      if (known && known.vehicleId !== null) return known
      if (recentlyInVain(id)) return known ?? null
      return gateways.has(id) ? null : undefined
    },
    gateway(id) {
      return gateways.get(id) ?? (terminals.has(id) || recentlyInVain(id) ? null : undefined)
    },
    async refresh() {
      const all = await db.query<Terminal>(SELECT_TERMINALS)
      const allGateways = await db.query<Gateway>(SELECT_GATEWAYS)
      terminals = new Map(all.rows.map((row) => [row.terminalId, row]))
      gateways = new Map(allGateways.rows.map((row) => [row.gatewayId, row]))
    },
    resolve(...ids) {
      for (const id of ids) waiting.add(id)
      // One look-up at a time: however many strangers knock, the database is asked one question.
      next ??= running.catch(() => undefined).then(lookUp)
      running = next
      return next
    },
  }
}
