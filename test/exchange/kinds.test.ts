// The kinds of columns: what was written is read as the same value, what people type is understood, and the rest is said in plain words.
import fc from 'fast-check'
import t from 'tap'
import { choice, choices, date, integer, type Kind, money, plate, text, yesNo } from '../../services/dispatch/exchange/kinds.ts'
import { normaliseCode, normaliseText } from '../../services/dispatch/exchange/normalise.ts'
import { columnName } from '../../services/dispatch/exchange/read/workbook.ts'
import { sheets } from '../../services/dispatch/exchange/sheets.ts'
import { instant } from '../../services/dispatch/exchange/timeKinds.ts'

const readText = (kind: Kind, said: string) => kind.read(kind.normalise(said), { kind: 'text', text: said })
const understood = (kind: Kind, said: string) => {
  const read = readText(kind, said)
  return 'value' in read ? read.value : undefined
}
const digits = (length: number) => fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: length, maxLength: length })

t.test('what a kind writes it reads as the same value, in both languages', async (t) => {
  const fuels = choice({ petrol: ['汽油', 'Petrol'], plug: ['插电式混合动力', 'Plug-in hybrid'] })
  const several = choices({ fuel: ['加油', 'Fuel'], repair: ['维修', 'Repair'], wash: ['洗车', 'Wash'] })
  const cases: [Kind, fc.Arbitrary<string | number | boolean>][] = [
    [integer(0, 1e6), fc.integer({ min: 0, max: 1e6 })],
    [money('万元', 10_000_000), fc.integer({ min: 1, max: 1_000_000_000 })],
    [money('元', 10_000_000), fc.integer({ min: 1, max: 1_000_000_000 })],
    [
      date,
      fc
        .date({ min: new Date('1950-01-01'), max: new Date('2199-12-31'), noInvalidDate: true })
        .map((day) => day.toISOString().slice(0, 10)),
    ],
    [plate, digits(4).map((four) => `蒙AD${four}`)],
    [yesNo, fc.boolean()],
    [fuels, fc.constantFrom('petrol', 'plug')],
    [several, fc.subarray(['fuel', 'repair', 'wash'], { minLength: 1 }).map((codes) => codes.join(','))],
    [
      text(500),
      fc
        .string({ unit: 'grapheme', maxLength: 100 })
        .map(normaliseText)
        .filter((said) => said !== ''),
    ],
  ]
  for (const [kind, values] of cases)
    fc.assert(
      fc.property(values, fc.constantFrom('zh-CN' as const, 'en' as const), (value, locale) => {
        t.ok(
          understood(kind, String(kind.write(value, locale))) === value ||
            t.equal(understood(kind, String(kind.write(value, locale))), value),
        )
      }),
      { numRuns: 60 },
    )
})

t.test('full-width characters and odd spaces mean the same; Chinese punctuation in names stays', async (t) => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'ABCxyz0123456789'), minLength: 1, maxLength: 12 }), (plain) => {
      const wide = [...plain].map((character) => String.fromCharCode(character.charCodeAt(0) + 0xfee0)).join('\u3000')
      t.equal(normaliseCode(`\ufeff ${wide}\u200b`), plain)
    }),
    { numRuns: 50 },
  )
  t.equal(normaliseText(' 局（新城\u00a0\u3000区） '), '局（新城 区）')
  t.equal(normaliseText('甲\t\u0000\t乙'), '甲 乙')
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (said) => normaliseText(normaliseText(said)) === normaliseText(said)))
})

t.test('days are understood as people write them, and days that are none are refused', async (t) => {
  for (const said of ['2024-05-01', '2024/5/1', '2024.05.1', '2024年5月1日', '20240501', '2024-05-01 00:00:00', '２０２４－５－１'])
    t.equal(understood(date, said), '2024-05-01', said)
  for (const said of ['2024-02-30', '2024-13-01', '01/05/2024', '45413', '2024-5', '明天', '2024-05-01 25:30', '0202-05-01'])
    t.equal(understood(date, said), undefined, said)
  t.equal(understood(date, '2024-02-29'), '2024-02-29')
  t.match(date.read('45413', { kind: 'number', text: '45413', number: 45_413 }), { problem: { zh: /是数字/ } })
  t.match(readText(date, '45413'), { problem: { zh: /是数字/ } }, 'the same digits in CSV')
})

t.test('a day with a time of day is that day, and the file is told; midnight needs no word', async (t) => {
  for (const said of ['2024-05-01 08:30:00', '2024/5/1 8:30', '2024-05-01T08:30:00+08:00', '2024-05-01T00:30:00Z', '2024-04-30T16:00:01Z'])
    t.match(readText(date, said), { value: '2024-05-01', note: { zh: /时刻不保留/, en: /time of day/ } }, said)
  for (const said of ['2024-05-01', '2024-05-01 00:00', '2024-05-01 00:00:00.000', '2024-04-30T16:00:00Z', '2024-04-30 24:00'])
    t.same(readText(date, said), { value: '2024-05-01' }, said)
})

t.test('an instant is the same however it is written', async (t) => {
  for (const said of [
    '2025-12-31 18:00:00',
    '2025/12/31 18:00',
    '2025年12月31日 18:00',
    '2025-12-31T10:00:00Z',
    '20251231180000',
    '2025-12-31 6:00 PM',
  ])
    t.equal(understood(instant, said), '2025-12-31T18:00:00.000000+08:00', said)
  t.equal(understood(instant, '2025-12-31'), '2025-12-31T00:00:00.000000+08:00')
  t.equal(understood(instant, '2025-12-31 18:00:00.123456'), '2025-12-31T18:00:00.123456+08:00')
  for (const said of ['31/12/2025 18:00', '46022.75', '2025-12-31 26:00', '18:00']) t.equal(understood(instant, said), undefined, said)
})

t.test('figures and money take units and thousands, and lose nothing', async (t) => {
  t.equal(understood(integer(1, 60), '５'), 5)
  t.equal(understood(integer(1, 9_999), '1,498'), 1498)
  for (const said of ['0', '61', '5.5', '五', '1e1', '']) t.equal(understood(integer(1, 60), said), undefined, said)
  t.equal(understood(money('万元', 1e7), '11.98万元'), 11_980_000)
  t.equal(understood(money('万元', 1e7), '0.000001'), 1)
  t.equal(understood(money('元', 1e6), '1,234.50元'), 123_450)
  for (const said of ['-1', '0', '11.9800001', '十二']) t.equal(understood(money('万元', 1e7), said), undefined, said)
})

t.test('every column of every subject says in both languages what it takes, reads its own example, and has one heading', async (t) => {
  for (const sheet of sheets) {
    const headings = sheet.columns.flatMap(({ heading }) => [heading.zh, heading.en])
    t.equal(new Set(headings).size, headings.length, sheet.subject)
    for (const { key, kind, example, refers, personal } of sheet.columns) {
      t.ok(kind.takes.zh && kind.takes.en, key)
      if (example !== '' && !refers && !personal && key !== 'plate') t.not(understood(kind, example), undefined, `${sheet.subject}.${key}`)
    }
  }
  t.equal(columnName(28), 'AB')
})
