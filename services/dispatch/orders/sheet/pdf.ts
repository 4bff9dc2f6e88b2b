// A sheet as PDF (A4). Rows that do not fit go on the next page, under the same head: every page says whose it is and can be verified.
import { encode } from 'uqr'
import { fontBytes } from '../../../platform/paper/font.ts'
import { Pen } from '../../../platform/paper/pen.ts'
import { wrap } from '../../../platform/paper/wrap.ts'
import type { Sheet, SheetCell, SheetRow } from './lines.ts'

// In points of 1/72 inch.
const PAGE = { width: 595.28, height: 841.89, margin: 42 }
const INNER = PAGE.width - 2 * PAGE.margin
const NAME_WIDTH = 78
const TEXT = { size: 10.5, line: 15.5 }
const PAD = 5
const QR = 78
const FOOT = 26
const SIGNS = 44

type Laid = { x: number; width: number; lines: string[]; name: boolean }
type LaidRow = { height: number; cells: Laid[] }

/**
 * @param link what the code says: ASCII, and short, so that a phone reads it from paper
 * @returns the file
 */
export async function pdfOf(sheet: Sheet, link: string, nowMs: number): Promise<Buffer> {
  const font = await fontBytes()
  const { default: PDFDocument } = await import('pdfkit') // when it is first needed: a start does not wait for it
  const doc = new PDFDocument({
    size: 'A4',
    margin: 0,
    // pdfkit takes bytes here as everywhere else; its types know names alone.
    font: font as unknown as string,
    autoFirstPage: false,
    bufferPages: true,
    lang: 'zh-CN',
    info: { Title: `${sheet.title} ${sheet.number}`, CreationDate: new Date(nowMs) },
  })
  const parts: Buffer[] = []
  doc.on('data', (part: Buffer) => parts.push(part))
  const ended = new Promise<void>((resolve, reject) => doc.once('end', resolve).once('error', reject))
  const pen = new Pen(doc)

  const rows = sheet.rows.map((row) => layRow(row, pen))
  let y = beginPage(pen, sheet, link)
  for (const row of rows) {
    if (y + row.height > PAGE.height - PAGE.margin - FOOT) y = beginPage(pen, sheet, link)
    drawRow(pen, row, y)
    y += row.height
  }
  if (y + SIGNS > PAGE.height - PAGE.margin - FOOT) y = beginPage(pen, sheet, link)
  for (const [n, sign] of sheet.signs.entries()) pen.write(sign, PAGE.margin + (n * INNER) / sheet.signs.length, y + 22, TEXT.size)

  const { count } = doc.bufferedPageRange()
  for (let page = 0; page < count; page++) {
    doc.switchToPage(page)
    const said = sheet.page(page + 1, count)
    const at = PAGE.height - PAGE.margin - 10
    pen.write(sheet.printed, PAGE.margin, at, 9)
    pen.write(said, PAGE.width - PAGE.margin - pen.widthOf(said, 9), at, 9)
  }
  doc.end()
  await ended
  return Buffer.concat(parts)
}

function layRow(row: SheetRow, pen: Pen): LaidRow {
  const width = INNER / row.length
  const lay = (text: string, x: number, cellWidth: number, name: boolean): Laid => ({
    x,
    width: cellWidth,
    lines: wrap(text, (character) => pen.advanceOf(character) * TEXT.size, cellWidth - 2 * PAD),
    name,
  })
  const cellsOf = ({ name, value }: SheetCell, n: number): Laid[] => {
    const x = PAGE.margin + n * width
    return [lay(name, x, NAME_WIDTH, true), lay(value, x + NAME_WIDTH, width - NAME_WIDTH, false)]
  }
  const cells = row.flatMap(cellsOf)
  return { cells, height: Math.max(...cells.map(({ lines }) => lines.length)) * TEXT.line + 2 * PAD }
}

function drawRow(pen: Pen, { cells, height }: LaidRow, y: number): void {
  const { doc } = pen
  for (const { x, width, lines, name } of cells) {
    if (name) doc.rect(x, y, width, height).fillOpacity(0.06).fill('#000000').fillOpacity(1)
    doc.lineWidth(0.6).rect(x, y, width, height).stroke('#000000')
    doc.fillColor('#000000')
    for (const [n, line] of lines.entries()) pen.write(line, x + PAD, y + PAD + n * TEXT.line - 1, TEXT.size)
  }
}

/** @returns where the rows begin */
function beginPage(pen: Pen, sheet: Sheet, link: string): number {
  const { doc } = pen
  doc.addPage()
  doc.fillColor('#000000')
  const right = PAGE.width - PAGE.margin - QR
  drawCode(doc, link, right, PAGE.margin)
  pen.write(sheet.title, PAGE.margin, PAGE.margin, 20)
  pen.write(sheet.number, PAGE.margin, PAGE.margin + 34, 12)
  pen.write(sheet.version, PAGE.margin + pen.widthOf(sheet.number, 12) + 18, PAGE.margin + 34, 12)
  for (const [n, line] of wrap(sheet.issuer, (character) => pen.advanceOf(character) * 12, right - PAGE.margin - 20)
    .slice(0, 2)
    .entries())
    pen.write(line, PAGE.margin, PAGE.margin + 54 + n * 16, 12)
  pen.write(sheet.verify, PAGE.width - PAGE.margin - pen.widthOf(sheet.verify, 8), PAGE.margin + QR + 2, 8)
  if (sheet.over) {
    const size = 90
    doc
      .save()
      .rotate(-30, { origin: [PAGE.width / 2, PAGE.height / 2] })
      .fillOpacity(0.15)
    pen.write(sheet.over, (PAGE.width - pen.widthOf(sheet.over, size)) / 2, PAGE.height / 2 - size / 2, size)
    doc.restore()
    doc.fillOpacity(1)
  }
  return PAGE.margin + QR + 20
}

/** With the quiet zone of four modules that the standard asks for inside its square. */
function drawCode(doc: PDFKit.PDFDocument, link: string, x: number, y: number): void {
  const { data, size } = encode(link, { ecc: 'M', border: 4 })
  const module = QR / size
  data.forEach((line, row) => {
    line.forEach((dark, column) => {
      if (dark) doc.rect(x + column * module, y + row * module, module, module)
    })
  })
  doc.fill('#000000')
}
