// Senders with a past to tell, of whom each waits for its turn: in the order in which they came, a gateway and a terminal by turns, because a gateway
// speaks for many. Whoever is called offers its message again and is let in. Nobody waits twice: who comes back on another connection keeps his place.
import { setImmediate } from 'node:timers'

export type Turnstile = {
  /** Waits for the turn of this sender; `weight` is what its message may have. */
  wait(sender: string, gateway: boolean, weight: number): Promise<void>
  /** Was it called, and has not come in since? It is let in once. */
  called(sender: string): boolean
  /** How many wait. */
  waiting(): number
  /** Calls whom there is room for, soon: when everything that is happening now has happened. */
  call(): void
}

type Waiting = { turn: Promise<void>; weight: number; call: () => void }
type Queue = Map<string, Waiting>

/** @param room what those who are called may weigh now; 0 = nobody is called */
export function createTurnstile(room: () => number): Turnstile {
  const terminals: Queue = new Map()
  const gateways: Queue = new Map()
  const called = new Set<string>()
  let gatewayNext = false
  let soon = false

  function queueOfNext(): Queue {
    gatewayNext = !gatewayNext
    const [first, second] = gatewayNext ? [gateways, terminals] : [terminals, gateways]
    return first.size > 0 ? first : second
  }

  function callNow(): void {
    soon = false
    let left = room()
    if (left <= 0) return
    while (left > 0 && terminals.size + gateways.size > 0) {
      const queue = queueOfNext()
      const [sender, { weight, call }] = queue.entries().next().value!
      queue.delete(sender)
      called.add(sender)
      left -= weight
      call()
    }
    // Some of those called may have gone, and some weigh less than they might have: who is left is asked for again.
    callSoon()
  }

  function callSoon(): void {
    if (soon || terminals.size + gateways.size === 0) return
    soon = true
    setImmediate(callNow)
  }

  return {
    wait(sender, gateway, weight) {
      const queue = gateway ? gateways : terminals
      const there = queue.get(sender)
      if (there) return there.turn
      let call: () => void = () => undefined
      const turn = new Promise<void>((resolve) => {
        call = resolve
      })
      queue.set(sender, { turn, weight, call })
      return turn
    },
    called: (sender) => called.delete(sender),
    waiting: () => terminals.size + gateways.size,
    call: callSoon,
  }
}
