// What the ledger holds about a driver.
import type { DriverDetail } from '../../../services/contracts/api/drivers.ts'
import { dayAt } from '../../../services/domain/days.ts'
import { plateAsPrinted } from '../../../services/domain/vehicle.ts'
import { MISSING } from '../../kit/format/number.ts'
import { Fact, Facts } from '../../kit/panel/Facts.tsx'
import { Expiry } from './marks.tsx'
import { useText } from './texts.ts'

export function FilePart({ driver }: { driver: DriverDetail }) {
  const { t } = useText()
  const { dayMin, continuousMin, restMin, weekMin } = driver.limits
  const { orders, minutes, distanceM } = driver.driven
  const hours = (minutes: number) => Math.round(minutes / 6) / 10
  return (
    <section className="panel-part">
      <Facts>
        <Fact name={t('kit.unit')}>{driver.organisation.name}</Fact>
        {driver.lentTo && <Fact name={t('driver.lentTo')}>{driver.lentTo.name}</Fact>}
        <Fact name={t('driver.phone')}>{driver.phone}</Fact>
        <Fact name={t('driver.licenceNo')}>{driver.licenceNo ?? MISSING}</Fact>
        <Fact name={t('driver.licenceClass')}>{driver.licenceClass ?? MISSING}</Fact>
        <Fact name={t('driver.licenceIssued')}>{driver.licenceIssuedOn ?? MISSING}</Fact>
        <Fact name={t('driver.licenceExpires')}>
          <Expiry day={driver.licenceExpiresOn} today={dayAt(Date.now())} />
        </Fact>
        <Fact name={t('driver.vehicle')}>{driver.vehicle ? plateAsPrinted(driver.vehicle.plate) : MISSING}</Fact>
        {driver.stateReason && <Fact name={t('driver.stateReason')}>{driver.stateReason}</Fact>}
        <Fact name={t('driver.rating')}>
          {driver.rating.average === null
            ? t('driver.ratingNone')
            : t('driver.ratingText', { average: driver.rating.average.toFixed(1), n: driver.rating.count })}
        </Fact>
        <Fact name={t('driver.driven')}>
          <span className="figure">{t('driver.drivenText', { orders, hours: hours(minutes), km: Math.round(distanceM / 100) / 10 })}</span>
        </Fact>
        <Fact name={t('driver.limits')}>
          {t('driver.limitsText', {
            day: hours(dayMin),
            run: hours(continuousMin),
            rest: restMin,
            week: weekMin === null ? '' : t('driver.limitsWeek', { hours: hours(weekMin) }),
          })}
        </Fact>
      </Facts>
    </section>
  )
}
