// A photo as it is sent: made upright and small on the phone, so that it goes over a poor line. What the phone cannot read itself is sent as it is,
// if the server can. What a file is, its first bytes say, whatever its name.
import { dayAt } from '../../../services/domain/days.ts'
import { dispatchLawOn } from '../../../services/domain/dispatchLaw.ts'
import { ApiError } from '../../kit/api/client.ts'

type Form = 'jpeg' | 'png' | 'webp' | 'heic'

/** By its first sixteen bytes; undefined for what is no photo. */
export function formOf(head: Uint8Array): Form | undefined {
  const text = String.fromCharCode(...head.subarray(0, 16))
  if (text.startsWith('\xff\xd8\xff')) return 'jpeg'
  if (text.startsWith('\x89PNG\r\n\x1a\n')) return 'png'
  if (text.startsWith('RIFF') && text.slice(8, 12) === 'WEBP') return 'webp'
  return text.slice(4, 8) === 'ftyp' && /^(hei[cmsx]|hev[cmsx]|mif1|msf1)$/.test(text.slice(8, 12)) ? 'heic' : undefined
}

/** @throws ApiError with the reason, for what is no photo that could be sent */
export async function shrink(file: Blob): Promise<Blob> {
  const { photoEdgePx, photoMostMb } = dispatchLawOn(dayAt(Date.now()))
  const form = formOf(new Uint8Array(await file.slice(0, 16).arrayBuffer()))
  if (!form) throw refused('photo.none')
  const bitmap = await createImageBitmap(file).catch(() => null) // a picture that this browser cannot show
  const small = bitmap && (await drawn(bitmap, photoEdgePx))
  if (small && (small.size < file.size || form !== 'jpeg')) return small
  if (form === 'heic') throw refused('photo.heic')
  if (file.size > photoMostMb * 1_048_576) throw refused('body.large', { most: photoMostMb })
  return file
}

const refused = (reason: string, values: Record<string, number> = {}) =>
  new ApiError('VALIDATION_FAILED', '', { issues: [{ path: 'body', message: '', reason, values }] })

/** As JPEG, with its longer edge at most `edgePx`; null where the browser cannot. */
async function drawn(bitmap: ImageBitmap, edgePx: number): Promise<Blob | null> {
  const scale = Math.min(1, edgePx / Math.max(bitmap.width, bitmap.height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.round(bitmap.width * scale))
  canvas.height = Math.max(1, Math.round(bitmap.height * scale))
  const context = canvas.getContext('2d')
  context?.drawImage(bitmap, 0, 0, canvas.width, canvas.height)
  bitmap.close()
  return context ? new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.85)) : null
}
