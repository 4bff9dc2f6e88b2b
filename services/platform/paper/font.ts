// The fonts of what is printed: Noto Sans SC (OFL) has every Chinese character of the Unicode basic plane, rare ones of names included; where it lacks one, Noto Sans JP
// may have it (𠮷). A PDF gets the glyphs that it uses and no others. What the first font lacks an order's sheet draws as a box with the number of the character: a reader
// sees that something stands there, and what. Evidence is not made with such a box (pen.ts).
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

const MAIN = '@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf'
const SPARE = '@expo-google-fonts/noto-sans-jp/400Regular/NotoSansJP_400Regular.ttf'

const read = new Map<string, Promise<Buffer>>()
/** Read once: 10 MB that are parsed only where a glyph is asked for. */
function bytesOf(file: string): Promise<Buffer> {
  const bytes = read.get(file) ?? readFile(fileURLToPath(import.meta.resolve(file)))
  read.set(file, bytes)
  return bytes
}
export const fontBytes = (): Promise<Buffer> => bytesOf(MAIN)
export const spareFontBytes = (): Promise<Buffer> => bytesOf(SPARE)

/** As the font's own table of characters says; the type is as much of it as is asked. */
export type Glyphs = { hasGlyphForCodePoint(codePoint: number): boolean }
export const lacks = (font: Glyphs, character: string): boolean => !font.hasGlyphForCodePoint(character.codePointAt(0)!)
/** 20BB7: what stands in the box. */
export const boxText = (character: string): string => character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')
