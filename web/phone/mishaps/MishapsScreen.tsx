// 我的事故违章: what happened or is suspected while this driver drove, by the orders of the time.
import { useQuery } from '@tanstack/react-query'
import type { OwnMishap } from '../../../services/contracts/api/mishaps.ts'
import type { Account } from '../../../services/contracts/api.ts'
import { plateAsPrinted } from '../../../services/domain/vehicle.ts'
import { formatFen } from '../../kit/format/money.ts'
import { EmptyState, ErrorState } from '../../kit/State.tsx'
import { minuteOf } from '../../parts/trip/when.ts'
import { callOrLast } from '../outbox/lastAnswer.ts'
import { useText } from '../texts.ts'

export function MishapsScreen({ account }: { account: Account }) {
  const { t } = useText()
  const { data, error, refetch } = useQuery({
    queryKey: ['phone', 'mishaps'],
    queryFn: () => callOrLast(account.username, 'listOwnMishaps', { query: { limit: 50 } }),
    refetchInterval: 60_000,
  })
  return (
    <div className="phone-page">
      <h1>{t('ownMishaps.title')}</h1>
      <p className="quiet">{t('ownMishaps.hint')}</p>
      {!data && (error ? <ErrorState error={error} retry={() => void refetch()} /> : <div className="bone" aria-busy="true" />)}
      {data?.rows.length === 0 && <EmptyState title={t('ownMishaps.none')} text="" />}
      <div className="phone-cards">
        {data?.rows.map((row) => (
          <MishapCard key={row.mishapId} row={row} />
        ))}
      </div>
    </div>
  )
}

function MishapCard({ row }: { row: OwnMishap }) {
  const { t } = useText()
  const said = [
    row.noticeNo && t('ownMishaps.notice', { n: row.noticeNo }),
    row.fineFen > 0 && t('ownMishaps.fine', { fen: formatFen(row.fineFen) }),
    row.points > 0 && t('ownMishaps.points', { n: row.points }),
    row.liability && t(`liability.${row.liability}`),
    row.paidBy && t(`finePayer.${row.paidBy}`),
  ].filter(Boolean)
  return (
    <article className="phone-card" aria-label={`${t(`mishapKind.${row.kind}`)} ${minuteOf(row.at)}`}>
      <header className="phone-line">
        <strong>
          {t(`mishapKind.${row.kind}`)} <span className="figure">{minuteOf(row.at)}</span>
        </strong>
        <span className={`phone-state phone-state-${row.state === 'SUSPECTED' ? 'warn' : 'good'}`}>{t(`mishapState.${row.state}`)}</span>
      </header>
      <p>
        <span className="figure">{plateAsPrinted(row.vehicle.plate)}</span> · {row.place}
      </p>
      <p>{row.text}</p>
      {said.length > 0 && <p className="quiet">{said.join(' · ')}</p>}
      {row.drove && <p className="quiet">{t('ownMishaps.byOrder', { n: row.drove.order.number })}</p>}
    </article>
  )
}
