// The vehicles of the map's view as a list: its accessible equal. Only the rows on screen exist.
import { useVirtualizer } from '@tanstack/react-virtual'
import { useRef } from 'react'
import { isSecretNo } from '../../../services/domain/secrecy.ts'
import { formatCount, formatSpeed } from '../../kit/format/number.ts'
import { formatAge } from '../../kit/format/time.ts'
import { EmptyState } from '../../kit/State.tsx'
import { useNow } from '../../kit/useNow.ts'
import type { Roster } from '../../parts/live/roster.ts'
import { StatusWord } from '../../parts/marks/Marks.tsx'
import { SecretMark } from '../../parts/marks/SecretMark.tsx'
import { useOrganisations } from '../../parts/organisation/organisations.ts'
import type { InView } from './liveMap.ts'
import { useText } from './texts.ts'

type Props = {
  inView: InView | null
  roster: Roster | undefined
  selected: number | null
  onSelect: (vehicleId: number) => void
  rowPx: number
}

export function InViewList({ inView, roster, selected, onSelect, rowPx }: Props) {
  const { t, locale } = useText()
  const tree = useOrganisations()
  const nowS = useNow() / 1000
  const scroller = useRef<HTMLDivElement>(null)
  const rows = inView?.rows ?? []
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => scroller.current, estimateSize: () => rowPx, overscan: 6 })

  const onKeyDown = (event: React.KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (!step || rows.length === 0) return
    event.preventDefault()
    const at = rows.findIndex((row) => row.vehicleId === selected)
    const next = Math.max(0, Math.min(rows.length - 1, at < 0 ? 0 : at + step))
    virtual.scrollToIndex(next)
    onSelect(rows[next]!.vehicleId)
  }

  return (
    <section className="in-view" aria-label={t('inView.title')}>
      <h2 className="in-view-head">
        <span>{t('inView.title')}</span>
        <span className="figure">{inView ? t('inView.total', { n: formatCount(inView.total) }) : ''}</span>
      </h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: arrow keys move through the buttons inside */}
      <div ref={scroller} className="in-view-scroll" tabIndex={0} onKeyDown={onKeyDown}>
        {inView === null && <SkeletonRows />}
        {inView?.detail === 'cells' && <EmptyState title={t('inView.cellsTitle')} text={t('inView.cellsText')} />}
        {inView?.detail === 'marks' && rows.length === 0 && <EmptyState title={t('inView.emptyTitle')} text={t('inView.emptyText')} />}
        <ul style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {virtual.getVirtualItems().map((item) => {
            const row = rows[item.index]
            if (!row) return null
            const unit = roster?.unitOf(row.vehicleId)
            return (
              <li key={row.vehicleId} style={{ transform: `translateY(${item.start}px)`, height: rowPx }}>
                <button
                  type="button"
                  tabIndex={-1}
                  className="bare in-view-row"
                  aria-pressed={row.vehicleId === selected}
                  onClick={() => onSelect(row.vehicleId)}
                >
                  <span className="in-view-plate">
                    {isSecretNo(row.vehicleId) ? t('secret.vehicle') : roster?.plateOf(row.vehicleId) || `#${row.vehicleId}`}
                    <SecretMark
                      secret={Boolean(roster?.unmaskedUntil(row.vehicleId))}
                      until={roster?.unmaskedUntil(row.vehicleId) ?? null}
                    />
                  </span>
                  <StatusWord status={row.status} />
                  <span className="figure in-view-right">
                    {row.status === 'moving' && !isSecretNo(row.vehicleId) ? formatSpeed(row.speedKph) : ''}
                  </span>
                  <span className="in-view-unit quiet">{unit === undefined ? '' : tree?.nameOf(unit)}</span>
                  <span className={`figure in-view-right ${row.status === 'offline' ? 'stale' : 'quiet'}`}>
                    {formatAge(nowS - row.timeS, locale)}
                  </span>
                </button>
              </li>
            )
          })}
        </ul>
      </div>
      {inView && inView.detail === 'marks' && inView.total > rows.length && rows.length > 0 && (
        <p className="quiet in-view-more">{t('inView.more', { n: formatCount(rows.length) })}</p>
      )}
    </section>
  )
}

function SkeletonRows() {
  return (
    <div aria-hidden="true">
      {Array.from({ length: 8 }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: eight equal bars that never change
        <div key={index} className="bone" />
      ))}
    </div>
  )
}
