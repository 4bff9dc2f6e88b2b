// 行程对照: an order, its approvals and plan beside what its vehicle's track has. Each difference is named and measured, and none is called more than 疑似.
// Reached from a case, a replay or an order; it is a look at a past, within a case where one is required.
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Select, Skeleton } from 'antd'
import type { ComparedOrder } from '../../../services/contracts/api/comparison.ts'
import { plateAsPrinted } from '../../../services/domain/vehicle.ts'
import { call, useAccount } from '../../kit/api/session.ts'
import { formatInstant, toWallClock } from '../../kit/format/time.ts'
import { readNumber } from '../../kit/list/declareList.ts'
import { Fact, Facts } from '../../kit/panel/Facts.tsx'
import { EmptyState, ErrorState } from '../../kit/State.tsx'
import { useUrl, withEntries } from '../../kit/useUrl.ts'
import { Plate } from '../../parts/marks/Plate.tsx'
import { OrderMark } from '../../parts/trip/marks.tsx'
import { Watermark } from '../../parts/watermark/Watermark.tsx'
import { type CompareLine, linesOf } from './rows.ts'
import { useText } from './texts.ts'
import './compare.css'

const minute = (ms: number): string => formatInstant(ms).slice(0, 16)

export function ComparePage() {
  const { t } = useText()
  const { url, change } = useUrl()
  const account = useAccount()
  const [orderId, caseId, vehicleId] = [readNumber(url.order), readNumber(url.case), readNumber(url.v)]
  const found = useQuery({
    queryKey: ['cases', caseId],
    enabled: caseId !== undefined,
    queryFn: ({ signal }) => call('getCase', { params: { caseId: caseId! }, signal }),
  })
  const within = found.data
  // Of a vehicle of a case those of its period.
  const orders = useQuery({
    queryKey: ['orders', 'within', vehicleId, within?.from, within?.until],
    enabled: vehicleId !== undefined && within !== undefined,
    queryFn: ({ signal }) =>
      call('listOrders', { query: { vehicleId: vehicleId!, from: within!.from, until: within!.until, limit: 200 }, signal }),
  })
  const compared = useQuery({
    queryKey: ['compare', orderId, caseId],
    enabled: orderId !== undefined && (caseId === undefined || within !== undefined),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
    queryFn: ({ signal }) => call('compareOrder', { params: { orderId: orderId! }, query: { caseId }, signal }),
  })
  const mark = t('compare.watermark', {
    name: account.displayName,
    time: formatInstant(Date.now()).slice(0, 16),
    case: within?.number ?? '',
  })
  const rows = orders.data?.rows ?? []
  return (
    <div className="compare">
      <header className="compare-bar">
        <h1>{t('page.compare')}</h1>
        {within && (
          <span>
            <Link to="/cases" search={{ id: String(caseId) } as never}>
              <strong>{within.number}</strong>
            </Link>{' '}
            {within.purpose} · {account.displayName}
          </span>
        )}
        {rows.length > 0 && (
          <Select
            className="compare-choice"
            aria-label={t('compare.ordersOf')}
            placeholder={t('compare.choose')}
            value={orderId}
            options={rows.map((row) => ({
              value: row.orderId,
              label: `${row.number} ${formatInstant(Date.parse(row.startsAt)).slice(5, 16)} ${row.to.name}`,
            }))}
            onChange={(id: number) => change((old) => withEntries(old, { order: String(id) }))}
          />
        )}
        <span className="quiet">{t('compare.zone')}</span>
      </header>
      {orders.data && orders.data.total > rows.length && (
        <p className="stale compare-note">{t('compare.moreOrders', { total: orders.data.total, n: rows.length })}</p>
      )}
      {found.error !== null && <ErrorState error={found.error} retry={() => void found.refetch()} />}
      {orders.error !== null && <ErrorState error={orders.error} retry={() => void orders.refetch()} />}
      {orders.data && rows.length === 0 && orderId === undefined && (
        <EmptyState title={t('compare.noOrders')} text={t('compare.chooseText')} />
      )}
      {orderId === undefined && !(orders.data && rows.length === 0) && (
        <EmptyState title={t('compare.choose')} text={t('compare.chooseText')} />
      )}
      {compared.error !== null && <ErrorState error={compared.error} retry={() => void compared.refetch()} />}
      {orderId !== undefined && compared.isLoading && <Skeleton active title={false} paragraph={{ rows: 6 }} />}
      {compared.data && <Compared of={compared.data} caseId={caseId} mark={mark} />}
    </div>
  )
}

function Compared({ of, caseId, mark }: { of: ComparedOrder; caseId: number | undefined; mark: string }) {
  const { t, locale } = useText()
  const lines = linesOf(of, t, locale)
  const differing = lines.filter(({ verdict }) => verdict === 'differs').length
  return (
    <div className="compare-body">
      <Watermark text={mark} />
      <section className="compare-order" aria-label={t('compare.plan')}>
        <h2>
          {of.number} <OrderMark state={of.state} />
        </h2>
        <Facts>
          <Fact name={t('compare.vehicles')}>
            {of.vehicles.map(({ vehicleId, plate, plateColour }) => (
              <Plate key={vehicleId} plate={plate} colour={plateColour} />
            ))}
          </Fact>
          <Fact name={t('trip.unit')}>{of.unit.name}</Fact>
          <Fact name={t('trip.purpose')}>{of.purpose}</Fact>
          <Fact name={t('compare.plan')}>
            <span className="figure">
              {minute(of.comparison.departure.orderedMs)} – {minute(of.comparison.comeBack.orderedMs)}
            </span>
            <ol className="compare-stops">
              {of.stops.map(({ name, lon, lat }) => (
                <li key={`${name} ${lon} ${lat}`}>{name}</li>
              ))}
            </ol>
          </Fact>
        </Facts>
        {of.approvals && (
          <>
            <h3>{t('compare.approvals')}</h3>
            <ul className="rows">
              {of.approvals.map((step) => (
                <li key={`${step.at} ${step.action}`}>
                  <span>
                    {t(`requestAction.${step.action as 'submit'}`)} <span className="quiet">{step.by}</span>
                    {step.reason && (
                      <>
                        <br />
                        {step.reason}
                      </>
                    )}
                  </span>
                  <span className="quiet figure">{minute(Date.parse(step.at))}</span>
                </li>
              ))}
            </ul>
          </>
        )}
        <p>
          <Link to="/orders" search={{ id: String(of.orderId) } as never}>
            {t('compare.openOrder')}
          </Link>
        </p>
      </section>
      <section className="compare-found" aria-label={t('page.compare')}>
        <h2>{differing > 0 ? t('compare.differs', { n: differing }) : t('compare.none')}</h2>
        <p className="quiet">
          {t('compare.suspect')} {of.knownMs === null ? t('compare.noTrack') : t('compare.knownUntil', { time: minute(of.knownMs) })}
        </p>
        <div className="compare-scroll">
          <table>
            <thead>
              <tr>
                {(['what', 'ordered', 'said', 'seen', 'apart', 'judged'] as const).map((name) => (
                  <th key={name} scope="col">
                    {t(`compare.${name}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {lines.map((line) => (
                <tr key={line.key} data-verdict={line.verdict}>
                  <th scope="row">{line.name}</th>
                  <td data-name={t('compare.ordered')}>{line.ordered}</td>
                  <td data-name={t('compare.said')}>{line.said}</td>
                  <td data-name={t('compare.seen')}>{line.seen}</td>
                  <td data-name={t('compare.apart')}>
                    {line.apart.map((says) => (
                      <div key={says}>{says}</div>
                    ))}
                    <Play line={line} of={of} caseId={caseId} />
                  </td>
                  <td data-name={t('compare.judged')}>
                    <span className="compare-verdict">{line.key === 'silences' ? '–' : t(`compare.verdict.${line.verdict}`)}</span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </section>
    </div>
  )
}

/** Each moment and stretch leads to the replay of it. */
function Play({ line: { play }, of, caseId }: { line: CompareLine; of: ComparedOrder; caseId: number | undefined }) {
  const { t } = useText()
  return play.map(({ fromMs, untilMs, says }) => {
    const vehicle = of.vehicles.find((each) => each.fromMs <= fromMs && untilMs <= each.untilMs) ?? of.vehicles[0]
    if (!vehicle) return null
    const search = {
      v: String(vehicle.vehicleId),
      from: toWallClock(vehicle.fromMs),
      to: toWallClock(vehicle.untilMs),
      t: toWallClock(fromMs),
      ...(caseId === undefined ? {} : { case: String(caseId) }),
    }
    return (
      <Link
        key={`${fromMs} ${says}`}
        className="compare-play"
        to="/replay"
        search={search as never}
        title={`${plateAsPrinted(vehicle.plate)} ${says}`}
      >
        {t('compare.play')} <span className="figure">{formatInstant(fromMs).slice(11, 16)}</span>
      </Link>
    )
  })
}
