// What an entry of the outbox is called.
import { formatFen } from '../../kit/format/money.ts'
import type { Entry } from '../outbox/entries.ts'
import type { useText } from '../texts.ts'

export function nameOf(entry: Entry, t: ReturnType<typeof useText>['t']): string {
  if (entry.action === 'cost') return `${t(`costKind.${entry.data.kind}`)} ${formatFen(entry.data.fen)}`
  if (entry.action === 'photo') {
    const size = entry.bytes === undefined ? '' : ` ${t('photo.size', { kb: Math.max(1, Math.round(entry.bytes / 1000)) })}`
    return `${t('photo.one')} ${t(`photoSubject.${entry.data.shows}`)}${size}`
  }
  if (entry.action === 'incident') return t(`incidentKind.${entry.data.kind}`)
  if (entry.action === 'change') return t('change.title')
  if (entry.action === 'explain') return t('finding.one')
  if (entry.action === 'findingPhoto') return t('finding.photos')
  if (entry.action === 'leave') return t('leave.title')
  return t(`orderAction.${entry.action}`)
}
