// One session answers everybody: whoever asks should wait for no more than what runs already. What nobody waits for keeps to one statement or transaction at a
// time, and lets whoever asks go first; it never waits for long, so that under any load it goes on.
import type { Database, Queryable, Row } from './db.ts'

/** So long what nobody waits for lets others go first, each time. */
const MOST_MS = 100

/** Two doors to one database. `asked`: for whoever waits for the answer. `behind`: for what nobody waits for. */
export function inTwoDoors(db: Database, mostMs = MOST_MS): { asked: Database; behind: Database } {
  let asking = 0
  const waiting = new Set<() => void>()
  const first = async <T>(work: () => Promise<T>): Promise<T> => {
    asking++
    try {
      return await work()
    } finally {
      asking--
      if (asking === 0) for (const goOn of [...waiting]) goOn()
    }
  }
  const nobodyAsks = (): Promise<void> =>
    new Promise((resolve) => {
      const goOn = (): void => {
        clearTimeout(timer)
        waiting.delete(goOn)
        resolve()
      }
      const timer = setTimeout(goOn, mostMs)
      waiting.add(goOn)
    })
  let last: Promise<unknown> = Promise.resolve()
  const after = <T>(work: () => Promise<T>): Promise<T> => {
    const before = last
    const mine = (async () => {
      await before
      if (asking > 0) await nobodyAsks()
      return work()
    })()
    last = mine.catch(() => undefined)
    return mine
  }
  const door = (through: typeof first): Database => ({
    query: <R extends Row = Row>(text: string, values?: unknown[]) => through(() => db.query<R>(text, values)),
    transaction: <T>(work: (client: Queryable) => Promise<T>) => through(() => db.transaction(work)),
    close: () => db.close(),
  })
  return { asked: door(first), behind: door(after) }
}
