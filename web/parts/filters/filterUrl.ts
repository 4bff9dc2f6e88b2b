// The vehicle filter in the URL; the words are those of the live filter contract, the organisation is `org`.
import { type LiveFilter, liveFilterSchema } from '../../../services/contracts/liveSocket.ts'
import type { UrlText } from '../../kit/urlText.ts'

const plain = ['league', 'class', 'category', 'energy', 'status'] as const

export function readFilter(url: UrlText): LiveFilter {
  const found: Record<string, unknown> = {}
  for (const key of [...plain, 'organisationId'] as const) {
    const raw = url[key === 'organisationId' ? 'org' : key]
    if (raw === undefined) continue
    const field = liveFilterSchema.shape[key].safeParse(raw)
    if (field.success && field.data !== undefined) found[key] = field.data
  }
  return found as LiveFilter
}

export function writeFilter(filter: LiveFilter): UrlText {
  const url: UrlText = {}
  for (const key of plain) if (filter[key] !== undefined) url[key] = filter[key]
  if (filter.organisationId !== undefined) url.org = String(filter.organisationId)
  return url
}

/** How many of the filters are set. */
export const filterSize = (filter: LiveFilter): number => Object.values(filter).filter((value) => value !== undefined).length
