// Counts, filters and the list of the view; the same in the panel of the desk and the sheet of the phone.
import { ExpandOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import type { LiveCounts, LiveFilter } from '../../../services/contracts/liveSocket.ts'
import { formatCount, MISSING } from '../../kit/format/number.ts'
import { filterSize } from '../../parts/filters/filterUrl.ts'
import { VehicleFilters } from '../../parts/filters/VehicleFilters.tsx'
import type { Roster } from '../../parts/live/roster.ts'
import { Counts } from './Counts.tsx'
import { InViewList } from './InViewList.tsx'
import type { InView } from './liveMap.ts'
import { useText } from './texts.ts'

const filters = ['league', 'energy', 'category'] as const

type Props = {
  counts: LiveCounts | null
  inView: InView | null
  roster: Roster | undefined
  filter: LiveFilter
  selected: number | null
  onFilter: (filter: LiveFilter) => void
  onSelect: (vehicleId: number) => void
  onWall: () => void
  rowPx: number
}

export function LivePanel({ counts, inView, roster, filter, selected, onFilter, onSelect, onWall, rowPx }: Props) {
  const { t } = useText()
  return (
    <>
      <header className={filterSize(filter) > 0 ? 'live-total live-filtered' : 'live-total'}>
        <div>
          <strong className="figure">{counts ? formatCount(counts.all.total) : MISSING}</strong>{' '}
          <span className="quiet">{t('live.vehicles')}</span>
        </div>
        {filterSize(filter) > 0 && (
          <Button type="link" onClick={() => onFilter({})}>
            {t('filter.clear')}
          </Button>
        )}
        <Button type="text" icon={<ExpandOutlined />} aria-label={t('wall.open')} title={t('wall.open')} onClick={onWall} />
      </header>
      <Counts counts={counts} filter={filter} onFilter={onFilter} />
      <VehicleFilters filter={filter} onChange={onFilter} keys={filters} />
      <InViewList inView={inView} roster={roster} selected={selected} onSelect={onSelect} rowPx={rowPx} />
    </>
  )
}
