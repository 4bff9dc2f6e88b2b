// What a request and the order that came of it say alike: why, from where to where, when, how many, and whom to ring.
import type { OrderDetail } from '../../../services/contracts/api/orders.ts'
import type { RequestDetail } from '../../../services/contracts/api/requests.ts'
import { Fact } from '../../kit/panel/Facts.tsx'
import { useText } from './texts.ts'
import { minuteOf } from './when.ts'

export function TripFacts({ trip }: { trip: RequestDetail | OrderDetail }) {
  const { t } = useText()
  return (
    <>
      <Fact name={t('trip.unit')}>{trip.unit.name}</Fact>
      <Fact name={t('trip.applicant')}>{trip.applicant.name}</Fact>
      <Fact name={t('trip.purpose')}>
        {t(`tripPurpose.${trip.purposeKind}`)}
        {t('kit.colon')}
        {trip.purpose}
      </Fact>
      <Fact name={t('trip.from')}>{trip.from.name}</Fact>
      {trip.via.length > 0 && <Fact name={t('trip.via')}>{trip.via.map(({ name }) => name).join(t('search.comma'))}</Fact>}
      <Fact name={t('trip.to')}>{trip.to.name}</Fact>
      <Fact name={t('trip.startsAt')}>
        <span className="figure">{minuteOf(trip.startsAt)}</span>
      </Fact>
      <Fact name={t('trip.endsAt')}>
        <span className="figure">{minuteOf(trip.endsAt)}</span>
      </Fact>
      <Fact name={t('trip.passengers')}>{t('trip.people', { n: trip.passengers })}</Fact>
      {trip.equipment.length > 0 && (
        <Fact name={t('field.equipment')}>{trip.equipment.map((one) => t(`equipment.${one}`)).join(t('search.comma'))}</Fact>
      )}
      {trip.travellers && <Fact name={t('trip.travellers')}>{trip.travellers}</Fact>}
      {trip.companions.length > 0 && (
        <Fact name={t('trip.companions')}>{trip.companions.map(({ name }) => name).join(t('search.comma'))}</Fact>
      )}
      <Fact name={t('trip.contact')}>
        {trip.contactName} <span className="figure">{trip.contactPhone}</span>
      </Fact>
      {trip.note && <Fact name={t('trip.note')}>{trip.note}</Fact>}
    </>
  )
}
