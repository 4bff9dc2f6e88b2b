// When each terminal last spoke or was let in: gathered in memory and written about once a second in one statement, because a row more in
// every commit would be paid by every position. Best effort: what a worker that ends at once had gathered is a second.
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
  /** Writes what was gathered. */
  write(): Promise<void>
}

export function createContacts(db: Queryable, clock: Clock): Contacts {
  let gathered = new Map<string, number>()

  return {
    noteMessage({ topic, refused, from, receivedMs }) {
      if (from === SERVICE_USERNAME) return
      const terminalId = refused ? refused.sender : parseUplinkTopic(topic)?.terminalId
      if (terminalId) gathered.set(terminalId, receivedMs)
    },
    noteLetIn: (name) => void gathered.set(name, clock.nowMs()),
    async write() {
      if (gathered.size === 0) return
      // In one order: two workers that heard the same must not lock crosswise.
      const heard = [...gathered].sort(([a], [b]) => (a < b ? -1 : 1))
      gathered = new Map()
      await db.query(WRITE, [heard.map(([id]) => id), heard.map(([, atMs]) => new Date(atMs).toISOString())])
    },
  }
}
