// Hears from the server that requests, orders or promises have changed, and has what is shown of them read again. After a break what was missed is
// known by its number.
import { useEffect } from 'react'
import type { Socket } from 'socket.io-client'
import { type BrowserToServer, LIVE_SOCKET_PATH, type ServerToBrowser } from '../../../services/contracts/liveSocket.ts'
import { queryClient } from '../../kit/api/session.ts'
import { Store } from '../../kit/store.ts'

/** While it is heard what has changed, pages ask of themselves only now and then; otherwise every few seconds. */
const heardStore = new Store(false)
const HEARD_MS = 60_000
const UNHEARD_MS = 3_000
export const everyMs = (): number => (heardStore.get() ? HEARD_MS : UNHEARD_MS)

/** Changes that come faster are read together: lists and the board, and what a whole pool is ranked for. */
const READ_MS = 600
const RANK_MS = 8_000
const RESTART_MS = 3_000

export function useTripNews(hears: boolean): void {
  useEffect(() => {
    if (!hears) return
    const read = throttled(() => refresh([['requests'], ['orders'], ['board']]), READ_MS)
    const rank = throttled(() => refresh([['candidates']]), RANK_MS)
    let through: number | undefined
    let socket: Socket<ServerToBrowser, BrowserToServer> | undefined
    let closed = false
    let again: ReturnType<typeof setTimeout> | undefined
    void import('socket.io-client').then(({ io }) => {
      if (closed) return
      socket = io({ path: LIVE_SOCKET_PATH, transports: ['websocket'], reconnectionDelayMax: 5_000 })
      // Refused at the door, or ended on purpose: the session may be over, and somebody may sign in anew.
      const restart = () => {
        heardStore.set(false)
        if (socket!.active) return
        clearTimeout(again)
        again = setTimeout(() => socket!.connect(), RESTART_MS)
      }
      socket.on('trips', (now) => {
        heardStore.set(true)
        if (through !== undefined && now > through) {
          read.soon()
          rank.soon()
        }
        through = Math.max(through ?? 0, now)
      })
      socket.on('disconnect', restart)
      socket.on('connect_error', restart)
    })
    return () => {
      closed = true
      clearTimeout(again)
      read.cancel()
      rank.cancel()
      socket?.disconnect()
      heardStore.set(false)
    }
  }, [hears])
}

function refresh(keys: string[][]): void {
  for (const queryKey of keys) void queryClient.invalidateQueries({ queryKey })
}

/** At once the first time, then no more often than every `ms`, and never without the last. */
function throttled(work: () => void, ms: number): { soon(): void; cancel(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined
  let waiting = false
  const run = () => {
    waiting = false
    work()
    timer = setTimeout(() => {
      timer = undefined
      if (waiting) run()
    }, ms)
  }
  return {
    soon() {
      if (timer) waiting = true
      else run()
    },
    cancel: () => clearTimeout(timer),
  }
}
