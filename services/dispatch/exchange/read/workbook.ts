// An Excel workbook (.xlsx) as rows: the first sheet that is not hidden, its strings, and which numbers are days.
// Nothing is computed: a formula is not a value anyone typed, and what it showed when the file was saved may be old.
import { DAY_MS } from '../../../domain/days.ts'
import { Unreadable } from '../../../tables/unreadable.ts'
import type { Cell, TableSink } from './table.ts'
import { readXml } from './xml.ts'
import { Zip } from './zip.ts'

const MAX_STRINGS_CHARACTERS = 64 * 1024 * 1024
const MAX_COLUMNS = 256
/** Formats 14–22, 27–36, 45–47, 50–58 of ECMA-376 are dates and times; 27 and up in Chinese installations. */
const isDateFormatId = (id: number): boolean =>
  (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58)

type SheetEntry = { name: string; path: string; visible: boolean }

/** @throws Unreadable */
export async function readWorkbook(bytes: Buffer, wantedSheets: readonly string[], sink: TableSink): Promise<void> {
  const zip = new Zip(bytes)
  const root = await relationsOf(zip, '')
  const workbookPath = [...root.values()].find(({ type }) => type.endsWith('/officeDocument'))?.target ?? 'xl/workbook.xml'
  if (!zip.has(workbookPath)) throw new Unreadable('文件不是 Excel 工作簿（.xlsx）', 'The file is not an Excel workbook (.xlsx)')
  const relations = await relationsOf(zip, workbookPath)
  const { sheets, from1904 } = await readSheetList(zip, workbookPath, relations)
  const visible = sheets.filter((sheet) => sheet.visible && zip.has(sheet.path))
  const sheet = visible.find(({ name }) => wantedSheets.includes(name.trim())) ?? visible[0]
  if (!sheet) throw new Unreadable('工作簿中没有可见的工作表', 'The workbook has no visible sheet')
  noteOtherSheets(sheets, sheet, sink)
  const target = (kind: string) => [...relations.values()].find(({ type }) => type.endsWith(`/${kind}`))?.target
  const strings = await readStrings(zip, target('sharedStrings') ?? 'xl/sharedStrings.xml')
  const dateStyles = await readDateStyles(zip, target('styles') ?? 'xl/styles.xml')
  await readSheet(zip, sheet.path, { strings, dateStyles, from1904 }, sink)
}

function noteOtherSheets(sheets: SheetEntry[], chosen: SheetEntry, sink: TableSink): void {
  const others = sheets.filter((sheet) => sheet !== chosen && sheet.name !== NOTES_SHEET.zh && sheet.name !== NOTES_SHEET.en)
  if (others.length === 0) return
  const list = (names: string[]) => names.slice(0, 5).join('、')
  const hidden = others.filter((sheet) => !sheet.visible).map(({ name }) => name)
  const shown = others.filter((sheet) => sheet.visible).map(({ name }) => name)
  const say = (zh: string, en: string) => sink.note({ row: 1, message: { zh, en } })
  if (shown.length > 0)
    say(`只读取工作表“${chosen.name}”，未读取：${list(shown)}`, `Only the sheet “${chosen.name}” is read, not: ${list(shown)}`)
  if (hidden.length > 0) say(`隐藏的工作表不读取：${list(hidden)}`, `Hidden sheets are not read: ${list(hidden)}`)
}

/** The second sheet of our templates and the hidden one with its choices; nobody needs to be told that they are not data. */
export const NOTES_SHEET = { zh: '填写说明', en: 'Notes' }

type Relation = { type: string; target: string }

async function relationsOf(zip: Zip, path: string): Promise<Map<string, Relation>> {
  const slash = path.lastIndexOf('/')
  const folder = path.slice(0, slash + 1)
  const file = `${folder}_rels/${path.slice(slash + 1)}.rels`
  const found = new Map<string, Relation>()
  if (!zip.has(file)) return found
  await readXml(zip.read(file), {
    open(name, attribute) {
      if (name !== 'Relationship' || attribute('TargetMode') === 'External') return
      const target = attribute('Target') ?? ''
      found.set(attribute('Id') ?? '', {
        type: attribute('Type') ?? '',
        target: target.startsWith('/') ? target.slice(1) : folder + target,
      })
    },
    text() {},
    close() {},
  })
  return found
}

async function readSheetList(zip: Zip, path: string, relations: Map<string, Relation>) {
  const sheets: SheetEntry[] = []
  let from1904 = false
  await readXml(zip.read(path), {
    open(name, attribute) {
      if (name === 'workbookPr') from1904 = attribute('date1904') === '1' || attribute('date1904') === 'true'
      if (name !== 'sheet') return
      const state = attribute('state') ?? 'visible'
      const target = relations.get(attribute('id') ?? '')?.target ?? ''
      sheets.push({ name: attribute('name') ?? '', path: target, visible: state === 'visible' })
    },
    text() {},
    close() {},
  })
  return { sheets, from1904 }
}

async function readStrings(zip: Zip, path: string): Promise<string[]> {
  const strings: string[] = []
  if (!zip.has(path)) return strings
  let current = ''
  let inText = false
  let phonetic = 0
  let characters = 0
  await readXml(zip.read(path), {
    open(name) {
      if (name === 'si') current = ''
      else if (name === 'rPh') phonetic++
      else if (name === 't') inText = phonetic === 0
    },
    text(text) {
      if (inText) current += text
    },
    close(name) {
      if (name === 't') inText = false
      else if (name === 'rPh') phonetic--
      else if (name === 'si') {
        characters += current.length
        if (characters > MAX_STRINGS_CHARACTERS) throw new Unreadable('工作簿中的文字过多', 'The workbook holds too much text')
        strings.push(current)
      }
    },
  })
  return strings
}

/** Which cell styles show a number as a day. */
async function readDateStyles(zip: Zip, path: string): Promise<boolean[]> {
  const styles: boolean[] = []
  if (!zip.has(path)) return styles
  const own = new Map<number, boolean>()
  let inCellFormats = false
  await readXml(zip.read(path), {
    open(name, attribute) {
      if (name === 'cellXfs') inCellFormats = true
      else if (name === 'numFmt') own.set(Number(attribute('numFmtId')), isDateCode(attribute('formatCode') ?? ''))
      else if (name === 'xf' && inCellFormats) {
        const id = Number(attribute('numFmtId') ?? 0)
        styles.push(own.get(id) ?? isDateFormatId(id))
      }
    },
    text() {},
    close(name) {
      if (name === 'cellXfs') inCellFormats = false
    },
  })
  return styles
}

/** Years or days outside of quoted text, colours and escapes: yyyy"年"m"月"d"日", m/d/yy. */
const isDateCode = (code: string): boolean => /[yd年]/i.test(code.replace(/"[^"]*"|\[[^\]]*\]|\\./g, ''))

type Values = { strings: string[]; dateStyles: boolean[]; from1904: boolean }

async function readSheet(zip: Zip, path: string, values: Values, sink: TableSink): Promise<void> {
  let row = 0
  let column = 0
  let cells: (Cell | undefined)[] = []
  let hiddenRow = false
  let hiddenRows = 0
  let type = ''
  let style = 0
  let raw = ''
  let hasFormula = false
  let reading: 'none' | 'value' | 'inline' = 'none'
  const merges: Range[] = []
  await readXml(zip.read(path), {
    open(name, attribute) {
      if (name === 'c') {
        const place = attribute('r')
        column = place ? columnOf(place) : column + 1
        type = attribute('t') ?? 'n'
        style = Number(attribute('s') ?? 0)
        raw = ''
        hasFormula = false
      } else if (name === 'v') reading = 'value'
      else if (name === 't' && type === 'inlineStr') reading = 'inline'
      else if (name === 'f') hasFormula = true
      else if (name === 'row') {
        row = Number(attribute('r') ?? row + 1)
        column = 0
        cells = []
        hiddenRow = attribute('hidden') === '1' || attribute('hidden') === 'true'
      } else if (name === 'mergeCell') {
        const range = rangeOf(attribute('ref') ?? '')
        if (range && merges.length < 1_000) merges.push(range)
      }
    },
    text(text) {
      if (reading !== 'none') raw += text
    },
    close(name) {
      if (name === 'v' || name === 't') reading = 'none'
      else if (name === 'c') {
        if (column <= MAX_COLUMNS) cells[column - 1] = cellOf(type, raw, hasFormula, values.dateStyles[style] ?? false, values)
      } else if (name === 'row' && cells.some((cell) => cell !== undefined)) {
        if (hiddenRow) hiddenRows++
        sink.row({ row, cells })
      }
    },
  })
  for (const { top, bottom, left, right } of merges) {
    sink.note({
      row: top,
      wrong: true,
      message: {
        zh: `${columnName(left)}${top}:${columnName(right)}${bottom} 是合并单元格，只有左上角有值；请取消合并后逐格填写`,
        en: `${columnName(left)}${top}:${columnName(right)}${bottom} is merged: only its first cell has a value; unmerge it and fill in every cell`,
      },
    })
  }
  if (hiddenRows > 0)
    sink.note({
      row: 1,
      message: { zh: `有 ${hiddenRows} 行被隐藏或筛选掉，同样会读取`, en: `${hiddenRows} hidden or filtered rows are read as well` },
    })
}

const formula = {
  zh: '单元格是公式；请复制后用“选择性粘贴 – 数值”填写',
  en: 'The cell is a formula; copy it and paste it as a value',
}

function cellOf(type: string, raw: string, hasFormula: boolean, isDate: boolean, { strings, from1904 }: Values): Cell | undefined {
  if (hasFormula) return { kind: 'bad', text: raw, why: formula }
  if (type === 's') {
    const text = strings[Number(raw)]
    return text === undefined || text === '' ? undefined : { kind: 'text', text }
  }
  if (raw === '') return undefined
  if (type === 'b') return { kind: 'boolean', text: raw === '1' ? 'TRUE' : 'FALSE', value: raw === '1' }
  if (type === 'e') return { kind: 'bad', text: raw, why: { zh: `单元格是错误值 ${raw}`, en: `The cell holds the error ${raw}` } }
  if (type === 'd') return { kind: 'time', text: raw }
  if (type !== 'n') return { kind: 'text', text: raw }
  const number = Number(raw)
  if (!Number.isFinite(number)) return { kind: 'text', text: raw }
  if (isDate) {
    const time = timeOfSerial(number + (from1904 ? 1462 : 0))
    if (time) return { kind: 'time', text: time }
  }
  return { kind: 'number', text: plainNumber(number), number }
}

/** Without exponent, and without the noise of binary fractions: 0.1 + 0.2 was typed as 0.3. */
const plainNumber = (number: number): string =>
  Number.isInteger(number) && Math.abs(number) < 1e21 ? number.toFixed(0) : String(Number(number.toPrecision(15)))

/**
 * The day that a serial number counts to, and the time of it where there is one: 2024-05-01, 2024-05-01 08:30:00, to the millisecond.
 * Excel counts days from 1900 and believes that 1900-02-29 existed; 60 is that day. Undefined outside 1900–9999.
 */
export function timeOfSerial(serial: number): string | undefined {
  // A thousandth is what a serial number still tells; 0.9999999 of a day is the next one.
  const ms = Math.round(serial * DAY_MS)
  const days = Math.floor(ms / DAY_MS)
  if (days < 1 || days > 2_958_465 || days === 60) return undefined
  const at = new Date(Date.UTC(1899, 11, days < 60 ? 31 : 30) + ms).toISOString()
  const clock = at.slice(11, 23).replace(/\.000$/, '')
  return clock === '00:00:00' ? at.slice(0, 10) : `${at.slice(0, 10)} ${clock}`
}

type Range = { top: number; bottom: number; left: number; right: number }

function columnOf(place: string): number {
  let column = 0
  for (let k = 0; k < place.length; k++) {
    const code = place.charCodeAt(k)
    if (code < 65 || code > 90) break
    column = column * 26 + code - 64
  }
  return column
}

/** 28 → AB. */
export function columnName(column: number): string {
  let name = ''
  for (let rest = column; rest > 0; rest = Math.floor((rest - 1) / 26)) name = String.fromCharCode(65 + ((rest - 1) % 26)) + name
  return name
}

function rangeOf(ref: string): Range | undefined {
  const match = /^([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})$/.exec(ref)
  return match ? { left: columnOf(match[1]!), top: Number(match[2]), right: columnOf(match[3]!), bottom: Number(match[4]) } : undefined
}
