// The state of a request or an order: a word and a dot, whose colour says only whether it waits, runs, is over or came to nothing.
import type { OrderState } from '../../../services/domain/orders.ts'
import type { RequestState, requestKinds } from '../../../services/domain/requests.ts'
import { useText } from './texts.ts'
import './trip.css'

type Tone = 'waits' | 'runs' | 'over' | 'nothing'

const requestTones: Record<RequestState, Tone> = {
  DRAFT: 'over',
  SUBMITTED: 'waits',
  RETURNED: 'waits',
  APPROVED: 'waits',
  DISPATCHED: 'runs',
  COMPLETED: 'over',
  DECLINED: 'nothing',
  REJECTED: 'nothing',
  CANCELLED: 'nothing',
  EXPIRED: 'nothing',
}
const orderTones: Record<OrderState, Tone> = {
  DISPATCHED: 'waits',
  ACCEPTED: 'runs',
  RELEASED: 'waits',
  DEPARTED: 'runs',
  ON_BOARD: 'runs',
  HANDED_OVER: 'waits',
  RETURNED: 'waits',
  CONFIRMED: 'waits',
  SETTLED: 'waits',
  CLOSED: 'over',
  DECLINED: 'nothing',
  VOIDED: 'nothing',
  EXPIRED: 'nothing',
}

const Mark = ({ tone, children }: { tone: Tone; children: string }) => (
  <span className={`trip-mark trip-${tone}`}>
    <span className="trip-dot" aria-hidden="true" />
    {children}
  </span>
)

export function RequestMark({ state }: { state: RequestState }) {
  const { t } = useText()
  return <Mark tone={requestTones[state]}>{t(`requestState.${state}`)}</Mark>
}

export function OrderMark({ state }: { state: OrderState }) {
  const { t } = useText()
  return <Mark tone={orderTones[state]}>{t(`orderState.${state}`)}</Mark>
}

/** What kind of request it is, where that is not the usual one. */
export function KindMark({ kind }: { kind: (typeof requestKinds)[number] }) {
  const { t } = useText()
  if (kind === 'pool') return null
  return <span className={kind === 'emergency' ? 'trip-urgent' : 'trip-leased'}>{t(`requestKind.${kind}`)}</span>
}
