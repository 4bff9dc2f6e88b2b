// A filing on paper: A4 lying, one table after the other, each under its head on every page it goes over; signatures at the end, the hash and the number on every page.
import { fontBytes } from '../../../../platform/paper/font.ts'
import { Pen } from '../../../../platform/paper/pen.ts'
import { wrap } from '../../../../platform/paper/wrap.ts'
import type { FiledPaper, FiledSheet } from './sheets.ts'

// In points of 1/72 inch.
const PAGE = { width: 841.89, height: 595.28, margin: 36 }
const INNER = PAGE.width - 2 * PAGE.margin
const BOTTOM = PAGE.height - PAGE.margin - 18
const TEXT = { size: 8, line: 11 }
const PAD = 3
/** A column of words is so much wider than one of figures. */
const WORDS = 1.8

type Cell = { x: number; width: number; lines: string[]; right: boolean }

export async function pdfOf(paper: FiledPaper, nowMs: number): Promise<Buffer> {
  const font = await fontBytes()
  const { default: PDFDocument } = await import('pdfkit') // when it is first needed: a start does not wait for it
  const doc = new PDFDocument({
    size: [PAGE.width, PAGE.height],
    margin: 0,
    font: font as unknown as string,
    autoFirstPage: false,
    bufferPages: true,
    lang: 'zh-CN',
    info: { Title: paper.title, CreationDate: new Date(nowMs) },
  })
  const parts: Buffer[] = []
  doc.on('data', (part: Buffer) => parts.push(part))
  const ended = new Promise<void>((resolve, reject) => doc.once('end', resolve).once('error', reject))
  const sheet = new Sheet(new Pen(doc))
  sheet.page()
  sheet.title(paper)
  for (const each of paper.sheets) sheet.table(each)
  sheet.signs(paper.signs)
  const { count } = doc.bufferedPageRange()
  for (let page = 0; page < count; page++) {
    doc.switchToPage(page)
    sheet.foot(paper.foot, paper.page(page + 1, count))
  }
  doc.end()
  await ended
  return Buffer.concat(parts)
}

class Sheet {
  readonly #pen: Pen
  #y = 0

  constructor(pen: Pen) {
    this.#pen = pen
  }

  page(): void {
    this.#pen.doc.addPage()
    this.#y = PAGE.margin
  }

  title({ title, facts }: FiledPaper): void {
    this.#pen.write(title, PAGE.margin + (INNER - this.#pen.widthOf(title, 16)) / 2, this.#y, 16)
    this.#y += 28
    const half = INNER / 2
    for (const [at, [name, value]] of facts.entries()) {
      const wide = at === facts.length - 1
      const x = PAGE.margin + (wide ? 0 : (at % 2) * half)
      if (wide && at % 2 === 1) this.#y += 15
      this.#pen.write(`${name}  ${value}`, x, this.#y, 9)
      if (at % 2 === 1 || wide) this.#y += 15
    }
  }

  table({ name, head, rows }: FiledSheet): void {
    const isFigure = head.map((_, at) => rows.some((row) => typeof row[at] === 'number'))
    const shares = isFigure.map((figure) => (figure ? 1 : WORDS))
    const whole = shares.reduce((sum, share) => sum + share, 0)
    const widths = shares.map((share) => (share / whole) * INNER)
    const lay = (texts: readonly (string | number)[]): Cell[] => {
      let x = PAGE.margin
      return texts.map((text, at) => {
        const width = widths[at]!
        const cell = {
          x,
          width,
          lines: wrap(
            typeof text === 'number' ? text.toLocaleString('en', { minimumFractionDigits: Number.isInteger(text) ? 0 : 2 }) : text,
            (one) => this.#pen.advanceOf(one) * TEXT.size,
            width - 2 * PAD,
          ),
          right: isFigure[at]!,
        }
        x += width
        return cell
      })
    }
    const laidHead = lay(head)
    const begin = () => {
      this.#pen.write(name, PAGE.margin, this.#y, 11)
      this.#y += 18
      this.#row(laidHead)
    }
    const first = rows[0] ? heightOf(lay(rows[0])) : 0
    if (this.#y + 12 + 18 + heightOf(laidHead) + first > BOTTOM) this.page()
    else this.#y += 12
    begin()
    for (const row of rows) {
      const cells = lay(row)
      if (this.#y + heightOf(cells) > BOTTOM) {
        this.page()
        begin()
      }
      this.#row(cells)
    }
  }

  #row(cells: readonly Cell[]): void {
    const height = heightOf(cells)
    for (const { x, width, lines, right } of cells) {
      this.#pen.doc.lineWidth(0.4).rect(x, this.#y, width, height).stroke()
      for (const [n, line] of lines.entries()) {
        const from = right ? x + width - PAD - this.#pen.widthOf(line, TEXT.size) : x + PAD
        this.#pen.write(line, from, this.#y + PAD + n * TEXT.line - 1, TEXT.size)
      }
    }
    this.#y += height
  }

  signs(signs: readonly string[]): void {
    if (this.#y + 40 > BOTTOM) this.page()
    for (const [n, sign] of signs.entries()) this.#pen.write(sign, PAGE.margin + (n * INNER) / signs.length, this.#y + 18, 10)
  }

  foot(text: string, number: string): void {
    const y = PAGE.height - PAGE.margin - 8
    this.#pen.write(text, PAGE.margin, y, 7)
    this.#pen.write(number, PAGE.width - PAGE.margin - this.#pen.widthOf(number, 7), y, 7)
  }
}

const heightOf = (cells: readonly Cell[]): number => Math.max(...cells.map(({ lines }) => lines.length)) * TEXT.line + 2 * PAD
