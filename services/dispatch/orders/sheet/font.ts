// The one font of what is printed: Noto Sans SC (OFL) has every Chinese character of the Unicode basic plane, rare ones of names included. A PDF gets the
// glyphs that it uses and no others. What the font lacks (most of the later extensions, scripts written downwards) is drawn as a box with
// the number of the character: a reader sees that something stands there, and what.
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

const FILE = '@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf'

let bytes: Promise<Buffer> | undefined

/** Read once: 10 MB that are parsed only where a glyph is asked for. */
export function fontBytes(): Promise<Buffer> {
  bytes ??= readFile(fileURLToPath(import.meta.resolve(FILE)))
  return bytes
}

/** As the font's own table of characters says; the type is as much of it as is asked. */
export type Glyphs = { hasGlyphForCodePoint(codePoint: number): boolean }
export const lacks = (font: Glyphs, character: string): boolean => !font.hasGlyphForCodePoint(character.codePointAt(0)!)
/** 20BB7: what stands in the box. */
export const boxText = (character: string): string => character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')
