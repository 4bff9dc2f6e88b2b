// 交接班: what is to be taken over, what one has and hands over, and the entries before.
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Handover } from '../../../services/contracts/api/handovers.ts'
import type { Account } from '../../../services/contracts/api.ts'
import { call } from '../../kit/api/session.ts'
import { EmptyState, ErrorState } from '../../kit/State.tsx'
import { instantInWords } from '../../parts/trip/when.ts'
import { callOrLast } from '../outbox/lastAnswer.ts'
import { useText } from '../texts.ts'
import { Fault } from '../ui/Fault.tsx'
import { ReasonForm } from '../ui/ReasonForm.tsx'
import { useDeed } from '../useDeed.ts'
import { OfferForm } from './OfferForm.tsx'

export function ShiftsScreen({ account }: { account: Account }) {
  const { t } = useText()
  const [offering, setOffering] = useState<number | null>(null)
  const { data, error, refetch } = useQuery({
    queryKey: ['phone', 'handovers'],
    queryFn: () => callOrLast(account.username, 'listHandovers', { query: { limit: 30 } }),
    refetchInterval: 30_000,
  })
  return (
    <div className="phone-page">
      <h1>{t('shift.title')}</h1>
      {!data && (error ? <ErrorState error={error} retry={() => void refetch()} /> : <div className="bone" aria-busy="true" />)}
      {data?.rows.length === 0 && <EmptyState title={t('shift.none')} text={t('shift.noneText')} />}
      <div className="phone-cards">
        {data?.rows.map((row) => (
          <HandoverCard
            key={row.handoverId}
            row={row}
            // One that is being handed over waits for the other.
            mayOffer={row.holds && !data.rows.some((each) => each.vehicle.vehicleId === row.vehicle.vehicleId && each.state === 'OFFERED')}
            offering={offering === row.handoverId}
            onOffer={(open) => setOffering(open ? row.handoverId : null)}
          />
        ))}
      </div>
    </div>
  )
}

type CardProps = { row: Handover; mayOffer: boolean; offering: boolean; onOffer: (open: boolean) => void }
function HandoverCard({ row, mayOffer, offering, onOffer }: CardProps) {
  const { t, locale } = useText()
  const deed = useDeed()
  const [refusing, setRefusing] = useState(false)
  const take = (action: Handover['mayAct'][number], reason = '') =>
    deed.run(() => call('actOnHandover', { params: { handoverId: row.handoverId }, body: { action, version: row.version, reason } }))
  const name = (who: Handover['from']) => who?.name ?? t('shift.unit')
  const faults = row.inspection.filter(({ ok }) => !ok)
  return (
    <article className="phone-card" aria-label={`${row.vehicle.plate} ${name(row.from)} → ${name(row.to)}`}>
      <header className="phone-line">
        <strong className="figure">{row.vehicle.plate}</strong>
        <span>
          {name(row.from)} → {name(row.to)}
        </span>
        <span className={`phone-state phone-state-${row.state === 'OFFERED' ? 'warn' : 'good'}`}>
          {row.holds ? t('shift.holds') : t(`handoverState.${row.state}`)}
        </span>
      </header>
      <p className="quiet figure">
        {instantInWords(row.takenAt ?? row.offeredAt, locale)} · {row.odometerKm.toLocaleString('en')} km · {row.fuelPct}%
      </p>
      <p>{row.equipment.map((one) => t(`equipment.${one}`)).join(t('search.comma'))}</p>
      {faults.map(({ item, remark }) => (
        <p key={item} className="warn-text">
          {t(`inspectionItem.${item}`)} {remark}
        </p>
      ))}
      {row.remarks && <p>{row.remarks}</p>}
      <Fault error={deed.error} />
      {refusing ? (
        <ReasonForm
          title={t('shift.whyRefuse')}
          reasons={[t('shift.why.odometer'), t('shift.why.equipment'), t('shift.why.damage')]}
          verb={t('handoverAction.refuse')}
          busy={deed.busy}
          error={null}
          onDone={(reason) => void take('refuse', reason).then((done) => done && setRefusing(false))}
          onLeave={() => setRefusing(false)}
        />
      ) : (
        <div className="phone-buttons">
          {row.mayAct.map((action) => (
            <button
              key={action}
              type="button"
              className={`phone-button${action === 'take' ? ' phone-strong' : ''}`}
              disabled={deed.busy}
              onClick={() => (action === 'refuse' ? setRefusing(true) : void take(action))}
            >
              {t(`handoverAction.${action}`)}
            </button>
          ))}
          {mayOffer && !offering && (
            <button type="button" className="phone-button phone-strong" onClick={() => onOffer(true)}>
              {t('shift.offer')}
            </button>
          )}
        </div>
      )}
      {offering && <OfferForm vehicleId={row.vehicle.vehicleId} onDone={() => onOffer(false)} />}
    </article>
  )
}
