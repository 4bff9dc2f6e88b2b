// What the measures of the audit desk share: the history that is asked about, whoever asks, and how long it took.
import type { Ask, AskKind } from '../../services/dispatch/whereabouts/ask.ts'
import type { Database } from '../../services/platform/db.ts'
import type { History } from './history.ts'

export type Desk = {
  db: Database
  history: History
  rounds: number
  /** Of the region that was seeded, with its terminals' secrets. */
  dataDir: string
  /** Of the database, as its owner. */
  url: string
  /** Where the service answers; started when it is first asked for. */
  origin(): Promise<string>
}

/** A question of somebody who sees everything. */
export const askOf = (kind: AskKind, period: { fromMs: number; untilMs: number }): Ask => ({
  caller: { accountId: 1, username: 'bench', role: 'bureau_admin' } as never,
  reach: { lft: 0, rgt: 2 ** 30, cleared: [], unmasked: [] },
  ...{ kind, caseId: undefined, purpose: undefined, about: {}, ...period, atMs: period.untilMs },
})

/** Milliseconds of each round; the first is thrown away. */
export async function timed(rounds: number, work: () => Promise<void>): Promise<number[]> {
  const sample: number[] = []
  for (let round = -1; round < rounds; round++) {
    const begun = performance.now()
    await work()
    if (round >= 0) sample.push(performance.now() - begun)
  }
  return sample
}
