// One request: what is asked for, the steps that were taken, and what may be done now.
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import type { RequestDetail } from '../../../services/contracts/api/requests.ts'
import type { requestActions } from '../../../services/domain/requests.ts'
import { errorText } from '../../kit/api/errorText.ts'
import { call, may, useAccount } from '../../kit/api/session.ts'
import { ReasonDialog } from '../../kit/form/ReasonDialog.tsx'
import { Fact, Facts } from '../../kit/panel/Facts.tsx'
import { Panel } from '../../kit/panel/Panel.tsx'
import { Chain } from '../../parts/chain/Chain.tsx'
import { BudgetLeft } from '../../parts/trip/BudgetLeft.tsx'
import { KindMark, OrderMark, RequestMark } from '../../parts/trip/marks.tsx'
import { requestQuery, tripsChanged } from '../../parts/trip/queries.ts'
import { Steps } from '../../parts/trip/Steps.tsx'
import { TripFacts } from '../../parts/trip/TripFacts.tsx'
import { minuteOf } from '../../parts/trip/when.ts'
import { RequestDialog } from './RequestDialog.tsx'
import { SeriesPart } from './SeriesPart.tsx'
import { useText } from './texts.ts'

type Action = (typeof requestActions)[number]
/** These are not taken without words. Whoever takes the request back may say why, and is asked. */
const inWords: readonly Action[] = ['giveBack', 'reject', 'decline', 'cancel']
const dangerous: readonly Action[] = ['reject', 'decline', 'cancel']

type Props = { requestId: number; onClose: () => void; onAsked: (requestId: number) => void }

export function RequestPanel({ requestId, onClose, onAsked }: Props) {
  const { t, locale } = useText()
  const account = useAccount()
  const { data: request, error, refetch } = useQuery({ ...requestQuery(requestId), refetchInterval: 15_000 })
  const [asked, setAsked] = useState<Action | 'ratify' | 'change' | 'again' | 'back' | null>(null)
  const [busy, setBusy] = useState(false)
  const [refused, setRefused] = useState<unknown>(null)
  const close = () => setAsked(null)

  async function take(action: Action) {
    if (inWords.includes(action)) return setAsked(action)
    setBusy(true)
    setRefused(null)
    try {
      await step(request!, action, '')
    } catch (failure) {
      setRefused(failure)
    }
    await tripsChanged()
    setBusy(false)
  }

  const idle = request && request.mayAct.length === 0 && !request.mayRatify
  const open = request && ['SUBMITTED', 'APPROVED', 'DISPATCHED'].includes(request.state)
  return (
    <Panel
      id={requestId}
      title={request?.to.name}
      kind={
        request && (
          <>
            <RequestMark state={request.state} /> <KindMark kind={request.kind} />
          </>
        )
      }
      actions={
        request && (
          <>
            {request.mayRatify && (
              <Button type="primary" onClick={() => setAsked('ratify')}>
                {t('requestAction.ratify')}
              </Button>
            )}
            {request.mayAct.map((action, index) => (
              <Button
                key={action}
                type={index === 0 && !dangerous.includes(action) ? 'primary' : 'default'}
                danger={dangerous.includes(action)}
                disabled={busy}
                onClick={() => void take(action)}
              >
                {t(`requestAction.${action}`)}
              </Button>
            ))}
            {request.mayChange && <Button onClick={() => setAsked('change')}>{t('requests.change')}</Button>}
            {may(account, 'request.create') && <Button onClick={() => setAsked('again')}>{t('requests.again')}</Button>}
            {may(account, 'request.create') && <Button onClick={() => setAsked('back')}>{t('requests.back')}</Button>}
            {request.state === 'APPROVED' && may(account, 'order.dispatch') && (
              <Link to="/dispatch" search={{ request: String(requestId) } as never}>
                {t('requests.dispatch')}
              </Link>
            )}
            {idle && open && !request.mayChange && <span className="quiet">{t('requests.waits')}</span>}
            {refused !== null && (
              <p role="alert" className="error-text">
                {errorText(refused, t, locale)}
              </p>
            )}
          </>
        )
      }
      error={error}
      retry={() => void refetch()}
      loading={!request}
      onClose={onClose}
    >
      {request && (
        <>
          <section className="panel-part">
            <Facts>
              <TripFacts trip={request} />
              <Fact name={t('trip.withDriver')}>{t(request.withDriver ? 'trip.driverWanted' : 'trip.selfDrive')}</Fact>
              <RatificationFact request={request} />
              {request.budget && (
                <Fact name={t('trip.budget', { year: request.budget.year })}>
                  <BudgetLeft budget={request.budget} />
                </Fact>
              )}
              <Fact name={t('trip.order')}>
                {request.order ? (
                  <>
                    <Link to="/orders" search={{ id: String(request.order.orderId) } as never}>
                      {request.order.number}
                    </Link>{' '}
                    <OrderMark state={request.order.state} />
                  </>
                ) : (
                  t('requests.none')
                )}
              </Fact>
            </Facts>
          </section>
          {request.kind !== 'emergency' && (
            <section className="panel-part">
              <h3>{t('trip.chain')}</h3>
              <Chain chain={request.chain} at={request.approval?.at ?? null} />
            </section>
          )}
          {request.seriesId !== null && <SeriesPart request={request} seriesId={request.seriesId} />}
          <Steps of="request" steps={request.steps} />
          {asked === 'change' && <RequestDialog request={request} onClose={close} />}
          {(asked === 'again' || asked === 'back') && (
            <RequestDialog model={{ of: request, as: asked }} onClose={close} onSaved={onAsked} />
          )}
          {asked === 'ratify' && (
            <ReasonDialog
              title={t('requestAction.ratify')}
              onSubmit={async (reason) => {
                await call('ratifyRequest', { params: { requestId }, body: { version: request.version, reason } })
                await tripsChanged()
              }}
              onClose={close}
            />
          )}
          {asked !== null && asked !== 'change' && asked !== 'ratify' && asked !== 'again' && asked !== 'back' && (
            <ReasonDialog
              title={t(`requestAction.${asked}`)}
              danger={dangerous.includes(asked)}
              onSubmit={async (reason) => {
                await step(request, asked, reason)
                await tripsChanged()
              }}
              onClose={close}
            />
          )}
        </>
      )}
    </Panel>
  )
}

const step = ({ requestId, version }: RequestDetail, action: Action, reason: string) =>
  call('actOnRequest', { params: { requestId }, body: { action, version, reason } })

function RatificationFact({ request: { ratifyBy, ratifiedAt } }: { request: RequestDetail }) {
  const { t } = useText()
  if (ratifyBy === null) return null
  const late = ratifiedAt === null && Date.parse(ratifyBy) < Date.now()
  return (
    <Fact name={t('trip.ratify')}>
      {ratifiedAt !== null ? (
        t('trip.ratifiedAt', { time: minuteOf(ratifiedAt) })
      ) : (
        <span className={late ? 'bad-text' : 'warn-text'}>
          {t(late ? 'trip.ratifyLate' : 'trip.ratifyBy', { time: minuteOf(ratifyBy) })}
        </span>
      )}
    </Fact>
  )
}
