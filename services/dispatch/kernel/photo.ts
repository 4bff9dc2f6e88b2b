// What is sent as a photo, as it will be kept: one law for orders, seals and findings. Made before anything is locked.
import { refusal } from '../../contracts/refusals.ts'
import { dayAt } from '../../domain/days.ts'
import { dispatchLawOn } from '../../domain/dispatchLaw.ts'
import { keptPicture, MOST_MEGAPIXELS, type Picture } from '../../platform/pictures.ts'

/** @throws Refusal VALIDATION_FAILED for what is no photo, with what would be one */
export async function requirePhoto(bytes: Buffer, nowMs: number): Promise<Picture> {
  const picture = await keptPicture(bytes, dispatchLawOn(dayAt(nowMs)).photoEdgePx)
  if (typeof picture !== 'string') return picture
  throw refusal('VALIDATION_FAILED', 'body', picture, picture === 'photo.pixels' ? { most: MOST_MEGAPIXELS } : {})
}
