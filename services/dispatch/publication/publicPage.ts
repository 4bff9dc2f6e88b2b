// What is public of trips, for everybody and without an account: the list, one publication as a page, and the same as open data (CSV, JSON). Plain HTML, no script. What was
// withdrawn says so, and since when; what is only drafted is not there. Asked anew at each reading: of a vehicle that has become sensitive nothing is told any more.
import type { FastifyInstance } from 'fastify'
import { ZONE_OFFSET_MS } from '../../domain/days.ts'
import { type Drafted, type PublicationItem, type Published, publicOf } from '../../domain/publication.ts'
import { wordLists, wordOf } from '../../domain/words.ts'
import type { Database } from '../../platform/db.ts'
import { csvCell } from '../../tables/write/csv.ts'
import { hiddenNow } from './publications.ts'

const MOST = 500
type Found = { state: 'PUBLISHED' | 'WITHDRAWN'; since: Date; published: Published }

export function registerPublicTrips(app: FastifyInstance, db: Database): void {
  const quiet = { logLevel: 'silent', schema: { hide: true } } as const
  app.get('/public/trips', quiet, async (_request, reply) => {
    const { rows } = await db.query<{ id: number; month: string; name: string; state: string }>(
      `SELECT p.publication_id AS id, p.month, p.state, o.name FROM publications p JOIN organisations o USING (organisation_id)
       WHERE p.state IN ('PUBLISHED', 'WITHDRAWN') ORDER BY p.month DESC, o.lft, p.publication_id DESC LIMIT ${MOST}`,
    )
    const items = rows.map(
      ({ id, month, name, state }) =>
        `<li><a href="/public/trips/${id}">${escapeHtml(name)} ${month}</a>${state === 'WITHDRAWN' ? ' <small>已撤回 · withdrawn</small>' : ''}</li>`,
    )
    void reply.header('cache-control', 'no-cache').type('text/html; charset=utf-8')
    return pageOf(
      '公务用车公示',
      'Trips of official vehicles',
      rows.length === 0 ? '<p>暂无公示 · Nothing yet</p>' : `<ul>${items.join('')}</ul>`,
    )
  })
  app.get<{ Params: { file: string } }>('/public/trips/:file', quiet, async (request, reply) => {
    const named = /^([1-9]\d{0,8})(?:\.(csv|json))?$/.exec(request.params.file)
    const found = named && (await find(db, Number(named[1])))
    void reply.header('cache-control', 'no-cache')
    if (!found) {
      void reply.code(404).type('text/html; charset=utf-8')
      return pageOf('没有此公示', 'There is no such publication', '')
    }
    const { state, since, published } = found
    const withdrawn = state === 'WITHDRAWN'
    if (named[2] === 'json') {
      void reply.code(withdrawn ? 410 : 200).type('application/json; charset=utf-8')
      return withdrawn
        ? { form: published.form, month: published.month, organisation: published.organisation, withdrawn: since.toISOString() }
        : published
    }
    if (named[2] === 'csv') {
      void reply.code(withdrawn ? 410 : 200).type('text/csv; charset=utf-8')
      return withdrawn ? `\uFEFF已撤回\r\n` : csvOf(published)
    }
    void reply.type('text/html; charset=utf-8')
    return pageOf(
      `${published.organisation} ${published.month} 公务用车公示`,
      'Trips of official vehicles',
      withdrawn ? withdrawnOf(since) : tablesOf(Number(named[1]), published),
    )
  })
}

async function find(db: Database, id: number): Promise<Found | undefined> {
  const { rows } = await db.query<{ state: Found['state']; since: Date; body: string }>(
    `SELECT p.state, p.since, p.body FROM publications p WHERE p.publication_id = $1 AND p.state IN ('PUBLISHED', 'WITHDRAWN')`,
    [id],
  )
  const row = rows[0]
  return row && { state: row.state, since: row.since, published: publicOf(JSON.parse(row.body) as Drafted, await hiddenNow(db)) }
}

const units: Partial<Record<PublicationItem, string>> = { tripKm: '（公里）', tripFuel: '（元）', tripCost: '（元）' }
const headOf = (item: PublicationItem): string => `${wordLists.publicationItem[item][0]}${units[item] ?? ''}`
const yuan = (fen: number | undefined): string => ((fen ?? 0) / 100).toFixed(2)
type SumItem = 'tripKm' | 'tripFuel' | 'tripCost'
const isSum = (item: PublicationItem): item is SumItem => item in units
const amountOf = (item: SumItem, of: { km?: number; fuelFen?: number; costFen?: number }): string =>
  item === 'tripKm' ? (of.km ?? 0).toFixed(1) : yuan(item === 'tripFuel' ? of.fuelFen : of.costFen)
const cellOf = (item: PublicationItem, trip: Published['trips'][number]): string => {
  if (isSum(item)) return amountOf(item, trip)
  if (item === 'tripReason') return wordOf('tripPurpose', trip.purpose ?? '', 'zh-CN') ?? wordLists.tripPurpose.other[0]
  return (item === 'tripDay' ? trip.day : trip.place) ?? '其他地点'
}

const csvOf = ({ items, trips }: Published): string =>
  `\uFEFF${[['单位', ...items.map((item) => headOf(item))], ...trips.map((trip) => [trip.unit, ...items.map((item) => cellOf(item, trip))])]
    .map((row) => row.map((cell) => csvCell(cell)).join(','))
    .join('\r\n')}\r\n`

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
const withdrawnOf = (since: Date): string =>
  `<p role="status">本公示已于 ${new Date(since.getTime() + ZONE_OFFSET_MS).toISOString().slice(0, 10)} 撤回 · Withdrawn</p>`
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  `<table><thead><tr>${head.map((one) => `<th scope="col">${escapeHtml(one)}</th>`).join('')}</tr></thead><tbody>${rows
    .map((row) => `<tr>${row.map((cell) => `<td>${escapeHtml(cell)}</td>`).join('')}</tr>`)
    .join('')}</tbody></table>`
function tablesOf(id: number, { items, units, trips }: Published): string {
  const sums = items.filter(isSum)
  return `<p><a href="/public/trips/${id}.csv">CSV</a> <a href="/public/trips/${id}.json">JSON</a></p>
<h2>各单位合计 <small>By unit</small></h2>
${table(
  ['单位', '次数', ...sums.map((item) => headOf(item))],
  units.map((unit) => [unit.unit, String(unit.trips), ...sums.map((item) => amountOf(item, unit))]),
)}
<h2>用车明细 <small>Trips</small></h2>
${table(
  ['单位', ...items.map((item) => headOf(item))],
  trips.map((trip) => [trip.unit, ...items.map((item) => cellOf(item, trip))]),
)}`
}

const pageOf = (title: string, english: string, content: string): string => `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { margin: 0 auto; max-width: 60rem; padding: 1.5rem 1rem }
h1 { font-size: 1.3rem }
h2 { font-size: 1.05rem }
table { border-collapse: collapse; display: block; overflow-x: auto }
th, td { border: 1px solid color-mix(in srgb, currentColor 30%, transparent); padding: .25rem .6rem; text-align: left; white-space: nowrap }
small { font-weight: 400; opacity: .75 }
</style>
</head>
<body>
<h1>${escapeHtml(title)} <small lang="en">${escapeHtml(english)}</small></h1>
${content}
</body>
</html>
`
