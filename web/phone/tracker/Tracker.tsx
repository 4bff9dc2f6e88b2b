// Runs the tracker while one of the driver's orders runs and he consents; and shows him so.
import { useQueries, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { CONSENT_TEXT } from '../../../services/domain/phoneFixes.ts'
import { call } from '../../kit/api/session.ts'
import { formatInstant } from '../../kit/format/time.ts'
import { lookAhead } from '../outbox/entries.ts'
import { callOrLast } from '../outbox/lastAnswer.ts'
import { useEntries } from '../outbox/outbox.ts'
import { useText } from '../texts.ts'
import { orderQuery, ordersQuery } from '../trips/queries.ts'
import { Fault } from '../ui/Fault.tsx'
import { useDeed } from '../useDeed.ts'
import { follow, forgetFixes, sendFixes, startSending, useTracking } from './tracker.ts'

const consentQuery = (username: string) => ({
  queryKey: ['phone', 'tracking'],
  queryFn: () => callOrLast(username, 'getTrackingConsent', {}),
})

const isOut = (state: string): boolean => state === 'DEPARTED' || state === 'ON_BOARD'

/** The order that he is driving, as far as the phone knows: what waits to be sent counts. */
function useRunning(username: string): number | null {
  const entries = useEntries().filter((entry) => entry.username === username)
  const { data } = useQuery(ordersQuery(username))
  const touched = (data?.rows ?? []).filter(({ orderId, state }) => isOut(state) || entries.some((entry) => entry.orderId === orderId))
  const details = useQueries({ queries: touched.map(({ orderId }) => orderQuery(username, orderId)) })
  const running = touched.find(({ state }, n) => {
    const order = details[n]?.data
    return isOut(order ? lookAhead(order, entries).state : state)
  })
  return running?.orderId ?? null
}

export function Tracker({ username }: { username: string }) {
  const orderId = useRunning(username)
  const { data } = useQuery(consentQuery(username))
  const given = data?.given === true
  useEffect(() => startSending(username), [username])
  useEffect(() => {
    if (orderId === null || !given) return undefined
    const end = follow(username, orderId)
    return () => {
      end()
      void sendFixes(username)
    }
  }, [username, orderId, given])
  return null
}

/** Asked for, and taken back, by the driver himself. `brief`: on the page of a trip, where it matters. */
export function TrackingConsent({ username, brief = false, running = false }: { username: string; brief?: boolean; running?: boolean }) {
  const { t } = useText()
  const cache = useQueryClient()
  const deed = useDeed()
  const tracking = useTracking()
  const { data } = useQuery(consentQuery(username))
  if (!data) return null
  const set = (given: boolean) =>
    deed.run(async () => {
      const answer = await call('setTrackingConsent', { body: { given, textVersion: CONSENT_TEXT } })
      if (!given) await forgetFixes(username)
      cache.setQueryData(consentQuery(username).queryKey, answer)
    })
  const said = running && data.given && tracking !== 'off' ? t(`tracking.${tracking}`) : null
  const text = <p className="quiet">{t('tracking.text')}</p>
  return (
    <section className="phone-card" aria-labelledby="tracking">
      <h2 id="tracking">{t('tracking.title')}</h2>
      <p role="status">
        {said ??
          (data.given && data.consent
            ? t('tracking.given', { at: formatInstant(Date.parse(data.consent.givenAt)).slice(0, 16) })
            : t('tracking.off'))}
      </p>
      {brief ? (
        <details>
          <summary>{t('tracking.read')}</summary>
          {text}
        </details>
      ) : (
        text
      )}
      <Fault error={deed.error} />
      <button type="button" className="phone-button" disabled={deed.busy} onClick={() => void set(!data.given)}>
        {t(data.given ? 'tracking.stop' : 'tracking.agree')}
      </button>
    </section>
  )
}
