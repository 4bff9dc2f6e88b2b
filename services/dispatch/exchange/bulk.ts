// Months of costs, trips or findings as one CSV file, for finance and audit offices: read in slices by number, month by month, so that neither the database nor this process ever holds a year.
// Nothing of sensitive vehicles is in it, whoever asks, and nobody's name: it leaves the house.
import type { z } from 'zod'
import type { BulkSubject } from '../../contracts/api/exchange.ts'
import { MOST_MONTHS } from '../../contracts/api/exchange.ts'
import type { Api } from '../../contracts/api.ts'
import { Refusal } from '../../contracts/errors.ts'
import { refusal } from '../../contracts/refusals.ts'
import { dayAt, ZONE_OFFSET_MS } from '../../domain/days.ts'
import { orderNumber } from '../../domain/orders.ts'
import type { Capability } from '../../domain/permissions.ts'
import { periodAfter, readPeriod } from '../../domain/statistics/period.ts'
import type { RuleCode } from '../../domain/supervision/codes.ts'
import { isVerified, type SupervisionState } from '../../domain/supervision/findings.ts'
import { unitOf } from '../../domain/supervision/rules.ts'
import { saidOf } from '../../domain/supervision/ruleWords.ts'
import { plateAsPrinted } from '../../domain/vehicle.ts'
import { type Word, wordOf } from '../../domain/words.ts'
import type { Database, Row } from '../../platform/db.ts'
import type { Download } from '../../platform/download.ts'
import { writeCsv } from '../../tables/write/csv.ts'
import { actorOf, grantFor, may, type Who } from '../kernel/caller.ts'
import { recordAudit } from '../kernel/record.ts'
import { openVehicles } from '../kernel/sight.ts'
import { unitTestsOf } from '../kernel/within.ts'

const SLICE = 1_000

type Cell = string | number
type Locale = 'zh-CN' | 'en'
type Bulk = {
  needs: Capability
  name: Word
  /** Rows `x` with `id`, `unit_id`, `vehicle_id`, of days from `$1` to `$2`, both included, in the region. */
  rows: string
  columns: readonly { heading: Word; cell(row: Row, locale: Locale): Cell }[]
}

const yuan = (fen: unknown): Cell => (fen === null ? '' : Number(fen) / 100)
const minute = (at: unknown): Cell =>
  at === null ? '' : new Date((at as Date).getTime() + ZONE_OFFSET_MS).toISOString().slice(0, 16).replace('T', ' ')
const text = (key: string) => (row: Row) => (row[key] as Cell | null) ?? ''
const word = (list: Parameters<typeof wordOf>[0], key: string) => (row: Row, locale: Locale) =>
  row[key] === null ? '' : (wordOf(list, row[key] as string, locale) ?? String(row[key]))
const plate = {
  heading: ['号牌号码', 'Plate'],
  cell: (row: Row) => (row.plate === null ? '' : plateAsPrinted(row.plate as string)),
} as const
const unit = { heading: ['单位', 'Unit'], cell: text('unit') } as const
const number = { heading: ['编号', 'No.'], cell: text('id') } as const
const order = {
  heading: ['派车单', 'Order'],
  cell: (row: Row) => (row.year === null || row.number === null ? '' : orderNumber(row.year as number, row.number as number)),
} as const
const standing = (verified: boolean): Word => (verified ? ['已核实', 'verified'] : ['疑似', 'suspected'])
const IN_DAYS = (at: string) =>
  `${at} >= $1::date::timestamp AT TIME ZONE 'Asia/Shanghai' AND ${at} < ($2::date + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'`

const bulks: Record<BulkSubject, Bulk> = {
  costs: {
    needs: 'cost.view',
    name: ['费用明细', 'Cost entries'],
    rows: `SELECT e.entry_id AS id, e.unit_id, e.vehicle_id, e.day::text AS day, e.cost_centre, e.kind, e.fen, e.quantity, d.year, d.number
      FROM cost_entries e LEFT JOIN dispatch_orders d ON d.order_id = e.order_id WHERE e.day BETWEEN $1::date AND $2::date`,
    columns: [
      ...[number, unit],
      { heading: ['成本中心', 'Cost centre'], cell: text('cost_centre') },
      { heading: ['入账日期', 'Booked on'], cell: text('day') },
      ...[plate, order],
      { heading: ['费用类别', 'Kind'], cell: word('costKind', 'kind') },
      { heading: ['金额（元）', 'Amount (yuan)'], cell: ({ fen }) => yuan(fen) },
      { heading: ['数量（升、千瓦时）', 'Quantity (L, kWh)'], cell: ({ quantity }) => (quantity === null ? '' : Number(quantity) / 1000) },
    ],
  },
  trips: {
    needs: 'order.view',
    name: ['出车明细', 'Trips'],
    rows: `SELECT d.order_id AS id, r.unit_id, d.vehicle_id, d.year, d.number, r.purpose_kind, r.kind, r.passengers, d.departed_at, d.returned_at, d.state,
        (SELECT sum(greatest(p.odometer_back_m - p.odometer_out_m, 0)) FROM order_parts p WHERE p.order_id = d.order_id)::float8 AS m,
        (SELECT sum(e.fen) FROM cost_entries e WHERE e.order_id = d.order_id)::float8 AS fen
      FROM dispatch_orders d JOIN trip_requests r USING (request_id) WHERE ${IN_DAYS('d.returned_at')}`,
    columns: [
      ...[number, order, unit, plate],
      { heading: ['用车事由', 'Purpose'], cell: word('tripPurpose', 'purpose_kind') },
      { heading: ['用车方式', 'Kind of request'], cell: word('requestKind', 'kind') },
      { heading: ['乘车人数', 'Passengers'], cell: text('passengers') },
      { heading: ['出车时间', 'Departed'], cell: ({ departed_at }) => minute(departed_at) },
      { heading: ['返回时间', 'Returned'], cell: ({ returned_at }) => minute(returned_at) },
      { heading: ['里程（公里）', 'Distance (km)'], cell: ({ m }) => (m === null ? '' : Math.round(Number(m) / 100) / 10) },
      { heading: ['费用（元）', 'Costs (yuan)'], cell: ({ fen }) => yuan(fen) },
      { heading: ['状态', 'State'], cell: word('orderState', 'state') },
    ],
  },
  findings: {
    needs: 'finding.view',
    name: ['监督线索', 'Findings'],
    rows: `SELECT f.finding_id AS id, f.unit_id, f.vehicle_id, f.code, f.severity, f.state, f.day::text AS day, f.from_at, f.until_at, f.suspicion->'figure' AS figure,
        f.suspicion->'threshold' AS threshold, f.suspicion->>'note' AS note, f.told_at, f.raised_at, d.year, d.number
      FROM supervision_findings f LEFT JOIN dispatch_orders d ON d.order_id = f.order_id WHERE f.day BETWEEN $1::date AND $2::date`,
    columns: [
      ...[number, unit, plate, order],
      { heading: ['规则', 'Rule'], cell: word('rule', 'code') },
      // What is not verified is a suspicion, in this file as well.
      {
        heading: ['性质', 'Standing'],
        cell: ({ state }, locale) => standing(isVerified(state as SupervisionState))[locale === 'en' ? 1 : 0],
      },
      { heading: ['级别', 'Weight'], cell: word('supervisionSeverity', 'severity') },
      { heading: ['办理状态', 'State'], cell: word('supervisionState', 'state') },
      { heading: ['发生日', 'Day'], cell: text('day') },
      { heading: ['发生时间', 'From'], cell: ({ from_at }) => minute(from_at) },
      { heading: ['结束时间', 'Until'], cell: ({ until_at }) => minute(until_at) },
      { heading: ['数值', 'Figure'], cell: text('figure') },
      { heading: ['阈值', 'Threshold'], cell: text('threshold') },
      {
        heading: ['计量单位', 'In'],
        cell: ({ code, note }, locale) => saidOf('unit', unitOf(code as RuleCode, (note as string | null) ?? undefined), locale) ?? '',
      },
      {
        heading: ['情形', 'What'],
        cell: ({ note }, locale) => (note === null ? '' : (saidOf('note', note as string, locale) ?? String(note))),
      },
      { heading: ['提示时间', 'Raised'], cell: ({ raised_at }) => minute(raised_at) },
    ],
  },
}

type Asked = z.output<Api['exportBulk']['query']>

/** @throws Refusal FORBIDDEN to whoever may not see what is in it; VALIDATION_FAILED for months that are none, too many, or have not begun */
export async function exportBulk(
  db: Database,
  who: Who,
  subject: BulkSubject,
  { from, until, organisationId, locale }: Asked,
  nowMs: number,
): Promise<Download> {
  const { needs, name, rows, columns } = bulks[subject]
  if (!may(who.caller, needs) || grantFor(who.caller, needs).reach !== 'scope') throw new Refusal('FORBIDDEN')
  const months = monthsOf(from, until, dayAt(nowMs))
  // Whoever decides nothing is told of what somebody told him of, as on the page.
  const told = subject === 'findings' && !may(who.caller, 'finding.decide') ? ['x.told_at IS NOT NULL'] : []
  const read = (month: string, after: number) => {
    const { from: first, until: last } = readPeriod(month)!
    const values: unknown[] = [first, last, after]
    const $ = (value: unknown) => `$${values.push(value)}`
    const tests = [
      ...unitTestsOf($, who.reach, organisationId, 'u'),
      ...told,
      'x.id > $3',
      '(x.vehicle_id IS NULL OR v.vehicle_id IS NOT NULL)',
    ]
    return db.query(
      `SELECT x.*, u.name AS unit, v.plate FROM (${rows}) x JOIN organisations u ON u.organisation_id = x.unit_id
       LEFT JOIN ${openVehicles(`'{}'`)} v ON v.vehicle_id = x.vehicle_id WHERE ${tests.join(' AND ')} ORDER BY x.id LIMIT ${SLICE}`,
      values,
    )
  }
  await recordAudit(db, {
    atMs: nowMs,
    actor: actorOf(who.caller),
    action: 'bulk.export',
    subject: { type: 'export', id: subject },
    detail: { from, until, ...(organisationId === undefined ? {} : { organisationId }) },
  })
  const column = locale === 'en' ? 1 : 0
  async function* slices(): AsyncGenerator<Cell[][]> {
    for (const month of months)
      for (let after = 0, more = true; more; ) {
        const { rows: found } = await read(month, after)
        more = found.length === SLICE
        if (found.length > 0) {
          after = found.at(-1)!.id as number
          yield found.map((row) => columns.map(({ cell }) => cell(row, locale)))
        }
      }
  }
  return {
    fileName: `${name[column]} ${from}${from === until ? '' : ` ${until}`}.csv`,
    mediaType: 'text/csv; charset=utf-8',
    content: writeCsv(
      columns.map(({ heading }) => heading[column]),
      slices(),
    ),
    encoding: 'gzip',
  }
}

function monthsOf(from: string, until: string, today: string): string[] {
  for (const [path, month] of [
    ['query.from', from],
    ['query.until', until],
  ] as const) {
    const days = readPeriod(month)
    if (!days) throw refusal('VALIDATION_FAILED', path, 'bulk.months', { most: MOST_MONTHS })
    if (days.from > today) throw refusal('VALIDATION_FAILED', path, 'bulk.future', { month })
  }
  const months: string[] = []
  for (let month = from; month <= until && months.length <= MOST_MONTHS; month = periodAfter(month)) months.push(month)
  if (months.length === 0 || months.length > MOST_MONTHS)
    throw refusal('VALIDATION_FAILED', 'query.until', 'bulk.months', { most: MOST_MONTHS })
  return months
}
