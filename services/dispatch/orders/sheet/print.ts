// An order on paper: made when somebody asks for it, from what is stored. No order waits for its sheet, and none lacks a number for it.
import { Refusal } from '../../../contracts/errors.ts'
import { sheetVersionOf } from '../../../domain/orders.ts'
import type { Download } from '../../../platform/download.ts'
import { actorOf, type Who } from '../../kernel/caller.ts'
import { recordAudit } from '../../kernel/record.ts'
import type { OrdersDeps } from '../drivers.ts'
import { readOrder } from '../orders.ts'
import { ownerFor } from '../own.ts'
import { type SheetLanguage, sheetOf } from './lines.ts'
import { pdfOf } from './pdf.ts'
import { sheetToken } from './token.ts'

/**
 * What the reader sees of the order, as PDF. `site`: how this service is reached.
 * @throws Refusal NOT_FOUND; UNAVAILABLE where the installation has no key to seal links with
 */
export async function printOrder(
  { db, clock, key }: OrdersDeps,
  who: Who,
  orderId: number,
  language: SheetLanguage,
  site: string,
): Promise<Download> {
  const nowMs = clock.nowMs()
  const order = await readOrder(db, who, orderId, nowMs)
  if (!key) throw new Refusal('UNAVAILABLE')
  const version = sheetVersionOf(order.steps.map(({ action }) => action))
  const sheet = sheetOf(order, version, language, nowMs)
  // It names people and leaves the house, so it is on record before it does. Of his own trip nobody leaves one.
  if (ownerFor(who.caller, 'order.view') === null)
    await recordAudit(db, {
      atMs: nowMs,
      actor: actorOf(who.caller),
      action: 'order.sheet-read',
      subject: { type: 'order', id: orderId },
      detail: { number: order.number, version },
    })
  const content = await pdfOf(sheet, `${site}/verify/${sheetToken(key, { orderId, version })}`, nowMs)
  return { fileName: `${sheet.title}${order.number}.pdf`, mediaType: 'application/pdf', content }
}
