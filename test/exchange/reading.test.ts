// What is in a file, whatever it holds: workbooks and CSV of every kind of office program, and files made to do harm.
import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import t from 'tap'
import { readTable } from '../../services/dispatch/exchange/read/readTable.ts'
import type { TableNote, TableRow } from '../../services/dispatch/exchange/read/table.ts'
import { timeOfSerial } from '../../services/dispatch/exchange/read/workbook.ts'
import { Zip } from '../../services/dispatch/exchange/read/zip.ts'
import { decodeText } from '../../services/tables/encoding.ts'
import { readTextLines, readTextTable } from '../../services/tables/textTable.ts'
import { Unreadable } from '../../services/tables/unreadable.ts'
import { csvCell } from '../../services/tables/write/csv.ts'
import { bareWorkbook, workbook, zip } from './files.ts'

async function read(bytes: Buffer): Promise<{ rows: TableRow[]; notes: TableNote[] }> {
  const rows: TableRow[] = []
  const notes: TableNote[] = []
  await readTable(bytes, ['车辆'], { row: (row) => rows.push(row), note: (note) => notes.push(note) })
  return { rows, notes }
}
const texts = ({ rows }: { rows: TableRow[] }) => rows.map(({ cells }) => cells.map((cell) => cell?.text))
/** Why it was refused; nothing but an Unreadable may come out of a file. */
async function refusalOf(bytes: Buffer): Promise<string> {
  try {
    await read(bytes)
    return ''
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    return error.words.zh
  }
}
const sheetXml = (inside: string) => `<worksheet><sheetData>${inside}</sheetData></worksheet>`

t.test('a workbook gives text, figures without exponents, days from serial numbers, and blank cells', async (t) => {
  const { rows } = await read(
    await workbook([['文字', 1498, new Date('2024-05-01T00:00:00Z'), true], [], [null, 13_800_000_001, 0.1 + 0.2, '  ']]),
  )
  t.same(
    rows.map(({ row, cells }) => [row, ...cells.map((cell) => (cell ? [cell.kind, cell.text] : null))]),
    [
      [1, ['text', '文字'], ['number', '1498'], ['time', '2024-05-01'], ['boolean', 'TRUE']],
      [3, null, ['number', '13800000001'], ['number', '0.3'], ['text', '  ']],
    ],
  )
})

t.test('serial days follow Excel, with the day that never was', async (t) => {
  t.equal(timeOfSerial(1), '1900-01-01')
  t.equal(timeOfSerial(59), '1900-02-28')
  t.equal(timeOfSerial(60), undefined)
  t.equal(timeOfSerial(61), '1900-03-01')
  t.equal(timeOfSerial(45_413), '2024-05-01')
  t.equal(timeOfSerial(45_413.99), '2024-05-01 23:45:36')
  t.equal(timeOfSerial(45_413 + 1 / 3), '2024-05-01 08:00:00')
  t.equal(timeOfSerial(45_413.9999999999), '2024-05-02')
  t.equal(timeOfSerial(0), undefined)
  t.equal(timeOfSerial(3e9), undefined)
})

t.test('rich text, phonetic marks, prefixed names and bare angle brackets are read for what they say', async (t) => {
  const strings = '<x:sst><x:si><x:r><x:t>呼和</x:t></x:r><x:r><x:t>浩特</x:t></x:r><x:rPh><x:t>pinyin</x:t></x:rPh></x:si></x:sst>'
  const parts = bareWorkbook(
    '<x:worksheet foo="a > b"><!-- <row> --><x:sheetData><x:row><x:c t="s"><x:v>0</x:v></x:c><x:c t="inlineStr"><x:is><x:t>A&amp;B &#x4e2d;</x:t></x:is></x:c><x:c t="str"><x:v><![CDATA[<1>]]></x:v></x:c></x:row></x:sheetData></x:worksheet>',
  )
  t.same(texts(await read(zip([...parts, { name: 'xl/sharedStrings.xml', content: Buffer.from(strings) }]))), [
    ['呼和浩特', 'A&B 中', '<1>'],
  ])
})

t.test('a formula is no value, whatever it showed', async (t) => {
  const { rows } = await read(await workbook([[{ formula: 'A2*2', result: 8 }, { error: '#REF!' } as never]]))
  t.match(rows[0]!.cells[0], { kind: 'bad', why: { zh: /公式/ } })
  t.match(rows[0]!.cells[1], { kind: 'bad', why: { zh: /#REF!/ } })
})

t.test('hidden sheets are not read, hidden rows are, merged cells and other sheets are said', async (t) => {
  const book = await workbook([['a'], ['b'], ['c']], (sheet, book) => {
    sheet.getRow(2).hidden = true
    sheet.mergeCells('A3:B3')
    book.addWorksheet('秘密', { state: 'hidden' }).addRow(['x'])
    book.addWorksheet('另一张').addRow(['y'])
  })
  const { rows, notes } = await read(book)
  t.same(
    texts({ rows }).map(([first]) => first),
    ['a', 'b', 'c'],
  )
  const said = notes.map(({ message }) => message.zh).join('\n')
  t.match(said, /另一张/)
  t.match(said, /隐藏的工作表不读取：秘密/)
  t.match(said, /有 1 行被隐藏/)
  t.match(notes.find(({ wrong }) => wrong)?.message.zh, /A3:B3 是合并单元格/)
  t.match(await refusalOf(await workbook([['a']], (sheet) => (sheet.state = 'hidden'))), /没有可见的工作表/)
})

t.test('CSV is understood in UTF-8, with a mark, in UTF-16 and in GB 18030, with commas, tabs and semicolons', async (t) => {
  const wanted = [
    ['号牌', '单位'],
    ['蒙A12345', '甲，"乙"'],
  ]
  const text = '号牌,单位\r\n蒙A12345,"甲，""乙"""\r\n'
  const gb = Buffer.from('bac5c5c62cb5a5cebb0d0ac3c94131323334352c22bcd7a3ac2222d2d2222222', 'hex')
  const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text.replace(',', '\t').replace('5,', '5\t'), 'utf16le')])
  for (const bytes of [Buffer.from(text), Buffer.from(`\ufeff${text}`), gb, utf16, Buffer.from(text.replace(',', ';').replace('5,', '5;'))])
    t.same(texts(await read(bytes)), wanted)
})

t.test('two encodings in one file are refused with the line, and bytes of none are refused', async (t) => {
  const gbLine = Buffer.from('bac5c5c60a', 'hex')
  const utf = Buffer.from('号牌号码，单位\n使用单位名称\n')
  t.match(await refusalOf(Buffer.concat([utf, gbLine])), /混用.*第 3 行/)
  t.match(await refusalOf(Buffer.from([0xc3, 0x28, 0x80, 0xff, 0xff, 0x30])), /无法识别文件编码/)
  t.equal(decodeText(gbLine), '号牌\n')
})

t.test('what is no spreadsheet is refused by its bytes: nothing, pictures, old workbooks, broken quotes', async (t) => {
  t.match(await refusalOf(Buffer.alloc(0)), /文件是空的/)
  t.match(await refusalOf(Buffer.from(' \n')), /文件是空的/)
  t.match(await refusalOf(Buffer.from('89504e470d0a1a0a0000000d', 'hex')), /既不是/)
  t.match(await refusalOf(Buffer.from('d0cf11e0a1b11ae1', 'hex')), /旧版 \.xls/)
  t.match(await refusalOf(Buffer.from('a,"b\nc')), /引号/)
  t.match(await refusalOf(zip([{ name: 'readme.txt', content: Buffer.from('x') }])), /不是 Excel 工作簿/)
  t.match(await refusalOf(Buffer.from('%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\n%%EOF')), /既不是 Excel/, 'a PDF that is all text')
})

t.test('a zip bomb is refused while it is being inflated, whatever its directory claims', async (t) => {
  // Rows upon rows of one blank cell: sound XML, a thousand times smaller in the zip.
  const rows = Buffer.from('<row><c/></row>'.repeat(512 * 1024))
  const bomb = bareWorkbook(Buffer.concat([Buffer.from('<worksheet><sheetData>'), rows]))
  const honest = zip(bomb)
  t.ok(honest.length < 300_000, `${honest.length} bytes`)
  t.match(await refusalOf(honest), /解压后过大或压缩比异常/)
  t.match(await refusalOf(zip(bomb.map((entry) => ({ ...entry, claim: 100 })))), /解压后过大或压缩比异常/)
})

t.test('a bomb that stays below the ratio is refused by what it inflates to in all, and one of entries by their number', async (t) => {
  const noise = { name: 'noise.xml', content: Buffer.from(randomBytes(256 * 1024).toString('hex')) }
  const inflate = async (archive: Zip) => {
    for (const name of archive.names) for await (const piece of archive.read(name)) if (piece.length === 0) t.fail('an empty piece')
  }
  const four = zip(Array.from({ length: 4 }, (_, k) => ({ ...noise, name: `${k}.xml` })))
  await inflate(new Zip(four, { entries: 4, inflatedBytes: 4 * noise.content.length }))
  await t.rejects(inflate(new Zip(four, { entries: 4, inflatedBytes: 4 * noise.content.length - 1 })), Unreadable)
  t.throws(() => new Zip(four, { entries: 3, inflatedBytes: 1e9 }), Unreadable)
  const many = Array.from({ length: 2_500 }, (_, k) => ({ name: `xl/${k}.xml`, content: Buffer.alloc(0) }))
  t.match(await refusalOf(zip(many)), /解压后过大/)
})

t.test('an XML bomb, an entity that names a file, and broken XML are refused', async (t) => {
  const lol = '<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
  t.match(await refusalOf(zip(bareWorkbook(`${lol}${sheetXml('<row><c t="str"><v>&b;</v></c></row>')}`))), /DTD/)
  t.match(await refusalOf(zip(bareWorkbook(`<!DOCTYPE x SYSTEM "file:///etc/passwd">${sheetXml('')}`))), /DTD/)
  t.match(await refusalOf(zip(bareWorkbook(sheetXml('<row><c t="str"><v>&unknown;</v></c></row>')))), /XML/)
  t.match(await refusalOf(zip(bareWorkbook('<worksheet><sheetData><row'))), /XML/)
})

t.test('a workbook that was cut or changed anywhere is read or refused, and never anything else', async (t) => {
  const book = await workbook([
    ['号牌号码', '单位'],
    ['蒙A12345', '甲单位'],
  ])
  await fc.assert(
    fc.asyncProperty(fc.nat(book.length - 1), fc.integer({ min: 0, max: 255 }), fc.boolean(), async (at, byte, cut) => {
      const changed = Buffer.from(book)
      changed[at] = byte
      await refusalOf(cut ? changed.subarray(0, at) : changed)
    }),
    { numRuns: 150 },
  )
  t.pass('150 damaged files')
})

t.test('a cell that a spreadsheet would run is text in the file we write, and the same text when it is read', async (t) => {
  for (const text of [
    '=1+1',
    '+86 471',
    '-5',
    '@SUM(A1)',
    "'=x",
    '\t=1',
    '"quoted", and more',
    'two\nlines',
    ' space ',
    '＝1+1',
    '＋86',
    '－5',
    '＠SUM(A1)',
    '\u200b=1+1',
    '\u200b＝1+1',
  ])
    t.notMatch(csvCell(text), /^"?[\u200b]*[=+\-@＝＋－＠\t\r]/u, JSON.stringify(text))
  await fc.assert(
    fc.asyncProperty(fc.array(fc.string({ unit: 'grapheme', maxLength: 20 }), { minLength: 1, maxLength: 5 }), async (cells) => {
      const sound = cells.map((cell) => cell.replace(/\p{Cs}|\0/gu, ''))
      const { rows } = await read(Buffer.from(`x,y,z,v,w\r\n${sound.map(csvCell).join(',')}\r\n`))
      t.same(
        sound.map((_cell, k) => rows[1]?.cells[k]?.text ?? ''),
        sound,
      )
    }),
    { numRuns: 100 },
  )
})

t.test('a quote inside an unquoted cell is refused with its line in an import, and costs a recording that line alone', (t) => {
  const text = 'a,b,c\r\n1,2,3\r\nx"y,4,5\r\n6,7,8\r\n'
  t.throws(() => readTextTable(text), Unreadable)
  t.same(
    readTextLines(text).map((line) => ('broken' in line ? line.line : line.cells)),
    [['a', 'b', 'c'], ['1', '2', '3'], 3, ['6', '7', '8'], ['']],
  )
  t.end()
})
