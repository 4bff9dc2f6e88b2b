// Sends what waits, one after the other, and says what becomes of each: gone once the server has it, kept while nobody knows, set aside when it
// was refused. Knows neither the browser's store nor the network: both are given to it.
import type { OrderDetail } from '../../../services/contracts/api/orders.ts'
import { ApiError } from '../../kit/api/client.ts'
import { type Aside, type Entry, nextToSend } from './entries.ts'

export type EntryStore = {
  /** In the order in which they were done. */
  list(): Promise<Entry[]>
  remove(id: string): Promise<void>
  /** Does nothing when it is gone. */
  setAside(id: string, aside: Aside): Promise<void>
}
export type Sender = {
  /** The username of whoever is signed in. */
  whoAmI(): Promise<string>
  readOrder(orderId: number): Promise<Pick<OrderDetail, 'version'>>
  /** Sends it under its key: what has arrived already is answered as if it arrived now. `version`: of its order; null where it belongs to none. */
  send(entry: Entry, version: number | null): Promise<unknown>
}

/** `done`: nothing waits but what was set aside. `later`: something is tried again. `stopped`: nothing can be sent now. */
export type Outcome = 'done' | 'later' | 'stopped'
type Verdict = 'sent' | 'later' | 'stop' | 'again' | Aside

/** How often somebody may be faster before it is left for the next time. */
const TRIES = 3

export async function sendAll(store: EntryStore, sender: Sender): Promise<Outcome> {
  if ((await store.list()).every(({ aside }) => aside)) return 'done'
  let username: string
  try {
    username = await sender.whoAmI()
  } catch {
    return 'stopped' // no network, or nobody signed in: everything stays, and the page says that it waits
  }
  const waiting = new Set<number | null>()
  for (;;) {
    const entry = nextToSend(await store.list(), username, waiting)
    if (!entry) return waiting.size > 0 ? 'later' : 'done'
    const verdict = await send(sender, entry)
    if (verdict === 'stop') return 'stopped'
    if (verdict === 'sent') await store.remove(entry.id)
    else if (typeof verdict === 'object') await store.setAside(entry.id, verdict)
    else waiting.add(entry.orderId)
  }
}

/** With the version read just before: whoever was overtaken reads once more. */
async function send(sender: Sender, entry: Entry): Promise<Verdict> {
  for (let tries = 1; tries <= TRIES; tries++) {
    try {
      const order = entry.orderId === null ? null : await sender.readOrder(entry.orderId)
      await sender.send(entry, order?.version ?? null)
      return 'sent'
    } catch (error) {
      const verdict = judge(error)
      if (verdict !== 'again') return verdict
    }
  }
  return 'later'
}

/** What an answer that was no yes means for what was sent. */
function judge(error: unknown): Exclude<Verdict, 'sent'> {
  if (!(error instanceof ApiError)) return 'later'
  switch (error.code) {
    case 'OFFLINE':
    case 'UNAVAILABLE':
    case 'RATE_LIMITED':
    // Whoever is to sign in again, or has a step of it to do, finds everything as it was.
    case 'NOT_SIGNED_IN':
    case 'TOTP_REQUIRED':
    case 'TOTP_ENROLMENT_REQUIRED':
    case 'ENTRY_CODE_REQUIRED':
    case 'PASSWORD_CHANGE_REQUIRED':
    case 'NOTICE_REQUIRED':
    case 'ACCOUNT_NOT_ACTIVE':
    case 'CSRF_FAILED':
      return 'stop'
    case 'CHANGED_MEANWHILE':
      return 'again'
    case 'INTERNAL':
    case 'OUTCOME_UNKNOWN':
    case 'TOO_SLOW':
      return 'later'
    default:
      return { code: error.code, issues: error.issues }
  }
}
