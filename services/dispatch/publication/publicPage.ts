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
      rows.length === 0 ? '<p role="status">暂无公示 · Nothing yet</p>' : `<ul>${items.join('')}</ul>`,
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
      withdrawn ? withdrawnOf(since) : tablesOf(Number(named[1]), since, published),
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
const dayOf = (since: Date): string => new Date(since.getTime() + ZONE_OFFSET_MS).toISOString().slice(0, 10)
const withdrawnOf = (since: Date): string => `<p role="status">本公示已于 ${dayOf(since)} 撤回 · Withdrawn</p>`
/** `text`: so many columns say something; those after them are figures. */
const table = (name: string, text: number, head: readonly string[], rows: readonly (readonly string[])[]): string => {
  const figure = (at: number): string => (at < text ? '' : ' class="figure"')
  return `<div class="scroll" role="region" aria-label="${name}" tabindex="0"><table><thead><tr>${head.map((one, at) => `<th scope="col"${figure(at)}>${escapeHtml(one)}</th>`).join('')}</tr></thead><tbody>${rows
    .map((row) => `<tr>${row.map((cell, at) => `<td${figure(at)}>${escapeHtml(cell)}</td>`).join('')}</tr>`)
    .join('')}</tbody></table></div>`
}
function tablesOf(id: number, since: Date, { items, units, trips }: Published): string {
  const sums = items.filter(isSum)
  const files = `<p class="files">公示日期 ${dayOf(since)} <small lang="en">Published</small> · <a href="/public/trips">全部公示</a> · 下载 <a href="/public/trips/${id}.csv">CSV</a> <a href="/public/trips/${id}.json">JSON</a></p>`
  if (trips.length === 0) return `${files}<p role="status">本月没有可公示的用车 · No trips of this month are public</p>`
  const texts = items.filter((item) => !isSum(item))
  return `${files}
<h2>各单位合计 <small>By unit</small></h2>
${table(
  '各单位合计',
  1,
  ['单位', '次数', ...sums.map((item) => headOf(item))],
  units.map((unit) => [unit.unit, String(unit.trips), ...sums.map((item) => amountOf(item, unit))]),
)}
<h2>用车明细 <small>Trips</small></h2>
${table(
  '用车明细',
  1 + texts.length,
  ['单位', ...[...texts, ...sums].map((item) => headOf(item))],
  trips.map((trip) => [trip.unit, ...[...texts, ...sums].map((item) => cellOf(item, trip))]),
)}`
}

const pageOf = (title: string, english: string, content: string): string => `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>
:root { color-scheme: light dark; --ink: #16211d; --quiet: #55635d; --line: #d5dcd9; --ground: #f4f6f5; --paper: #fff; --mark: #1b6b4f; font: 16px/1.6 "Noto Sans SC", "PingFang SC", "Microsoft YaHei", system-ui, sans-serif }
@media (prefers-color-scheme: dark) { :root { --ink: #e6ece9; --quiet: #a3b0aa; --line: #33403a; --ground: #121815; --paper: #1a221e; --mark: #6fc7a4 } }
body { margin: 0; background: var(--ground); color: var(--ink) }
main { margin: 0 auto; max-width: 66rem; padding: 2rem 1rem 4rem }
h1 { margin: 0 0 .25rem; font-size: 1.5rem; line-height: 1.3 }
h2 { margin: 2rem 0 .5rem; font-size: 1.1rem }
a { color: var(--mark) }
small, .files { color: var(--quiet); font-size: .875rem; font-weight: 400 }
[role='status'], main > ul { margin: 1.5rem 0; padding: 1.25rem 1.5rem; background: var(--paper); border: 1px solid var(--line); border-radius: 8px }
main > ul { list-style: none }
main > ul li + li { margin-top: .5rem }
.scroll { overflow-x: auto; background: var(--paper); border: 1px solid var(--line); border-radius: 8px }
table { width: 100%; border-collapse: collapse }
th, td { padding: .5rem .9rem; text-align: left; white-space: nowrap }
th { color: var(--quiet); font-size: .875rem; font-weight: 600 }
tbody tr { border-top: 1px solid var(--line) }
.figure { text-align: right; font-variant-numeric: tabular-nums }
@media print { body { background: none } .scroll { overflow: visible; border: 0 } }
</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)} <small lang="en">${escapeHtml(english)}</small></h1>
${content}
</main>
</body>
</html>
`
