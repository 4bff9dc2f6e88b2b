// The page behind the code on a printed order: is there such an order, how does it stand, and is the sheet in one's hand its last version?
// For whoever stops the vehicle or takes its key: without an account, and without a word of who travels, drives or asked. Plain HTML, no script.
import type { FastifyInstance } from 'fastify'
import { Refusal } from '../contracts/errors.ts'
import { ZONE_OFFSET_MS } from '../domain/days.ts'
import { stateAt } from '../domain/lifecycle.ts'
import { type OrderState, orderLifecycle, sheetVersionOf } from '../domain/orders.ts'
import { plateAsPrinted } from '../domain/vehicle.ts'
import { wordOf } from '../domain/words.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/db.ts'
import { findWhole } from './orders/orders.ts'
import { readSheetToken } from './orders/sheet/token.ts'

type Pair = readonly [zh: string, en: string]
type Fact = readonly [name: Pair, value: string | Pair]

export function registerVerification(app: FastifyInstance, deps: { db: Database; clock: Clock; key: Buffer | undefined }): void {
  app.get<{ Params: { token: string } }>('/verify/:token', { logLevel: 'silent', schema: { hide: true } }, async (request, reply) => {
    const named = deps.key && readSheetToken(deps.key, request.params.token)
    const found = named && (await readFacts(deps, named))
    reply.header('cache-control', 'no-store').header('x-robots-tag', 'noindex').type('text/html; charset=utf-8')
    return found ? pageOf(found.verdict, found.good, found.facts) : reply.code(404).send(pageOf(unknown, false, []))
  })
}

const unknown: Pair = ['未找到对应的派车单，请当心伪造', 'No order belongs to this code: it may be forged']
const current: Pair = ['真实有效，且为最新版本', 'Genuine, and the last version']
const replaced: Pair = ['派车单已变更，此纸质件不是最新版本', 'The order was changed since: this sheet is not its last version']
const over: Record<string, Pair> = {
  VOIDED: ['派车单已作废，此纸质件无效', 'The order was voided: this sheet is not valid'],
  DECLINED: ['派车单未被接单，此纸质件无效', 'The order was not accepted: this sheet is not valid'],
}

async function readFacts({ db, clock }: { db: Database; clock: Clock }, { orderId, version }: { orderId: number; version: number }) {
  const nowMs = clock.nowMs()
  const order = await findWhole(db, orderId, nowMs).catch((error: unknown) => {
    if (error instanceof Refusal) return undefined
    throw error
  })
  if (!order) return undefined
  const state = stateAt<OrderState>(orderLifecycle, order.state, order.times!, nowMs)
  const last = sheetVersionOf(order.steps.map(({ action }) => action))
  const dayOf = (instant: string) => new Date(Date.parse(instant) + ZONE_OFFSET_MS).toISOString().slice(0, 10)
  const [from, until] = [dayOf(order.startsAt), dayOf(order.endsAt)]
  const facts: Fact[] = [
    [['编号', 'Number'], order.number],
    [
      ['状态', 'State'],
      [wordOf('orderState', state, 'zh-CN')!, wordOf('orderState', state, 'en')!],
    ],
    [['派车单位', 'Issued by'], order.issuer.name],
    [['用车单位', 'Unit'], order.unit.name],
    [['车辆', 'Vehicle'], order.vehicle ? plateAsPrinted(order.vehicle.plate) : (order.lease?.supplier.name ?? ['不公开', 'Not public'])],
    [['用车日期', 'Dates'], from === until ? from : `${from} – ${until}`],
    [
      ['版本', 'Version'],
      [`此件第 ${version} 版，最新第 ${last} 版`, `${version}; the last is ${last}`],
    ],
  ]
  const verdict = over[state] ?? (version === last ? current : replaced)
  return { facts, verdict, good: verdict === current }
}

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
const both = (value: string | Pair): string =>
  typeof value === 'string' ? escapeHtml(value) : `${escapeHtml(value[0])}<small lang="en">${escapeHtml(value[1])}</small>`

const pageOf = (verdict: Pair, good: boolean, facts: readonly Fact[]): string => `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>派车单核验 · Order verification</title>
<style>
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { margin: 0 auto; max-width: 34rem; padding: 1.5rem 1rem }
h1 { font-size: 1.2rem }
p { border: 2px solid; border-radius: 8px; padding: .75rem 1rem; font-weight: 600 }
p.good { color: light-dark(#1d6b3a, #7fd19b) }
p.bad { color: light-dark(#a1260d, #ff9d85) }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .5rem 1rem }
dt { opacity: .75 }
dd { margin: 0; overflow-wrap: anywhere }
small { display: block; font-weight: 400 }
</style>
</head>
<body>
<h1>公务用车派车单核验<small lang="en">Verification of an order for an official vehicle</small></h1>
<p role="status" class="${good ? 'good' : 'bad'}">${both(verdict)}</p>
${facts.length > 0 ? `<dl>${facts.map(([name, value]) => `<dt>${both(name)}</dt><dd>${both(value)}</dd>`).join('')}</dl>` : ''}
</body>
</html>
`
