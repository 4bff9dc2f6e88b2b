// One line that says what is not as it should be: no network, and what waits to be sent. It counts what the server has not acknowledged.
import { onlineManager } from '@tanstack/react-query'
import { useSyncExternalStore } from 'react'
import { useEntries, useUnreadable } from './outbox/outbox.ts'
import { useText } from './texts.ts'

export function StatusLine({ username }: { username: string }) {
  const { t } = useText()
  const entries = useEntries()
  const online = useSyncExternalStore(
    (changed) => onlineManager.subscribe(changed),
    () => onlineManager.isOnline(),
  )
  const unreadable = useUnreadable()
  const own = entries.filter((entry) => entry.username === username)
  const waiting = own.filter(({ aside }) => !aside).length
  const aside = own.length - waiting
  const others = entries.length - own.length
  const parts = [
    ...(online ? [] : [t('phone.offline')]),
    ...(unreadable ? [t('outbox.unreadable')] : []),
    ...(waiting > 0 ? [t('outbox.waiting', { n: waiting })] : []),
    ...(aside > 0 ? [t('outbox.asideCount', { n: aside })] : []),
    ...(others > 0 ? [t('outbox.others', { n: others })] : []),
  ]
  return <div role="status">{parts.length > 0 && <p className="phone-status">{parts.join(' · ')}</p>}</div>
}
