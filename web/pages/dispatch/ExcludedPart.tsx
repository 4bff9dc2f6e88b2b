// What cannot take the request: how many each reason leaves out, and of each vehicle and driver every reason, page by page.
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import type { Candidates } from '../../../services/contracts/api/dispatching.ts'
import { plateAsPrinted } from '../../../services/domain/vehicle.ts'
import { call } from '../../kit/api/session.ts'
import { ErrorState } from '../../kit/State.tsx'
import { useText } from './texts.ts'
import { type Reason, unfitText, whyNotText } from './whyNotText.ts'

type Which = { of: 'vehicle' | 'driver'; code?: Reason['code'] }
const AT_ONCE = 50

export function ExcludedPart({ requestId, found }: { requestId: number; found: Candidates }) {
  const { t } = useText()
  const [which, choose] = useState<Which | null>(null)
  const { excludedTotal, drivers } = found
  if (excludedTotal + drivers.awayTotal === 0) return null
  const chip = (of: Which['of'], code: Reason['code'], n: number) => {
    const on = which?.of === of && which.code === code
    return (
      <button
        key={code}
        type="button"
        className={on ? 'bare chip chip-button chip-on' : 'bare chip chip-button'}
        aria-pressed={on}
        onClick={() => choose(on ? { of } : { of, code })}
      >
        {of === 'vehicle' ? t(`whyNotShort.${code as 'BUSY'}`) : t(`unfit.${code as 'BUSY'}`)} <b className="figure">{n}</b>
      </button>
    )
  }
  const title = t('pairs.excluded', { n: excludedTotal })
  return (
    <section className="panel-part" aria-label={title}>
      <details open={found.able === 0} onToggle={({ currentTarget }) => currentTarget.open && choose((old) => old ?? { of: 'vehicle' })}>
        <summary>{title}</summary>
        <p className="excluded-by">{found.excludedBy.map(({ code, n }) => chip('vehicle', code, n))}</p>
        {drivers.awayTotal > 0 && (
          <>
            <p>
              <button type="button" className="bare link" aria-pressed={which?.of === 'driver'} onClick={() => choose({ of: 'driver' })}>
                {t('pairs.away', { n: drivers.awayTotal, of: drivers.total })}
              </button>
            </p>
            <p className="excluded-by">{drivers.awayBy.map(({ code, n }) => chip('driver', code, n))}</p>
          </>
        )}
        {which && <ExcludedList requestId={requestId} which={which} />}
      </details>
    </section>
  )
}

function ExcludedList({ requestId, which }: { requestId: number; which: Which }) {
  const { t } = useText()
  const pages = useInfiniteQuery({
    queryKey: ['candidates', requestId, 'excluded', which.of, which.code],
    placeholderData: keepPreviousData,
    initialPageParam: 0,
    queryFn: ({ pageParam, signal }) =>
      call('listExcluded', { params: { requestId }, query: { ...which, limit: AT_ONCE, offset: pageParam }, signal }),
    getNextPageParam: ({ total }, all) => (all.length * AT_ONCE < total ? all.length * AT_ONCE : undefined),
  })
  if (pages.error && !pages.data) return <ErrorState error={pages.error} retry={() => void pages.refetch()} />
  const rows = pages.data?.pages.flatMap((page) => page.rows) ?? []
  return (
    <>
      <ul className="excluded">
        {rows.map((row) => (
          <li key={row.vehicle?.vehicleId ?? row.driver?.driverId}>
            <span className="figure">{row.vehicle ? plateAsPrinted(row.vehicle.plate) : row.driver?.name}</span>{' '}
            <span className="quiet">
              {row.reasons.map((reason) => (row.vehicle ? whyNotText(reason, t) : unfitText(reason, t))).join(t('search.comma'))}
            </span>
          </li>
        ))}
      </ul>
      {pages.hasNextPage && (
        <Button size="small" loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
          {t('pairs.more', { n: (pages.data?.pages[0]?.total ?? 0) - rows.length })}
        </Button>
      )}
    </>
  )
}
