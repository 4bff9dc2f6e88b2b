// Photos as they are kept: JPEG, upright, no larger than is needed, and without what the camera wrote beside the picture (place, device, time).
// What a file is, its bytes say. Decoding runs on the threads of libvips and never on the event loop.
import sharp from 'sharp'

export type Picture = { content: Buffer; width: number; height: number }
/** Why bytes are no photo that can be kept. */
export type PictureProblem = 'photo.heic' | 'photo.none' | 'photo.pixels' | 'photo.broken'

const ascii = (bytes: Buffer, from: number, until: number): string => bytes.toString('latin1', from, until)
const isKept = (bytes: Buffer): boolean =>
  bytes.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff])) ||
  ascii(bytes, 0, 8) === '\x89PNG\r\n\x1a\n' ||
  (ascii(bytes, 0, 4) === 'RIFF' && ascii(bytes, 8, 12) === 'WEBP')
/** Of the family of ISO media files: what phones of one make take unless they are told otherwise. */
const isHeic = (bytes: Buffer): boolean => ascii(bytes, 4, 8) === 'ftyp' && /^(hei[cmsx]|hev[cmsx]|mif1|msf1)$/.test(ascii(bytes, 8, 12))

/** No camera of a phone has more; a picture that says so of itself in a few bytes would fill the memory. */
export const MOST_MEGAPIXELS = 150
/** So many are decoded at once: each may take some hundred megabytes. */
const AT_ONCE = 2
let running = 0
const waiting: (() => void)[] = []

/** @returns why not, by its first bytes; undefined for JPEG, PNG and WebP */
function findProblem(bytes: Buffer): PictureProblem | undefined {
  if (isHeic(bytes)) return 'photo.heic'
  return isKept(bytes) ? undefined : 'photo.none'
}

/** The photo as it is kept, its longer edge at most `edgePx`; or why it is none. */
export async function keptPicture(bytes: Buffer, edgePx: number): Promise<Picture | PictureProblem> {
  const problem = findProblem(bytes)
  if (problem) return problem
  if (running >= AT_ONCE) await new Promise<void>((resolve) => void waiting.push(resolve))
  running++
  try {
    const most = MOST_MEGAPIXELS * 1_000_000
    const said = await sharp(bytes, { limitInputPixels: false }).metadata()
    if (said.width * said.height > most) return 'photo.pixels'
    const { data, info } = await sharp(bytes, { limitInputPixels: most, failOn: 'error' })
      .autoOrient()
      .resize({ width: edgePx, height: edgePx, fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#ffffff' })
      .jpeg({ quality: 82 })
      .toBuffer({ resolveWithObject: true })
    return { content: data, width: info.width, height: info.height }
  } catch {
    return 'photo.broken' // whatever the library found wrong with it, whoever sent it needs another
  } finally {
    running--
    waiting.shift()?.()
  }
}
