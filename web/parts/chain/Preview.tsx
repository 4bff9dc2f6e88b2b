// What is told of what is being filled in, asked once it has stopped changing: how a short way could be gone otherwise, and who would
// approve it. Nothing while it is not yet what could be sent.
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { AnswerOf, BodyOf } from '../../../services/contracts/api.ts'
import type { GreenWay } from '../../../services/domain/greenTravel.ts'
import type { requestKinds } from '../../../services/domain/requests.ts'
import { errorText } from '../../kit/api/errorText.ts'
import { call } from '../../kit/api/session.ts'
import { formatFen } from '../../kit/format/money.ts'
import { formatClock } from '../../kit/format/time.ts'
import { useSettled } from '../../kit/useSettled.ts'
import { Chain } from './Chain.tsx'
import { useText } from './texts.ts'

const SETTLED_MS = 600
type Trip = BodyOf<'previewRequest'>
type RequestKind = (typeof requestKinds)[number]

type Share = { chosen: number | null; choose: (orderId: number | null) => void }
type Props = {
  trip: Trip | null
  kind: RequestKind
  onGreen: (said: string) => void
  /** A leased vehicle is asked for instead; undefined: that is not to be chosen. */
  onLease?: (() => void) | undefined
  share?: Share
}
/**
 * @param trip null: not filled in yet
 * @param kind what is asked for so far
 * @param onGreen what follows once somebody goes without a vehicle
 * @param share the trip that it would share with, and how another is chosen; without it none is offered
 */
export function TripPreview({ trip, kind, onGreen, onLease, share }: Props) {
  const { t, locale } = useText()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const asked = useSettled(trip === null ? '' : JSON.stringify(trip), SETTLED_MS)
  const { data } = useQuery({
    // Of the requests: what changes them changes who is asked.
    queryKey: ['requests', 'preview', asked],
    enabled: asked !== '',
    queryFn: ({ signal }) => call('previewRequest', { body: JSON.parse(asked) as Trip, signal }),
    placeholderData: keepPreviousData,
    retry: false,
  })
  if (trip === null || !data) return null

  async function choose(way: GreenWay) {
    setBusy(true)
    setError(null)
    try {
      const { savedKm, savedFen } = await call('chooseGreen', { body: { ...trip!, way } })
      onGreen(t('green.done', { way: t(`greenWay.${way}`), km: savedKm, yuan: formatFen(savedFen) }))
    } catch (failure) {
      setError(failure)
      setBusy(false)
    }
  }

  return (
    <section aria-live="polite">
      {data.green.length > 0 && (
        <div className="chain-green">
          <strong>{t('green.title')}</strong>
          <ul>
            {data.green.map(({ way, savedKm, savedFen }) => (
              <li key={way}>
                <span>{t('green.offer', { way: t(`greenWay.${way}`), km: savedKm, yuan: formatFen(savedFen) })}</span>
                <button type="button" disabled={busy} onClick={() => void choose(way)}>
                  {t('green.choose', { way: t(`greenWay.${way}`) })}
                </button>
              </li>
            ))}
          </ul>
          {error !== null && (
            <p role="alert" className="error-text">
              {errorText(error, t, locale)}
            </p>
          )}
        </div>
      )}
      {share && data.shared.length > 0 && (
        <div className="chain-green">
          <strong>{t('green.shareTitle')}</strong>
          <ul>
            {data.shared.map(({ orderId, unit, pickUpAt, dropOffAt, directMin, sharedMin, savedKm, savedFen }) => (
              <li key={orderId}>
                <span>
                  {t('green.shared', {
                    from: formatClock(Date.parse(pickUpAt)),
                    until: formatClock(Date.parse(dropOffAt)),
                    km: savedKm,
                    yuan: formatFen(savedFen),
                  })}
                  <small className="quiet">
                    {unit?.name} {t('green.longer', { shared: sharedMin, direct: directMin })}
                  </small>
                </span>
                <button
                  type="button"
                  aria-pressed={share.chosen === orderId}
                  onClick={() => share.choose(share.chosen === orderId ? null : orderId)}
                >
                  {t(share.chosen === orderId ? 'green.shareChosen' : 'green.share')}
                </button>
              </li>
            ))}
          </ul>
          <p className="quiet">{t('green.shareNote')}</p>
        </div>
      )}
      <LeaseOffer poolFits={data.poolFits} leases={data.leases} kind={kind} onLease={onLease} />
      <h3>{t('chain.title')}</h3>
      <Chain chain={data.chain} />
    </section>
  )
}

/** Where no vehicle of the unit or its pool fits, or a leased one is asked for: what suppliers ask, beside what a vehicle of another unit costs. */
function LeaseOffer({
  poolFits,
  leases: { offers, byKm, ownFen },
  kind,
  onLease,
}: Pick<AnswerOf<'previewRequest'>, 'poolFits' | 'leases'> & Pick<Props, 'kind' | 'onLease'>) {
  const { t } = useText()
  if (poolFits && kind !== 'lease') return null
  return (
    <div className="chain-green">
      <strong>{t(poolFits ? 'lease.poolFits' : 'lease.noPool')}</strong>
      <ul>
        {offers.slice(0, 3).map(({ supplier, bodyType, priceFen }) => (
          <li key={`${supplier.supplierId} ${bodyType}`}>
            <span>
              {t('lease.offer', { name: supplier.name, what: bodyType === null ? '' : t(`body.${bodyType}`), yuan: formatFen(priceFen) })}
            </span>
          </li>
        ))}
        {ownFen !== null && (
          <li>
            <span className="quiet">{t('lease.own', { yuan: formatFen(ownFen) })}</span>
          </li>
        )}
      </ul>
      {offers.length === 0 && <p className="quiet">{t('lease.none')}</p>}
      {offers.length > 0 && !byKm && <p className="quiet">{t('lease.withoutKm')}</p>}
      {offers.length > 0 && kind !== 'lease' && onLease && (
        <button type="button" onClick={onLease}>
          {t('lease.choose')}
        </button>
      )}
    </div>
  )
}
