// The filters of the audit page as they stand in its address, and as the server is asked.
import type { AuditFilter } from '../../../services/contracts/api/audit.ts'
import { auditActions } from '../../../services/contracts/auditActions.ts'
import { fromWallClock } from '../../kit/format/time.ts'
import type { UrlText } from '../../kit/urlText.ts'

export const filterKeys = ['text', 'actor', 'action', 'subjectType', 'subjectId', 'from', 'to'] as const
export type FilterKey = (typeof filterKeys)[number]

const word = (text: string | undefined): string | undefined => text?.trim().slice(0, 64) || undefined
const instantOf = (text: string | undefined): string | undefined => {
  const ms = text ? fromWallClock(text) : undefined
  return ms === undefined ? undefined : new Date(ms).toISOString()
}

/** What cannot be understood is dropped. */
export const readFilter = (url: UrlText): AuditFilter => ({
  text: word(url.text),
  actor: word(url.actor),
  action: auditActions.find((known) => known === url.action),
  subjectType: word(url.subjectType),
  subjectId: word(url.subjectId),
  from: instantOf(url.from),
  to: instantOf(url.to),
})

export const isFiltered = (url: UrlText): boolean => filterKeys.some((key) => url[key])
