// When each terminal last spoke or was let in: gathered in memory and written about once a second in one statement, because a row more in
// every commit would be paid by every position. Of a fleet of which more speak each second than one statement takes, those are written whose turn it is:
// 23,188 that speak every second within twelve. Best effort: what a worker that ends at once had gathered is lost.
import { parseUplinkTopic } from '../contracts/topics.ts'
import { SERVICE_USERNAME } from '../platform/broker/authority.ts'
import type { Clock } from '../platform/clock.ts'
import type { Queryable } from '../platform/db.ts'
import type { Message } from './message.ts'

const WRITE = `
INSERT INTO terminal_contacts AS c (terminal_id, last_at)
SELECT terminal_id, at FROM unnest($1::text[], $2::timestamptz[]) AS n(terminal_id, at) JOIN terminals USING (terminal_id)
ON CONFLICT (terminal_id) DO UPDATE SET last_at = excluded.last_at WHERE c.last_at < excluded.last_at`

export type Contacts = {
  /** A message came: its sender was heard. What our own service puts through again is nobody's word. */
  noteMessage(message: Pick<Message, 'topic' | 'refused' | 'from' | 'receivedMs'>): void
  /** It was let in. */
  noteLetIn(name: string): void
  /** Writes of those gathered the first `most`, in the order in which they were first heard since they were written. */
  write(most?: number): Promise<void>
}

/** As many as a statement writes in about 20 ms: ten thousand a second took a sixth of the embedded database. */
export const CONTACTS_A_SECOND = 2_000

export function createContacts(db: Queryable, clock: Clock): Contacts {
  const gathered = new Map<string, number>()

  return {
    noteMessage({ topic, refused, from, receivedMs }) {
      if (from === SERVICE_USERNAME) return
      const terminalId = refused ? refused.sender : parseUplinkTopic(topic)?.terminalId
      if (terminalId) gathered.set(terminalId, receivedMs)
    },
    noteLetIn: (name) => void gathered.set(name, clock.nowMs()),
    async write(most = Number.POSITIVE_INFINITY) {
      const heard: [terminalId: string, atMs: number][] = []
      for (const one of gathered) {
        if (heard.length >= most) break
        heard.push(one)
      }
      if (heard.length === 0) return
      for (const [id] of heard) gathered.delete(id)
      // In one order: two workers that heard the same must not lock crosswise.
      heard.sort(([a], [b]) => (a < b ? -1 : 1))
      await db.query(WRITE, [heard.map(([id]) => id), heard.map(([, atMs]) => new Date(atMs).toISOString())])
    },
  }
}
