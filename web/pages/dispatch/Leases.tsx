// Leased vehicles beside the fleets' own: what each supplier asks for this trip. One of them is given for the price that is agreed on.
import { Button, InputNumber } from 'antd'
import { useState } from 'react'
import type { Candidates } from '../../../services/contracts/api/dispatching.ts'
import type { OrderDetail } from '../../../services/contracts/api/orders.ts'
import type { RequestDetail } from '../../../services/contracts/api/requests.ts'
import { call } from '../../kit/api/session.ts'
import { Field, FormDialog } from '../../kit/form/FormDialog.tsx'
import { fenOf, formatFen } from '../../kit/format/money.ts'
import { tripsChanged } from '../../parts/trip/queries.ts'
import { useText } from './texts.ts'

type Offer = Candidates['leases']['offers'][number]

type Props = { request: RequestDetail; leases: Candidates['leases']; onGiven: (order: OrderDetail, what: string) => void }

export function Leases({ request, leases: { offers, byKm, ownFen }, onGiven }: Props) {
  const { t } = useText()
  const [chosen, setChosen] = useState<Offer | null>(null)
  if (offers.length === 0) return null
  return (
    <section className="panel-part" aria-label={t('leases.title')}>
      <h3>{t('leases.title')}</h3>
      <p className="quiet">
        {ownFen !== null && t('leases.own', { fen: formatFen(ownFen) })} {!byKm && t('leases.noWay')}
      </p>
      <ul className="rows">
        {offers.map((offer) => (
          <li key={`${offer.supplier.supplierId} ${offer.bodyType}`}>
            <span>
              {offer.supplier.name} <span className="quiet">{offer.bodyType && t(`body.${offer.bodyType}`)}</span>
            </span>
            <span className="lease-price">
              <span className="figure">{formatFen(offer.priceFen)}</span>
              <Button size="small" onClick={() => setChosen(offer)}>
                {t('leases.take')}
              </Button>
            </span>
          </li>
        ))}
      </ul>
      {chosen && <LeaseDialog request={request} offer={chosen} onGiven={onGiven} onClose={() => setChosen(null)} />}
    </section>
  )
}

function LeaseDialog({ request, offer, onGiven, onClose }: Pick<Props, 'request' | 'onGiven'> & { offer: Offer; onClose: () => void }) {
  const { t } = useText()
  const [yuan, setYuan] = useState<number | null>(offer.priceFen / 100)
  return (
    <FormDialog
      title={t('leases.of', { name: offer.supplier.name })}
      submitText={t('leases.take')}
      ready={yuan !== null}
      onSubmit={async () => {
        const lease = { supplierId: offer.supplier.supplierId, bodyType: offer.bodyType, agreedFen: fenOf(yuan!) }
        const { requestId, version } = request
        const order = await call('dispatchRequest', { params: { requestId }, body: { vehicleId: null, driverId: null, lease, version } })
        onGiven(order, offer.supplier.name)
        await tripsChanged()
      }}
      onClose={onClose}
    >
      <Field name="lease.agreedFen" label={t('leases.agreed')} whole required>
        <InputNumber precision={2} min={0} max={1_000_000} controls={false} value={yuan} onChange={setYuan} />
      </Field>
    </FormDialog>
  )
}
