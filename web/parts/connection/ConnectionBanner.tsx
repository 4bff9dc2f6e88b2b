// Says that the line is lost, how old what is shown has become, and that it is being restored. Goes away by itself.
import { onlineManager } from '@tanstack/react-query'
import { useSyncExternalStore } from 'react'
import { formatAge } from '../../kit/format/time.ts'
import { useStore } from '../../kit/store.ts'
import { useNow } from '../../kit/useNow.ts'
import { useText } from '../texts.ts'
import './connection.css'
import { linkStore } from './link.ts'

export function ConnectionBanner() {
  const link = useStore(linkStore)
  const online = useSyncExternalStore(
    (changed) => onlineManager.subscribe(changed),
    () => onlineManager.isOnline(),
  )
  const lost = link.state === 'lost' || !online
  return <div role="status">{lost && <LostLine dataAtMs={link.dataAtMs} />}</div>
}

function LostLine({ dataAtMs }: { dataAtMs: number | null }) {
  const { t, locale } = useText()
  const now = useNow()
  return (
    <p className="lost-line">
      <strong>{t('link.lost')}</strong>
      {dataAtMs === null ? t('link.noData') : t('link.age', { age: formatAge((now - dataAtMs) / 1000, locale) })}
    </p>
  )
}
