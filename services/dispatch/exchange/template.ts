// The empty file to fill in: headings, one example row, words to choose from, and a second sheet that says what each column takes.
import type exceljs from 'exceljs'
import type { ExchangeLocale } from '../../contracts/exchange.ts'
import { writeCsv } from '../../tables/write/csv.ts'
import { inLocale, mediaTypes, sheetColumns } from './format.ts'
import { columnName, NOTES_SHEET } from './read/workbook.ts'
import type { Column, Sheet } from './sheet.ts'
import { words } from './words.ts'

/** Rows that get the list of choices; a longer file is checked all the same. */
const LIST_ROWS = 5_000
const CHOICES_SHEET = 'choices'

export async function makeTemplate(sheet: Sheet, format: 'xlsx' | 'csv', locale: ExchangeLocale) {
  const name = inLocale(sheet.name, locale)
  const fileName = `${name}${locale === 'en' ? ' template' : '导入模板'}.${format}`
  const example = sheet.columns.map((column) => exampleIn(column, locale))
  if (format === 'csv') {
    const headings = sheet.columns.map(({ heading }) => inLocale(heading, locale))
    return { fileName, mediaType: mediaTypes.csv, content: writeCsv(headings, [[example]]) }
  }
  // Loaded by whoever first asks: a start does not wait for it, nor does a service that is asked for none hold it.
  const { default: writer } = await import('exceljs')
  const book = new writer.Workbook()
  const data = book.addWorksheet(name, { views: [{ state: 'frozen', ySplit: 1 }] })
  const lists = book.addWorksheet(CHOICES_SHEET, { state: 'veryHidden' })
  data.columns = sheetColumns(sheet, locale).map(({ width, asText }) => ({ width, style: asText ? { numFmt: '@' } : {} }))
  const headings = data.addRow(sheet.columns.map(({ heading, required }) => `${inLocale(heading, locale)}${required ? '*' : ''}`))
  headings.font = { bold: true }
  for (const [k, column] of sheet.columns.entries()) {
    const cell = headings.getCell(k + 1)
    cell.note = notesOf(column, locale)
    cell.fill = { type: 'pattern', pattern: 'solid', fgColor: { argb: column.required ? 'FFFDE9D9' : 'FFEAF1EC' } }
    if (column.kind.choices) offerChoices(data, lists, k + 1, column, locale)
  }
  data.addRow(example).font = { italic: true, color: { argb: 'FF808080' } }
  addNotes(book, sheet, locale)
  return { fileName, mediaType: mediaTypes.xlsx, content: Buffer.from(await book.xlsx.writeBuffer()) }
}

const exampleIn = ({ example, kind }: Column, locale: ExchangeLocale): string => {
  if (locale === 'zh-CN' || example === '') return example
  const read = kind.choices ? kind.read(kind.normalise(example), { kind: 'text', text: example }) : undefined
  return read && 'value' in read && read.value !== null ? String(kind.write(read.value, locale)) : example
}

const notesOf = ({ required, kind, note }: Column, locale: ExchangeLocale): string =>
  [
    inLocale(required ? words('必填', 'Required') : words('选填', 'Optional'), locale),
    inLocale(kind.takes, locale),
    note && inLocale(note, locale),
  ]
    .filter(Boolean)
    .join(locale === 'en' ? '. ' : '。')

/** A list inside the rule itself may have 255 characters; a range of a hidden sheet has no limit. */
function offerChoices(data: exceljs.Worksheet, lists: exceljs.Worksheet, number: number, { kind }: Column, locale: ExchangeLocale): void {
  const choices = kind.choices!.map((choice) => inLocale(choice, locale))
  const letter = columnName(number)
  for (const [k, choice] of choices.entries()) lists.getCell(`${letter}${k + 1}`).value = choice
  const validation = {
    type: 'list' as const,
    allowBlank: true,
    formulae: [`${CHOICES_SHEET}!$${letter}$1:$${letter}$${choices.length}`],
    showErrorMessage: true,
  }
  // exceljs has ranges at run time, and only cells in its types.
  ;(data as unknown as { dataValidations: { add(range: string, rule: object): void } }).dataValidations.add(
    `${letter}2:${letter}${LIST_ROWS}`,
    validation,
  )
}

function addNotes(book: exceljs.Workbook, sheet: Sheet, locale: ExchangeLocale): void {
  const notes = book.addWorksheet(inLocale(words(NOTES_SHEET.zh, NOTES_SHEET.en), locale))
  notes.columns = [{ width: 22 }, { width: 10 }, { width: 70 }, { width: 28 }]
  const titles = words('列,必填,填写要求,示例', 'Column,Required,What it takes,Example')
  notes.addRow(inLocale(titles, locale).split(',')).font = { bold: true }
  for (const column of sheet.columns) {
    const { heading, required, kind, note } = column
    const takes = [inLocale(kind.takes, locale), note && inLocale(note, locale)].filter(Boolean).join(locale === 'en' ? '. ' : '。')
    const yes = inLocale(required ? words('是', 'Yes') : words('否', 'No'), locale)
    notes.addRow([inLocale(heading, locale), yes, takes, exampleIn(column, locale)])
  }
  const keys = sheet.columns.filter(({ key }) => sheet.key.includes(key)).map(({ heading }) => inLocale(heading, locale))
  const rules = [
    words(
      `按“${keys.join('、')}”识别同一记录：台账已有的更新，没有的新增。`,
      `A row is known by ${keys.join(', ')}: what the ledger has is updated, what it has not is added.`,
    ),
    words(
      '文件中没有的列不改动；有列而单元格为空，表示清空（选填列）。',
      'A column that is not in the file changes nothing; a blank cell of an optional column clears it.',
    ),
    words(
      '先试导入：全部无误后才能提交；提交时要么全部写入，要么全不写入。',
      'The file is run dry first; only a file without errors can be applied, and then all of it or nothing.',
    ),
    words('示例行（灰色斜体）不导入，可删除。', 'The example row (grey) is not imported; it may be deleted.'),
  ]
  notes.addRow([])
  for (const rule of rules) notes.addRow([inLocale(rule, locale)])
}
