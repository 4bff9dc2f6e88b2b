// The chosen trip of the board: given to others, or taken back.
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import { plateAsPrinted } from '../../../services/domain/vehicle.ts'
import { call } from '../../kit/api/session.ts'
import { ReasonDialog } from '../../kit/form/ReasonDialog.tsx'
import { Fact, Facts } from '../../kit/panel/Facts.tsx'
import { Panel } from '../../kit/panel/Panel.tsx'
import { OrderMark } from '../../parts/trip/marks.tsx'
import { orderQuery, tripsChanged } from '../../parts/trip/queries.ts'
import { TripFacts } from '../../parts/trip/TripFacts.tsx'
import { Unreached } from '../../parts/trip/Unreached.tsx'
import type { DriverRow } from './boardGeometry.ts'
import { MoveDialog } from './MoveDialog.tsx'
import { Sharing } from './Sharing.tsx'
import { useText } from './texts.ts'

type Props = { orderId: number; drivers: readonly Pick<DriverRow, 'driverId' | 'name'>[]; onClose: () => void }

export function ChosenOrder({ orderId, drivers, onClose }: Props) {
  const { t } = useText()
  const { data: order, error, refetch } = useQuery({ ...orderQuery(orderId), refetchInterval: 3_000 })
  const [asked, setAsked] = useState<'move' | 'void' | null>(null)
  const close = () => setAsked(null)
  return (
    <Panel
      id={orderId}
      title={order?.number}
      kind={order && <OrderMark state={order.state} />}
      actions={
        order && (
          <>
            {order.mayMove && (
              <Button type="primary" onClick={() => setAsked('move')}>
                {t('move.title')}
              </Button>
            )}
            {order.mayAct.includes('void') && (
              <Button danger onClick={() => setAsked('void')}>
                {t('move.void')}
              </Button>
            )}
            <Link to="/orders" search={{ id: String(orderId) } as never}>
              {t('chosen.openOrder')}
            </Link>
          </>
        )
      }
      error={error}
      retry={() => void refetch()}
      loading={!order}
      onClose={onClose}
    >
      {order && (
        <>
          <section className="panel-part" aria-label={t('chosen.order')}>
            <Facts>
              <Fact name={t('trip.vehicle')}>{order.vehicle ? plateAsPrinted(order.vehicle.plate) : t('trip.hidden')}</Fact>
              <Fact name={t('trip.withDriver')}>{order.driver?.name ?? t('trip.selfDrive')}</Fact>
              <Unreached order={order} />
              <TripFacts trip={order} />
            </Facts>
          </section>
          <Sharing requestId={order.requestId} />
          {asked === 'move' && <MoveDialog order={order} drivers={drivers} onClose={close} />}
          {asked === 'void' && (
            <ReasonDialog
              title={t('move.void')}
              danger
              onSubmit={async (reason) => {
                await call('actOnOrder', { params: { orderId }, body: { action: 'void', version: order.version, reason } })
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
