// Bytes of somebody's text file → text. Files come as UTF-8 with or without a mark, as UTF-16 from "Unicode text", and as GB 18030 from
// Excel and WPS in Chinese.
import { Unreadable } from './unreadable.ts'

/** What the first bytes must hold to be judged; enough for headings in any encoding. */
const HEAD = 4_096

/** @throws Unreadable when the bytes are in no encoding that we know, or in two at once. The mark at the beginning is taken off. */
export function decodeText(bytes: Buffer): string {
  const utf16 = utf16Of(bytes)
  if (utf16) return decode(bytes, utf16) ?? refuse()
  const utf8 = decode(bytes, 'utf-8')
  if (utf8 !== undefined) return utf8
  const mixed = findMixedLine(bytes)
  if (mixed !== undefined)
    throw new Unreadable(
      `文件混用了 UTF-8 和 GB18030 两种编码（如第 ${mixed} 行），请另存为“CSV UTF-8”后重试`,
      `The file mixes UTF-8 and GB 18030 (line ${mixed}, for one); save it as “CSV UTF-8” and try again`,
    )
  return decode(bytes, 'gb18030') ?? refuse()
}

/** XML says its encoding itself; where it says none, or one of those above, its bytes do. @throws Unreadable as `decodeText` */
export function decodeXml(bytes: Buffer): string {
  const said = /^<\?xml[^>]*\sencoding\s*=\s*["']([\w.:-]+)["']/.exec(bytes.subarray(0, 200).toString('latin1'))?.[1]?.toLowerCase()
  if (said === undefined || /^utf|^ucs/.test(said)) return decodeText(bytes)
  return decode(bytes, said) ?? decodeText(bytes)
}

export const isUtf16 = (bytes: Buffer): boolean => utf16Of(bytes) !== undefined

function utf16Of(bytes: Buffer): 'utf-16le' | 'utf-16be' | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  return unmarkedUtf16(bytes)
}

/** UTF-16 without its mark: what is ASCII in it has a zero on one side, always the same. Undefined for bytes without zeros and for others. */
function unmarkedUtf16(bytes: Buffer): 'utf-16le' | 'utf-16be' | undefined {
  const zeros: [even: number, odd: number] = [0, 0]
  for (const [at, byte] of bytes.subarray(0, HEAD).entries()) if (byte === 0) zeros[(at % 2) as 0 | 1]++
  if (bytes.length % 2 === 1 || zeros[0] + zeros[1] < Math.min(bytes.length, HEAD) / 20 || (zeros[0] > 0 && zeros[1] > 0)) return undefined
  const encoding = zeros[1] > 0 ? 'utf-16le' : 'utf-16be'
  // Pictures and programs have zeros too; text has no other controls.
  const head = new TextDecoder(encoding).decode(bytes.subarray(0, HEAD))
  return /(?![\t\n\r\f\v])\p{Cc}/u.test(head) ? undefined : encoding
}

const refuse = (): never => {
  throw new Unreadable(
    '无法识别文件编码；请另存为“CSV UTF-8”或 .xlsx 后重试',
    'The encoding of the file is not known; save it as “CSV UTF-8” or .xlsx and try again',
  )
}

function decode(bytes: Uint8Array, encoding: string): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    return undefined // not of this encoding, or one that nobody knows
  }
}

/**
 * In a file that is not UTF-8: the first line that is not either, when other lines plainly are – three-byte Chinese, in two lines at
 * least, because a short GB 18030 word can look like it by chance.
 */
function findMixedLine(bytes: Buffer): number | undefined {
  let chineseUtf8 = 0
  let foreign: number | undefined
  let line = 1
  for (let from = 0; from < bytes.length; line++) {
    const newline = bytes.indexOf(0x0a, from)
    const to = newline < 0 ? bytes.length : newline
    const text = decode(bytes.subarray(from, to), 'utf-8')
    if (text === undefined) foreign ??= line
    else if (/[\u4e00-\u9fff]/.test(text)) chineseUtf8++
    from = to + 1
  }
  return chineseUtf8 >= 2 ? foreign : undefined
}
