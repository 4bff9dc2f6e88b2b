// Hears from the server that requests, orders or promises have changed, and has what is shown of them read again. After a break what was missed is
// known by its number.
import { useEffect } from 'react'
import { queryClient } from '../../kit/api/session.ts'
import { Store } from '../../kit/store.ts'
import { joinLine } from '../connection/line.ts'

/** While it is heard what has changed, pages ask of themselves only now and then; otherwise every few seconds. */
const heardStore = new Store(false)
const HEARD_MS = 60_000
const UNHEARD_MS = 3_000
export const everyMs = (): number => (heardStore.get() ? HEARD_MS : UNHEARD_MS)

/** Changes that come faster are read together: lists and the board, and what a whole pool is ranked for. */
const READ_MS = 600
const RANK_MS = 8_000

export function useTripNews(hears: boolean): void {
  useEffect(() => {
    if (!hears) return
    const read = throttled(() => refresh([['requests'], ['orders'], ['board']]), READ_MS)
    const rank = throttled(() => refresh([['candidates']]), RANK_MS)
    let through: number | undefined
    const { leave } = joinLine({
      trips(now) {
        heardStore.set(true)
        if (through !== undefined && now > through) {
          read.soon()
          rank.soon()
        }
        through = Math.max(through ?? 0, now)
      },
      lost: () => heardStore.set(false),
    })
    return () => {
      leave()
      read.cancel()
      rank.cancel()
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
