// A broker of the test's own on an ephemeral port. It can go away, come back on the same port, and withhold acknowledgements.
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { Aedes } from 'aedes'
import type { PositionMessage } from '../../services/contracts/position.ts'

export type Received = { topic: string; positions: PositionMessage[] }
export type TestBroker = Awaited<ReturnType<typeof startBroker>>

export async function startBroker() {
  const received: Received[] = []
  const waiting: { count: number; resolve: () => void }[] = []
  const withheld: (() => void)[] = []
  const held = { acks: false }
  const accounts = new Set<string>()
  let positions = 0
  let running = await open(0)

  async function open(port: number): Promise<{ broker: Aedes; server: Server }> {
    const broker = await Aedes.createBroker()
    broker.authenticate = (_client, username, password, done) => {
      accounts.add(`${username}:${password}`)
      done(null, username !== 'stranger')
    }
    broker.authorizePublish = (_client, { topic, payload }, done) => {
      const data = JSON.parse(payload.toString())
      const batch = Array.isArray(data) ? data : [data]
      received.push({ topic, positions: batch })
      positions += batch.length
      for (const { count, resolve } of waiting) if (positions >= count) resolve()
      if (held.acks) withheld.push(() => done(null))
      else done(null)
    }
    const server = createServer(broker.handle)
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    return { broker, server }
  }

  const { port } = running.server.address() as AddressInfo
  const away = async () => {
    const closed = once(running.server, 'close')
    running.server.close()
    await new Promise<void>((resolve) => running.broker.close(resolve))
    await closed
  }
  return {
    url: `mqtt://127.0.0.1:${port}`,
    received,
    accounts,
    held,
    /** Positions that arrived, repeats included. */
    get positions() {
      return positions
    },
    /** Resolves when so many positions have arrived, repeats included. */
    arrived: (count: number) => new Promise<void>((resolve) => (positions >= count ? resolve() : waiting.push({ count, resolve }))),
    /** Acknowledges what was withheld, and all that follows. */
    release() {
      held.acks = false
      for (const acknowledge of withheld.splice(0)) acknowledge()
    },
    goAway: away,
    async comeBack() {
      running = await open(port)
    },
    stop: away,
  }
}
