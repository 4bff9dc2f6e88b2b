// Rows of cells → rows of values of one sheet's columns: finds the headings, reads every cell by its column's kind, says what is wrong
// and where. Knows nothing of the ledger; runs in the worker.
import { MAX_IMPORT_ROWS, MAX_LISTED_NOTES, type Words } from '../../../contracts/exchange.ts'
import { Unreadable } from '../../../tables/unreadable.ts'
import type { ReadResult, Value } from '../kinds.ts'
import { normaliseCode, normaliseText } from '../normalise.ts'
import type { Column, Complaint, Sheet } from '../sheet.ts'
import { words } from '../words.ts'
import type { Cell, TableNote, TableRow, TableSink } from './table.ts'

/** The column that our annotated files end with. */
export const REMARKS = words('错误说明', 'What is wrong')
const MAX_ROWS_BEFORE_HEADINGS = 20
/** Wrong cells after which a file is not judged further: nobody mends so many one by one, and each costs everybody time. */
export const MAX_WRONG_CELLS = 100_000

/** `values[i]` belongs to the sheet's column i; undefined = the file has no such column, or the cell could not be read. */
export type TypedRow = { row: number; values: (Value | undefined)[]; sound: boolean }
export type CellNote = { row: number; column: string | null; value: string; message: Words }
export type CellComplaint = Complaint & { value: string }

export type TypedBatch = { rows: TypedRow[]; complaints: CellComplaint[]; notes: CellNote[]; texts: { row: number; cells: string[] }[] }
const emptyBatch = (): TypedBatch => ({ rows: [], complaints: [], notes: [], texts: [] })

export class RowTyper implements TableSink {
  readonly #sheet: Sheet
  readonly #all: readonly Sheet[]
  readonly #keepTexts: boolean
  #batch = emptyBatch()
  /** Place in the file → index of the column; undefined until the headings were found. */
  #places: (number | undefined)[] | undefined
  #headingRow = 0
  #rows = 0
  #wrongCells = 0
  #noteCount = 0
  #before: TableRow[] = []
  #later: TableNote[] = []

  constructor(sheet: Sheet, all: readonly Sheet[], keepTexts: boolean) {
    this.#sheet = sheet
    this.#all = all
    this.#keepTexts = keepTexts
  }

  /** Columns of the sheet that the file has. */
  get present(): string[] {
    return (this.#places ?? []).flatMap((index) => (index === undefined ? [] : [this.#sheet.columns[index]!.key]))
  }
  get noteCount(): number {
    return this.#noteCount
  }
  get waiting(): number {
    return this.#batch.rows.length + this.#batch.complaints.length + this.#batch.texts.length
  }

  takeBatch(): TypedBatch {
    const batch = this.#batch
    this.#batch = emptyBatch()
    return batch
  }

  /** @throws Unreadable when there were no headings to be found, or nothing below them */
  end(): void {
    if (!this.#places) throw this.#wrongTemplate()
    for (const { row, message, wrong } of this.#later) {
      if (wrong && row > this.#headingRow) this.#complain(row, null, '', message)
      else if (!wrong) this.#note(row, null, '', message)
    }
    if (this.#rows === 0) throw new Unreadable('表头以下没有数据', 'There are no rows below the headings')
  }

  note(note: TableNote): void {
    this.#later.push(note)
  }

  row(row: TableRow): void {
    if (this.#wrongCells > MAX_WRONG_CELLS) return
    if (!this.#places) {
      this.#places = this.#placesOf(row)
      if (this.#places) this.#headingRow = row.row
      else if (this.#before.push(row) > MAX_ROWS_BEFORE_HEADINGS) throw this.#wrongTemplate()
      return
    }
    if (row.cells.every((cell) => cell === undefined || normaliseText(cell.text) === '')) return
    if (this.#isExample(row)) {
      this.#note(row.row, null, '', words('这是模板的示例行，不导入', 'This is the example row of the template; it is not imported'))
      return
    }
    if (++this.#rows > MAX_IMPORT_ROWS)
      throw new Unreadable(`一次最多导入 ${MAX_IMPORT_ROWS} 行，请拆分文件`, `At most ${MAX_IMPORT_ROWS} rows at a time; split the file`)
    this.#type(row)
    if (this.#wrongCells > MAX_WRONG_CELLS)
      this.#complain(
        row.row,
        null,
        '',
        words(
          `错误超过 ${MAX_WRONG_CELLS} 处，本行之后未再检查；请先核对表头与各列是否对应`,
          `There are more than ${MAX_WRONG_CELLS} problems; what follows this row was not judged. See first whether the columns are under their headings`,
        ),
      )
  }

  #type({ row, cells }: TableRow): void {
    const { columns } = this.#sheet
    const values: (Value | undefined)[] = new Array(columns.length).fill(undefined)
    let sound = true
    for (const [place, index] of this.#places!.entries()) {
      if (index === undefined) continue
      const read = this.#read(row, columns[index]!, cells[place])
      if (read === undefined) sound = false
      else values[index] = read
    }
    this.#batch.rows.push({ row, values, sound })
    if (this.#keepTexts)
      this.#batch.texts.push({ row, cells: columns.map((_column, index) => cells[this.#places!.indexOf(index)]?.text ?? '') })
  }

  /** The value, null for a blank cell, undefined when it was refused. */
  #read(row: number, column: Column, cell: Cell | undefined): Value | undefined {
    const text = cell === undefined ? '' : column.kind.normalise(cell.text)
    if (cell === undefined || text === '') {
      if (!column.required) return null
      this.#complain(row, column.key, cell?.text ?? '', words(`“${column.heading.zh}”必须填写`, `“${column.heading.en}” must be filled in`))
      return undefined
    }
    if (cell.kind === 'bad') {
      this.#complain(row, column.key, cell.text, cell.why)
      return undefined
    }
    if ((column.personal || column.masked) && text.includes('*')) {
      this.#complain(row, column.key, cell.text, words('号码已脱敏，请填写完整号码', 'The number is masked; enter the full number'))
      return undefined
    }
    if (cell.kind === 'number' && column.kind.sql === 'text' && Math.abs(cell.number) > Number.MAX_SAFE_INTEGER) {
      this.#complain(
        row,
        column.key,
        cell.text,
        words(
          'Excel 只保留 15 位有效数字，末尾已失真；请把单元格设为文本后重填',
          'Excel keeps 15 digits, so the last ones are lost; format the cell as text and type it again',
        ),
      )
      return undefined
    }
    const read = column.kind.read(text, cell)
    if ('problem' in read) {
      this.#complain(row, column.key, cell.text, read.problem)
      return undefined
    }
    if (read.note) this.#note(row, column.key, cell.text, read.note)
    // Only what looks different to a reader is worth a note: full-width characters and characters nobody sees, not 蒙A·D1234.
    if (/[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\u3000\u200b-\u200f\ufeff]/.test(cell.text) && text !== cell.text)
      this.#note(
        row,
        column.key,
        cell.text,
        words(`全角字符或空白已规范为“${text}”`, `Full-width characters or spaces were made plain: “${text}”`),
      )
    return read.value
  }

  #complain(row: number, column: string | null, value: string, message: Words): void {
    this.#wrongCells++
    this.#batch.complaints.push({ row, column, value: value.slice(0, 200), message })
  }

  #note(row: number, column: string | null, value: string, message: Words): void {
    if (this.#noteCount++ < MAX_LISTED_NOTES) this.#batch.notes.push({ row, column, value: value.slice(0, 200), message })
  }

  #isExample({ cells }: TableRow): boolean {
    const { columns } = this.#sheet
    return this.#places!.every((index, place) => {
      if (index === undefined) return true
      return meansTheSame(columns[index]!, cells[place]?.text ?? '')
    })
  }

  /** Which column each place holds, if this row is the headings: all that are required and one more, or at least three. */
  #placesOf({ row, cells }: TableRow): (number | undefined)[] | undefined {
    const { places, unknown, twice } = match(this.#sheet, cells)
    const found = places.filter((index) => index !== undefined).length
    const missing = this.#sheet.columns.filter(({ required }, index) => required && !places.includes(index))
    // Of a sheet of three columns two will do: files may leave one out. So may those of a sheet that has more columns now than it had.
    if (found < (missing.length === 0 ? 2 : Math.min(3, Math.max(2, this.#sheet.columns.length - 1)))) return undefined
    if (twice) throw new Unreadable(`表头“${twice}”出现了两次`, `The heading “${twice}” stands twice`)
    if (missing.length > 0) throw this.#wrongTemplate(missing)
    if (unknown.length > 0) {
      const list = unknown.slice(0, 8).join('、')
      this.note({ row, message: words(`未识别的列不导入：${list}`, `Columns that are not known are left out: ${list}`) })
    }
    return places
  }

  #wrongTemplate(missing: readonly Column[] = []): Unreadable {
    const { name } = this.#sheet
    const lack = (locale: 'zh' | 'en') => missing.map(({ heading }) => heading[locale]).join(locale === 'zh' ? '、' : ', ')
    const rows = this.#before
    const other = this.#all.find((sheet) => sheet !== this.#sheet && rows.some(({ cells }) => fits(sheet, cells)))
    if (other)
      return new Unreadable(
        `这像是“${other.name.zh}”的文件，而不是“${name.zh}”；请更换文件或导入对象`,
        `This looks like a file of ${other.name.en}, not of ${name.en}; choose another file or subject`,
      )
    if (missing.length > 0)
      return new Unreadable(
        `缺少“${name.zh}”必需的列：${lack('zh')}；请使用模板`,
        `Columns that ${name.en} needs are missing: ${lack('en')}; use the template`,
      )
    return new Unreadable(
      `没有找到“${name.zh}”的表头；请使用模板，表头应在前 ${MAX_ROWS_BEFORE_HEADINGS} 行内`,
      `The headings of ${name.en} were not found in the first ${MAX_ROWS_BEFORE_HEADINGS} rows; use the template`,
    )
  }
}

/** The example of a template in either language. */
function meansTheSame({ example, kind }: Column, said: string): boolean {
  const [one, other] = [example, said].map((text) => kind.normalise(text)) as [string, string]
  if (one === other || one === '' || other === '') return one === other
  const [a, b] = [one, other].map((text) => kind.read(text, { kind: 'text', text })) as [ReadResult, ReadResult]
  return 'value' in a && 'value' in b && a.value === b.value
}

const foldHeading = (text: string): string =>
  normaliseCode(text)
    .replace(/[*＊]|[（(](必填|required)[）)]/gi, '')
    .toLowerCase()

function match(sheet: Sheet, cells: TableRow['cells']) {
  const known = new Map<string, number>()
  for (const [index, { key, heading }] of sheet.columns.entries())
    for (const name of [heading.zh, heading.en, key]) known.set(foldHeading(name), index)
  const ignored = [REMARKS.zh, REMARKS.en].map(foldHeading)
  const unknown: string[] = []
  let twice: string | undefined
  const places: (number | undefined)[] = []
  for (const [place, cell] of cells.entries()) {
    const heading = cell ? foldHeading(cell.text) : ''
    const index = known.get(heading)
    if (index !== undefined && places.includes(index)) twice = cell!.text
    places[place] = index
    if (index === undefined && heading !== '' && !ignored.includes(heading)) unknown.push(cell!.text.slice(0, 30))
  }
  return { places, unknown, twice }
}

function fits(sheet: Sheet, cells: TableRow['cells']): boolean {
  const { places } = match(sheet, cells)
  return sheet.columns.every(({ required }, index) => !required || places.includes(index))
}
