// The other trips of a series, and what can be done with this one and all later ones, or with all that wait for a decision.
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import type { RequestDetail } from '../../../services/contracts/api/requests.ts'
import { refusedAs } from '../../kit/api/client.ts'
import { errorText } from '../../kit/api/errorText.ts'
import { call } from '../../kit/api/session.ts'
import { ReasonDialog } from '../../kit/form/ReasonDialog.tsx'
import { RequestMark } from '../../parts/trip/marks.tsx'
import { tripsChanged } from '../../parts/trip/queries.ts'
import { spanText } from '../../parts/trip/when.ts'
import { RequestDialog } from './RequestDialog.tsx'
import { useText } from './texts.ts'

export function SeriesPart({ request, seriesId }: { request: RequestDetail; seriesId: number }) {
  const { t, locale } = useText()
  const [asked, setAsked] = useState<'change' | 'cancel' | null>(null)
  const [busy, setBusy] = useState(false)
  const [refused, setRefused] = useState<unknown>(null)
  const { data } = useQuery({
    queryKey: ['requests', 'series', seriesId],
    queryFn: ({ signal }) => call('listRequests', { query: { seriesId, limit: 200 }, signal }),
  })
  // The list begins with the latest.
  const trips = [...(data?.rows ?? [])].reverse()
  const mine = trips.filter(({ state, approval }) => state === 'SUBMITTED' && approval?.mine)
  const { requestId, version, mayChange } = request

  async function approveAll() {
    setBusy(true)
    setRefused(null)
    try {
      const requests = mine.map((trip) => ({ requestId: trip.requestId, version: trip.version }))
      const { outcomes } = await call('decideRequests', { body: { action: 'approve', requests } })
      const error = outcomes.find((outcome) => outcome.error)?.error
      if (error) setRefused(refusedAs(error))
    } catch (error) {
      setRefused(error)
    }
    await tripsChanged()
    setBusy(false)
  }

  return (
    <section className="panel-part">
      <h3>{t('series.title', { n: trips.length })}</h3>
      <ul className="rows">
        {trips.map((trip) => (
          <li key={trip.requestId} aria-current={trip.requestId === requestId}>
            <Link to="/requests" search={{ id: String(trip.requestId) } as never} className="figure">
              {spanText(trip.startsAt, trip.endsAt)}
            </Link>
            <RequestMark state={trip.state} />
          </li>
        ))}
      </ul>
      <div className="button-row">
        {mine.length > 1 && (
          <Button disabled={busy} onClick={() => void approveAll()}>
            {t('series.approveAll', { n: mine.length })}
          </Button>
        )}
        {mayChange && <Button onClick={() => setAsked('change')}>{t('series.change')}</Button>}
        {mayChange && (
          <Button danger onClick={() => setAsked('cancel')}>
            {t('series.cancel')}
          </Button>
        )}
      </div>
      {refused !== null && (
        <p role="alert" className="error-text">
          {errorText(refused, t, locale)}
        </p>
      )}
      {asked === 'change' && <RequestDialog request={request} later={seriesId} onClose={() => setAsked(null)} />}
      {asked === 'cancel' && (
        <ReasonDialog
          title={t('series.cancel')}
          danger
          onSubmit={async (reason) => {
            await call('cancelSeries', { params: { seriesId }, body: { requestId, version, reason } })
            await tripsChanged()
          }}
          onClose={() => setAsked(null)}
        />
      )}
    </section>
  )
}
