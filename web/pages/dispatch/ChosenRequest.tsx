// The chosen request, and who could take it.
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import type { Candidates } from '../../../services/contracts/api/dispatching.ts'
import type { OrderDetail } from '../../../services/contracts/api/orders.ts'
import type { RequestDetail } from '../../../services/contracts/api/requests.ts'
import { call } from '../../kit/api/session.ts'
import { ReasonDialog } from '../../kit/form/ReasonDialog.tsx'
import { Facts } from '../../kit/panel/Facts.tsx'
import { Panel } from '../../kit/panel/Panel.tsx'
import { KindMark, RequestMark } from '../../parts/trip/marks.tsx'
import { tripsChanged } from '../../parts/trip/queries.ts'
import { TripFacts } from '../../parts/trip/TripFacts.tsx'
import { Leases } from './Leases.tsx'
import { type Pair, Pairs } from './Pairs.tsx'
import { Sharing } from './Sharing.tsx'
import { useText } from './texts.ts'

type Props = {
  requestId: number
  request: RequestDetail | undefined
  error: unknown
  retry: () => void
  found: Candidates | undefined
  foundError: unknown
  retryFound: () => void
  busy: boolean
  onAssign: (pair: Pair) => void
  /** A supplier's vehicle was given. */
  onLeased: (order: OrderDetail, supplier: string) => void
  onClose: () => void
}

export function ChosenRequest(props: Props) {
  const { requestId, request, error, retry, found, foundError, retryFound, busy, onAssign, onLeased, onClose } = props
  const { t } = useText()
  const [declining, setDeclining] = useState(false)
  const waits = request?.state === 'APPROVED'
  const leases = found && request && <Leases request={request} leases={found.leases} onGiven={onLeased} />
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
            {request.mayAct.includes('decline') && (
              <Button danger onClick={() => setDeclining(true)}>
                {t('requestAction.decline')}
              </Button>
            )}
            <Link to="/requests" search={{ id: String(requestId) } as never}>
              {t('chosen.openRequest')}
            </Link>
          </>
        )
      }
      error={error}
      retry={retry}
      loading={!request}
      onClose={onClose}
    >
      {request && (
        <>
          {!waits && (
            <section className="panel-part">
              <p className="warn-box" role="status">
                {request.state === 'SUBMITTED' ? t('chosen.early') : t('chosen.gone', { state: t(`requestState.${request.state}`) })}
              </p>
            </section>
          )}
          <section className="panel-part" aria-label={t('chosen.request')}>
            <Facts>
              <TripFacts trip={request} />
            </Facts>
          </section>
          {waits && request.kind === 'pool' && <Sharing requestId={requestId} />}
          {waits && request.kind === 'lease' && leases}
          {waits && (
            <Pairs requestId={requestId} found={found} error={foundError} retry={retryFound} busy={busy} onAssign={onAssign}>
              {request.kind !== 'lease' && leases}
            </Pairs>
          )}
          {declining && (
            <ReasonDialog
              title={t('requestAction.decline')}
              danger
              onSubmit={async (reason) => {
                await call('actOnRequest', { params: { requestId }, body: { action: 'decline', version: request.version, reason } })
                await tripsChanged()
              }}
              onClose={() => setDeclining(false)}
            />
          )}
        </>
      )}
    </Panel>
  )
}
