// The order on paper (A4), as the driver carries it. It is on no screen: the browser's print dialog opens at once.
import { useEffect } from 'react'
import { createPortal } from 'react-dom'
import type { OrderDetail } from '../../../services/contracts/api/orders.ts'
import { formatInstant } from '../../kit/format/time.ts'
import { vehicleText } from '../../parts/trip/vehicleText.ts'
import { minuteOf } from '../../parts/trip/when.ts'
import { useText } from './texts.ts'

export function OrderSheet({ order, onPrinted }: { order: OrderDetail; onPrinted: () => void }) {
  const { t } = useText()
  useEffect(() => {
    window.addEventListener('afterprint', onPrinted, { once: true })
    window.print()
    return () => window.removeEventListener('afterprint', onPrinted)
  }, [onPrinted])
  const km = (reading: number | null) => (reading === null ? '' : t('orders.km', { n: reading.toLocaleString('en-US') }))
  const lines: [string, string][][] = [
    [
      [t('trip.unit'), order.unit.name],
      [t('trip.applicant'), order.applicant.name],
    ],
    [
      [t('trip.contact'), `${order.contactName} ${order.contactPhone}`],
      [t('trip.passengers'), [t('trip.people', { n: order.passengers }), order.travellers].filter(Boolean).join(' ')],
    ],
    [[t('trip.purpose'), `${t(`tripPurpose.${order.purposeKind}`)}${t('search.comma')}${order.purpose}`]],
    [[t('trip.route'), [order.from, ...order.via, order.to].map(({ name }) => name).join(' → ')]],
    [
      [t('trip.startsAt'), minuteOf(order.startsAt)],
      [t('trip.endsAt'), minuteOf(order.endsAt)],
    ],
    [
      [t('trip.vehicle'), vehicleText(order, t)],
      [t('trip.withDriver'), order.driver ? `${order.driver.name} ${order.driverPhone ?? ''}` : t('trip.selfDrive')],
    ],
    [
      [t('orderSheet.out'), km(order.odometerOutKm)],
      [t('orderSheet.back'), km(order.odometerBackKm)],
    ],
    [[t('trip.note'), order.note ?? '']],
  ]
  return createPortal(
    <article className="order-sheet" aria-label={t('orderSheet.title')}>
      <h1>{t('orderSheet.title')}</h1>
      <p className="order-sheet-head">
        <span>{order.issuer.name}</span>
        <span>
          {t('orderSheet.number')} {order.number}
        </span>
      </p>
      <table>
        <tbody>
          {lines.map((cells) => (
            <tr key={cells[0]![0]}>
              {cells.flatMap(([name, value]) => [
                <th key={name} scope="row">
                  {name}
                </th>,
                <td key={`${name} value`} colSpan={cells.length === 1 ? 3 : 1}>
                  {value}
                </td>,
              ])}
            </tr>
          ))}
        </tbody>
      </table>
      <p className="order-sheet-signs">
        <span>{t('orderSheet.signDispatcher')}</span>
        <span>{t('orderSheet.signDriver')}</span>
        <span>{t('orderSheet.signPassenger')}</span>
      </p>
      <p className="order-sheet-foot">
        {t('orderSheet.printed')} {formatInstant(Date.now())}
      </p>
    </article>,
    document.body,
  )
}
