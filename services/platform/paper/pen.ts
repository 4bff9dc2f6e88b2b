// Writes text on the pages of a PDF, glyph by glyph: what the font lacks comes from the spare one, is drawn as a box, or stops the work, as whoever takes the pen says.
import { boxText, type Glyphs, lacks } from './font.ts'

type Font = Glyphs & { glyphForCodePoint(codePoint: number): { advanceWidth: number }; unitsPerEm: number }

/** No font has the character, and nothing stands for it. */
export class NoGlyph extends Error {
  readonly character: string

  constructor(character: string) {
    super(`no font has the character ${character} (U+${boxText(character)})`)
    this.character = character
  }
}

const MAIN = 'main'
const SPARE = 'spare'

export class Pen {
  readonly doc: PDFKit.PDFDocument
  readonly #main: Font
  readonly #spare: Font | undefined
  readonly #advances = new Map<string, number>()

  /** `doc` was opened with the first font. With `spare` nothing is drawn as a box: @throws NoGlyph where both lack a character, from whatever measures or writes it. */
  constructor(doc: PDFKit.PDFDocument, fonts?: { main: Buffer; spare: Buffer }) {
    this.doc = doc
    if (fonts) {
      doc.registerFont(MAIN, fonts.main)
      doc.registerFont(SPARE, fonts.spare)
      doc.font(SPARE)
      this.#spare = this.#current()
      doc.font(MAIN)
    }
    this.#main = this.#current()
  }

  /** The parsed font, which pdfkit keeps and its types do not name. */
  #current(): Font {
    return (this.doc as unknown as { _font: { font: Font } })._font.font
  }

  /** Of one character, in points at the size 1. */
  readonly advanceOf = (character: string): number => {
    let advance = this.#advances.get(character)
    if (advance === undefined) {
      const font = this.#fontOf(character)
      advance = font ? font.glyphForCodePoint(character.codePointAt(0)!).advanceWidth / font.unitsPerEm : 1
      this.#advances.set(character, advance)
    }
    return advance
  }

  widthOf(text: string, size: number): number {
    return [...text].reduce((sum, character) => sum + this.advanceOf(character) * size, 0)
  }

  write(text: string, x: number, y: number, size: number): void {
    let run = ''
    let runFont: Font | undefined = this.#main
    let from = x
    const flush = () => {
      if (run && runFont) {
        if (runFont === this.#spare) this.doc.font(SPARE)
        this.doc.fontSize(size).text(run, from, y, { lineBreak: false, features: [] })
        if (runFont === this.#spare) this.doc.font(MAIN)
        from += this.widthOf(run, size)
      }
      run = ''
    }
    for (const character of text) {
      const font = this.#fontOf(character)
      if (font !== runFont) flush()
      runFont = font
      if (font) {
        run += character
        continue
      }
      this.#drawBox(character, from, y, size)
      from += size
    }
    flush()
  }

  /** Undefined: drawn as a box. */
  #fontOf(character: string): Font | undefined {
    if (!lacks(this.#main, character)) return this.#main
    if (!this.#spare) return undefined
    if (lacks(this.#spare, character)) throw new NoGlyph(character)
    return this.#spare
  }

  /** The number in two lines, as large as the box is wide. */
  #drawBox(character: string, x: number, y: number, size: number): void {
    const number = boxText(character)
    const top = y + size * 0.22
    this.doc
      .lineWidth(0.4)
      .rect(x + size * 0.05, top, size * 0.9, size)
      .stroke()
    const half = Math.ceil(number.length / 2)
    for (const [n, part] of [number.slice(0, half), number.slice(half)].entries()) {
      const small = size * 0.36
      this.doc
        .fontSize(small)
        .text(part, x + (size - this.widthOf(part, small)) / 2, top - size * 0.05 + n * size * 0.46, { lineBreak: false, features: [] })
    }
  }
}
