// What the phone's form of a request begins with, offers and sends; and money as it is typed.
import t from 'tap'
import type { RequestDetail, RequestRow } from '../../services/contracts/api/requests.ts'
import { formatFen } from '../../web/kit/format/money.ts'
import { haltsOf } from '../../web/parts/sharing/halts.ts'
import { spanInWords, whenChoices } from '../../web/parts/trip/when.ts'
import { emptyForm, favourites, fieldsOf, findMissing, formOf, usualOrigin } from '../../web/phone/book/bookForm.ts'
import { sameDays } from '../../web/phone/tasks/sameDays.ts'
import { fenTyped } from '../../web/phone/trips/yuan.ts'

const place = (name: string) => ({ name, lon: null, lat: null })
const row = (requestId: number, to: string) => ({ requestId, to: place(to) }) as RequestRow
const at = (clock: string) => Date.parse(`2026-03-02T${clock}:00+08:00`)
const spans = (clock: string) =>
  whenChoices(at(clock)).map(({ name, startsAtMs, endsAtMs }) => [
    name,
    spanInWords(new Date(startsAtMs).toISOString(), new Date(endsAtMs).toISOString(), 'en').replace(/Mar(ch)?/, 'Mar'),
  ])

t.test('the places one goes to most come first, each with the last request that went there', async (t) => {
  const found = favourites([row(1, '武川县'), row(4, '托克托县'), row(2, '武川县'), row(3, '清水河县')])
  t.same(
    found.map(({ requestId, to }) => [requestId, to.name]),
    [
      [2, '武川县'],
      [4, '托克托县'],
      [3, '清水河县'],
    ],
  )
})

t.test('a form begins where one mostly sets out from, not where the last trip happened to', async (t) => {
  const from = (requestId: number, name: string) => ({ requestId, from: place(name) }) as RequestRow
  t.equal(usualOrigin([from(1, '农牧局'), from(2, '农牧局'), from(3, '和林格尔县')]), '农牧局')
  t.equal(usualOrigin([from(1, '农牧局'), from(2, '和林格尔县')]), '和林格尔县', 'of two as frequent, the later one')
  t.equal(usualOrigin([]), null)
})

t.test('beside what is to be decided stands what else the unit drives that day, to the same place first', async (t) => {
  const trip = (requestId: number, day: string, to: string, more: object = {}) =>
    ({
      requestId,
      to: place(to),
      unit: { organisationId: 20, name: '示例单位' },
      state: 'APPROVED',
      startsAt: `${day}T09:00:00.000Z`,
      endsAt: `${day}T11:00:00.000Z`,
      ...more,
    }) as RequestRow
  const asked = trip(1, '2026-03-02', '武川县')
  const all = [
    asked,
    trip(2, '2026-03-02', '托克托县'),
    trip(3, '2026-03-02', '武川县', { startsAt: '2026-03-02T10:00:00.000Z' }),
    trip(4, '2026-03-03', '武川县'),
    trip(5, '2026-03-02', '武川县', { state: 'CANCELLED' }),
    trip(6, '2026-03-02', '武川县', { unit: { organisationId: 21, name: '另一单位' } }),
    trip(7, '2026-03-01', '土默特左旗', { endsAt: '2026-03-02T01:00:00.000Z' }),
  ]
  t.same(
    sameDays(asked, all).map(({ requestId }) => requestId),
    [3, 7, 2],
  )
})

t.test('an afternoon that is over is offered for the next day', async (t) => {
  const names = (clock: string) => whenChoices(at(clock)).map(({ name }) => name)
  t.same(names('09:02'), ['now', 'todayAfternoon', 'tomorrowMorning'])
  t.same(names('16:40'), ['now', 'tomorrowMorning', 'tomorrowAfternoon'])
  t.match(spans('09:02')[0]![1], /09:05–12:05$/)
  t.match(spans('09:02')[1]![1], /14:00–18:00$/)
  t.match(spans('14:40')[1]![1], /15:00–18:00$/, 'what is left of it')
  t.match(spans('23:30')[0]![1], /23:30 – .*02:30$/, 'over midnight with both days')
})

t.test('a copy is asked for anew: at another time, under another key, and no emergency', async (t) => {
  const request = {
    ...row(7, '武川县'),
    from: place('新城区'),
    via: [place('可可以力更镇')],
    kind: 'emergency',
    startsAt: '2026-03-02T01:00:00.000Z',
    endsAt: '2026-03-02T03:00:00.000Z',
    purposeKind: 'response',
    purpose: '雹灾核查',
    passengers: 3,
    withDriver: true,
    travellers: null,
    companions: [],
    contactName: '示例联系人',
    contactPhone: '10000000000',
    note: null,
  } as unknown as RequestDetail
  const copy = formOf(request, 'key-2', 'copy')
  t.match(copy, { key: 'key-2', when: null, startsAt: '', emergency: false, purpose: '雹灾核查', via: '可可以力更镇' })
  t.equal(findMissing(copy), 'when')
  const change = formOf(request, 'key-3', 'change')
  t.match(change, { when: 'pick', startsAt: request.startsAt, emergency: true })
  t.equal(findMissing(change), null)
  const known = { name: '武川县', lon: 111.45, lat: 41.09 }
  t.match(fieldsOf({ ...change, via: '可可以力更镇，大青山乡、 ' }, [known]), {
    kind: 'emergency',
    to: known,
    from: { name: '新城区', lon: null },
    via: [{ name: '可可以力更镇' }, { name: '大青山乡' }],
    withDriver: true,
    note: null,
  })
  t.equal(findMissing(emptyForm('key-4')), 'to')
})

t.test('yuan are typed as people type them and kept in whole fen', async (t) => {
  for (const [text, fen] of [
    ['35.5', 3_550],
    ['¥1,200', 120_000],
    ['0.07', 7],
    ['0', null],
    ['-3', null],
    ['12.345', null],
    ['', null],
  ] as const)
    t.equal(fenTyped(text), fen, text)
  t.equal(formatFen(-3_505), '−¥35.05')
})

t.test('two parties who get on at one place, one after the other, do so at one halt; who comes there again halts again', (t) => {
  const stop = (name: string, of: number) => ({ place: { name }, of })
  const halts = haltsOf([stop('大院', 1), stop('大院', 2), stop('武川县', 1), stop('大院', 3), stop('武川县', 2)])
  t.same(
    halts.map((halt) => halt.map(({ place, of }) => `${place.name} ${of}`)),
    [['大院 1', '大院 2'], ['武川县 1'], ['大院 3'], ['武川县 2']],
  )
  t.same(haltsOf([]), [])
  t.end()
})
