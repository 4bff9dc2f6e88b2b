// Keeps the broker's files as the database has the terminals: who is registered can connect and who is revoked is cut off within seconds.
import type { Queryable } from '../../platform/db.ts'
import type { Logger } from '../../platform/log.ts'
import { revisionOf } from './accounts.ts'

const EVERY_MS = 1_000
/** Reading 23,000 accounts again takes the broker a moment in which it does nothing else: many changes are told together. */
const RELOAD_AT_MOST_EVERY_MS = 2_000

export type Watching = {
  db: Queryable
  /** The files as they should be now. */
  render: () => Promise<Record<string, string>>
  write: (files: Record<string, string>) => Promise<void>
  /** Tells the broker. */
  reload: () => Promise<void>
  /** Where the files lie, for who asks whether somebody keeps them. */
  place: string
  log: Logger
}

/** Looks every second. What fails – the database, the disk, a broker that is not there – is tried again. */
export function watchAccounts({ db, render, write, reload, place, log }: Watching): { stop(): Promise<void> } {
  let seen = -1
  let written = ''
  let toTell = false
  let toldAtMs = Number.NEGATIVE_INFINITY
  let failed = ''

  /** Looked, and the broker has been told or will be in a moment: that it did not fail is what health goes by. */
  async function looked(): Promise<void> {
    await look()
    await db.query('INSERT INTO account_watches (place) VALUES ($1) ON CONFLICT (place) DO UPDATE SET seen_at = now()', [place])
  }

  async function look(): Promise<void> {
    const revision = await revisionOf(db)
    if (revision !== seen) {
      const files = await render()
      const text = JSON.stringify(files)
      // A terminal that has only changed its vehicle is no business of the broker.
      if (text !== written) {
        await write(files)
        written = text
        toTell = true
      }
      seen = revision
    }
    if (!toTell || performance.now() - toldAtMs < RELOAD_AT_MOST_EVERY_MS) return
    await reload()
    toTell = false
    toldAtMs = performance.now()
    log.info({ revision }, 'accounts written, and the broker told')
  }

  const looking = (): Promise<void> =>
    looked().then(
      () => {
        failed = ''
      },
      (error: Error) => {
        if (failed !== error.message)
          log.warn({ error: error.message }, 'the broker’s accounts are not up to date; trying again each second')
        failed = error.message
      },
    )
  let running: Promise<void> | undefined
  const begin = (): void => {
    running ??= looking().finally(() => {
      running = undefined
    })
  }
  begin()
  const timer = setInterval(begin, EVERY_MS)
  return {
    async stop() {
      clearInterval(timer)
      await running
    },
  }
}
