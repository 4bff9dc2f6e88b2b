// What people paste to register terminals, line by line; ranges; and what is saved of the secrets.
import t from 'tap'
import { quarantineReasons } from '../../services/contracts/position.ts'
import { type Card, csvOf, settingsOf, textOf } from '../../web/pages/terminals/issued.ts'
import { lineProblems, readLines, readRange } from '../../web/pages/terminals/lines.ts'
import { zhCN } from '../harness/texts.ts'

const said = (text: string) => readLines(text).lines.map(({ no, terminalId, plate, problem }) => [no, terminalId, plate, problem])

t.test('a column of numbers is one terminal a line; empty lines count as lines and say nothing', async (t) => {
  t.same(said('XC240001\r\n\r\n  XC240002 \rXC240003\n'), [
    [1, 'XC240001', null, null],
    [3, 'XC240002', null, null],
    [4, 'XC240003', null, null],
  ])
  t.same(readLines(' \n\t\n'), { lines: [], heading: false })
})

t.test('a table is read with tabs, commas of both widths, semicolons or spaces, and with the plate in any writing', async (t) => {
  for (const separator of ['\t', ',', '，', ', ', ';', '；', ' ', '　'])
    t.same(said(`XC240001${separator}蒙A·D1234`), [[1, 'XC240001', '蒙AD1234', null]], JSON.stringify(separator))
  for (const plate of ['蒙ad1234', '蒙A D1234', '蒙Ａ·Ｄ１２３４', '蒙A-D1234'])
    t.same(said(`XC240001\t${plate}`), [[1, 'XC240001', '蒙AD1234', null]], plate)
  t.same(said('蒙A·D1234\tXC240001'), [[1, 'XC240001', '蒙AD1234', null]], 'the vehicle first')
  t.same(said('"XC240001","蒙A·D1234"'), [[1, 'XC240001', '蒙AD1234', null]], 'in the quotes of a spreadsheet')
  const { note, problem } = readLines('XC240001\t\t备用机').lines[0]!
  t.same([note, problem], ['备用机', null])
})

t.test('what nobody sees is taken off a number, and full width becomes single', async (t) => {
  t.same(said('\u200bＸＣ２４0001\ufeff\u00a0'), [[1, 'XC240001', null, null]])
})

t.test('a heading is left out and said to be; a number that looks like one is not', async (t) => {
  for (const heading of ['终端编号\t号牌', 'Terminal ID,Plate', 'IMEI', 'no.', 'SN'])
    t.same(readLines(`${heading}\nXC240001`), {
      lines: [{ no: 2, terminalId: 'XC240001', plate: null, note: null, problem: null }],
      heading: true,
    })
  for (const number of ['SN-0001', 'NOKIA', 'ID_77', 'IMEI861234']) {
    t.equal(readLines(number).heading, false, number)
    t.equal(readLines(number).lines[0]?.terminalId, number)
  }
  t.equal(readLines('蒙A·D1234\tXC240001').heading, false)
})

t.test('every line that is wrong says why, and the others stand', async (t) => {
  const text = [
    'XC240001\t蒙A·D1234',
    'XC240001',
    'XC240002\t蒙A·D1234',
    'X1',
    'XC/24',
    '8.61234E+14',
    'XC240003\t京A12345',
    'XC240004\t\t备注\t又一列',
    `XC240005\t\t${'长'.repeat(401)}`,
    'XC240006',
  ].join('\n')
  t.same(
    readLines(text).lines.map(({ problem }) => problem),
    [null, 'twice', 'plateTwice', 'number', 'number', 'scientific', 'plate', 'columns', 'note', null],
  )
})

t.test('numbers differ by their capitals, as at the broker', async (t) => {
  t.same(
    readLines('xc240001\nXC240001').lines.map(({ problem }) => problem),
    [null, null],
  )
})

t.test('a range counts its last figures and keeps their width', async (t) => {
  t.same(readRange('XC0098', ' XC0101 ', 10), ['XC0098', 'XC0099', 'XC0100', 'XC0101'])
  t.same(readRange('T9-001', 'T9-001', 10), ['T9-001'])
  t.same(readRange('861234567890123998', '861234567890124001', 10), [
    '861234567890123998',
    '861234567890123999',
    '861234567890124000',
    '861234567890124001',
  ])
  t.equal((readRange('A0001', 'A5000', 5_000) as string[]).length, 5_000)
})

t.test('a range that is none says why', async (t) => {
  t.equal(readRange('X1', 'X2', 10), 'number')
  t.equal(readRange('XC0001', 'XD0002', 10), 'ends')
  t.equal(readRange('XC0099', 'XC00100', 10), 'ends')
  t.equal(readRange('ABCD', 'ABCE', 10), 'ends')
  t.equal(readRange('XC0002', 'XC0001', 10), 'order')
  t.equal(readRange('A0001', 'A5001', 5_000), 'many')
  t.equal(readRange('A00000000000000000001', 'A99999999999999999999', 5_000), 'many')
})

const chinese = (key: keyof typeof zhCN) => zhCN[key]
const card: Card = {
  terminalId: 'XC240001',
  secret: 's3cret"q',
  topic: 'vmp/v1/150102/XC240001/up/location',
  plate: '蒙AD1234',
  model: null,
  unit: '新城区财政局',
}

t.test('the file of secrets opens in a spreadsheet, and the copied text pastes into one', async (t) => {
  const issued = { cards: [card], host: 'mqtt.example.cn', port: 8883 }
  const file = csvOf(issued, chinese)
  t.ok(file.startsWith('\ufeff"终端编号（用户名）","密钥（密码）"'))
  t.equal(
    file.split('\r\n')[1],
    '"XC240001","s3cret""q","mqtt.example.cn","8883","vmp/v1/150102/XC240001/up/location","蒙A·D1234","","新城区财政局"',
  )
  t.equal(textOf(issued, chinese).split('\n')[1]!.split('\t').length, 8)
})

t.test('the picture on a card says what connects, and nothing of an address that is not known', async (t) => {
  t.same(JSON.parse(settingsOf(card, { cards: [card], host: 'mqtt.example.cn', port: 8883 })), {
    host: 'mqtt.example.cn',
    port: 8883,
    username: 'XC240001',
    password: 's3cret"q',
    topic: 'vmp/v1/150102/XC240001/up/location',
  })
  t.same(Object.keys(JSON.parse(settingsOf(card, { cards: [card], host: null, port: null }))), ['username', 'password', 'topic'])
})

t.test('every word of terminals has a text', async (t) => {
  const keys = [
    ...lineProblems.map((word) => `lineProblem.${word}`),
    ...quarantineReasons.map((word) => `refusedAdvice.${word}`),
    ...['unknown', 'secret', 'none', 'revoked', 'gateway', 'pace'].flatMap((word) => [`knockWhy.${word}`, `knockAdvice.${word}`]),
    ...['active', 'unissued', 'revoked'].map((word) => `terminalState.${word}`),
    ...['number', 'ends', 'order', 'many'].map((word) => `register.range.${word}`),
  ]
  for (const key of keys) t.ok(key in zhCN, key)
})
