// Calendars that programs subscribe to. Nobody signs in: the token in the address is all there is, and it stands in no log.
import type { FastifyInstance } from 'fastify'
import { Refusal } from '../contracts/errors.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/db.ts'
import { readCalendar } from './orders/feeds/feeds.ts'

export function registerCalendars(app: FastifyInstance, { db, clock }: { db: Database; clock: Clock }): void {
  app.get<{ Params: { file: string } }>('/calendar/:file', { logLevel: 'silent', schema: { hide: true } }, async (request, reply) => {
    const token = /^([\w-]{32})\.ics$/.exec(request.params.file)?.[1]
    const calendar = token && (await readCalendar(db, token, clock.nowMs()))
    if (!calendar) throw new Refusal('NOT_FOUND')
    return reply
      .header('cache-control', 'private, no-cache')
      .header('content-disposition', 'inline; filename="orders.ics"')
      .type('text/calendar; charset=utf-8')
      .send(calendar)
  })
}
