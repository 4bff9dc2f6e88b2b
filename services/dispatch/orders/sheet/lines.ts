// What an order says on paper (派车单), as rows of named cells: the part of the sheet that knows orders and nothing of pages.
import type { OrderDetail } from '../../../contracts/api/orders.ts'
import { ZONE_OFFSET_MS } from '../../../domain/days.ts'
import { plateAsPrinted } from '../../../domain/vehicle.ts'
import { type WordList, wordOf } from '../../../domain/words.ts'

export type SheetLanguage = 'zh-CN' | 'en'
export type SheetCell = { name: string; value: string }
/** One cell across, or two side by side. */
export type SheetRow = readonly [SheetCell] | readonly [SheetCell, SheetCell]
export type Sheet = {
  title: string
  number: string
  /** The unit that gave the order. */
  issuer: string
  version: string
  /** Said across the page when the order is not to be driven by. */
  over: string | null
  rows: SheetRow[]
  signs: string[]
  /** Beside the code. */
  verify: string
  printed: string
  page: (page: number, of: number) => string
}

const texts = {
  title: ['公务用车派车单', 'Order for an official vehicle'],
  number: ['编号 {}', 'No. {}'],
  version: ['第 {} 版', 'Version {}'],
  state: ['状态', 'State'],
  unit: ['用车单位', 'Unit'],
  issuer: ['派车单位', 'Issued by'],
  applicant: ['申请人', 'Applicant'],
  contact: ['联系人', 'Contact'],
  passengers: ['乘车人数', 'Passengers'],
  people: ['{} 人', '{}'],
  travellers: ['乘车人', 'Travellers'],
  purpose: ['事由', 'Purpose'],
  route: ['行程', 'Route'],
  stops: ['拼车停靠', 'Stops'],
  board: ['上 {} 人', '{} on'],
  off: ['下 {} 人', '{} off'],
  startsAt: ['出发时间', 'Departure'],
  endsAt: ['返回时间', 'Return'],
  vehicle: ['车辆', 'Vehicle'],
  hidden: ['不公开', 'Not public'],
  lease: ['租赁：{} {}', 'Leased: {} {}'],
  undecided: ['待核定', 'not decided yet'],
  driver: ['驾驶员', 'Driver'],
  selfDrive: ['自行驾驶', 'Self-driven'],
  change: ['途中变更', 'Changed on the road'],
  changed: ['第 {} 版：{}', 'Version {}: {}'],
  changedEnd: ['返回 {} 改为 {}', 'return {}, now {}'],
  changedWay: ['目的地 {} 改为 {}', 'destination {}, now {}'],
  leg: ['第 {} 段', 'Part {}'],
  legText: ['{} {}，{} 至 {}，里程表 {} 至 {}', '{} {}, {} to {}, odometer {} to {}'],
  out: ['出车里程表', 'Odometer out'],
  back: ['收车里程表', 'Odometer back'],
  km: ['{} 公里', '{} km'],
  basis: ['用车依据', 'Legal basis'],
  note: ['备注', 'Note'],
  cost: ['费用', 'Cost'],
  yuan: ['{} 元', '¥{}'],
  total: ['费用合计', 'Costs in total'],
  signDispatcher: ['派车人签字', 'Dispatcher'],
  signDriver: ['驾驶员签字', 'Driver'],
  signPassenger: ['用车人签字', 'Passenger'],
  verify: ['扫码核验真伪和版本', 'Scan to verify'],
  printed: ['打印时间 {}', 'Printed {}'],
  page: ['第 {} 页，共 {} 页', 'Page {} of {}'],
  comma: ['，', ', '],
  pause: ['、', ', '],
} as const satisfies Record<string, readonly [string, string]>

/** What official vehicles are used by: the national rule of 2017 and the region's of 2019. */
const basis = ['《党政机关公务用车管理办法》（中办发〔2017〕71号）', '《内蒙古自治区公务用车管理实施办法》（内党办发〔2019〕31号）']

/** 2026-11-30 09:00, in the region. */
const minuteOf = (instant: string | number): string =>
  new Date(new Date(instant).getTime() + ZONE_OFFSET_MS).toISOString().slice(0, 16).replace('T', ' ')
const yuanOf = (fen: number): string => (fen / 100).toFixed(2)

export function sheetOf(order: OrderDetail, version: number, language: SheetLanguage, nowMs: number): Sheet {
  const n = language === 'en' ? 1 : 0
  const t = (key: keyof typeof texts, ...values: (string | number)[]): string =>
    values.reduce<string>((text, value) => text.replace('{}', () => String(value)), texts[key][n])
  const word = (list: WordList, value: string): string => wordOf(list, value, language)!
  const cell = (name: string, value: string | null): SheetCell => ({ name, value: value ?? '' })
  const km = (reading: number | null) => (reading === null ? null : t('km', reading))
  const plate = order.vehicle && plateAsPrinted(order.vehicle.plate)
  const leased = order.lease && (plate ?? (order.lease.bodyType ? word('body', order.lease.bodyType) : ''))
  const vehicle = order.lease ? t('lease', order.lease.supplier.name, leased!).trim() : (plate ?? t('hidden'))
  const counted = order.costs.filter(({ decision }) => decision !== 'refused')
  const over = ['VOIDED', 'DECLINED', 'EXPIRED'].includes(order.state) ? word('orderState', order.state) : null
  return {
    title: t('title'),
    number: t('number', order.number),
    issuer: order.issuer.name,
    version: t('version', version),
    over,
    rows: [
      [cell(t('unit'), order.unit.name), cell(t('state'), word('orderState', order.state))],
      [cell(t('applicant'), order.applicant.name), cell(t('contact'), `${order.contactName} ${order.contactPhone}`)],
      [
        cell(
          t('passengers'),
          t('people', order.sharing ? order.sharing.riders.reduce((sum, { passengers }) => sum + passengers, 0) : order.passengers),
        ),
        cell(t('travellers'), order.travellers),
      ],
      [cell(t('purpose'), `${word('tripPurpose', order.purposeKind)}${t('comma')}${order.purpose}`)],
      [cell(t('route'), [order.from, ...order.via, order.to].map(({ name }) => name).join(' → '))],
      ...(order.sharing
        ? order.sharing.stops.map(
            ({ kind, at, place, people }, index): SheetRow => [
              cell(
                `${t('stops')} ${index + 1}`,
                [minuteOf(at), place.name, ...(kind === 'pass' ? [] : [t(kind === 'board' ? 'board' : 'off', people)])].join(t('comma')),
              ),
            ],
          )
        : []),
      [cell(t('startsAt'), minuteOf(order.startsAt)), cell(t('endsAt'), minuteOf(order.endsAt))],
      [
        cell(t('vehicle'), vehicle),
        cell(t('driver'), order.driver ? `${order.driver.name} ${order.driverPhone ?? ''}`.trim() : t('selfDrive')),
      ],
      [cell(t('out'), km(order.odometerOutKm)), cell(t('back'), km(order.odometerBackKm))],
      ...order.legs.map((leg): SheetRow => {
        const who = leg.driver?.name ?? t('selfDrive')
        const what = leg.vehicle ? plateAsPrinted(leg.vehicle.plate) : t('hidden')
        const [from, until] = [minuteOf(leg.from), leg.until === null ? '' : minuteOf(leg.until)]
        return [cell(t('leg', leg.leg), t('legText', what, who, from, until, km(leg.odometerOutKm) ?? '', km(leg.odometerBackKm) ?? ''))]
      }),
      [cell(t('basis'), basis.join(t('pause')))],
      [cell(t('note'), order.note)],
      ...order.changes
        .filter(({ state }) => state === 'MADE')
        .map(({ before, after, reason, madeVersion }): SheetRow => {
          const way = ({ to, via }: typeof before) => [...via, to].map(({ name }) => name).join(' → ')
          const what = [
            before.endsAt !== after.endsAt && t('changedEnd', minuteOf(before.endsAt), minuteOf(after.endsAt)),
            way(before) !== way(after) && t('changedWay', way(before), way(after)),
            reason,
          ]
          return [cell(t('change'), t('changed', madeVersion ?? '', what.filter(Boolean).join(t('comma'))))]
        }),
      ...counted.map((cost): SheetRow => {
        const what = [
          word('costKind', cost.kind),
          t('yuan', yuanOf(cost.fen)),
          minuteOf(cost.at),
          cost.note,
          cost.question && !cost.decision && t('undecided'),
        ]
        return [cell(t('cost'), what.filter(Boolean).join(t('comma')))]
      }),
      ...(counted.length > 0 ? [[cell(t('total'), t('yuan', yuanOf(order.totalFen)))] as const] : []),
    ],
    signs: [t('signDispatcher'), t('signDriver'), t('signPassenger')],
    verify: t('verify'),
    printed: t('printed', minuteOf(nowMs)),
    page: (page, of) => t('page', page, of),
  }
}
