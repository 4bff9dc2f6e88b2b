// Who the vehicle is: units, make, driver, terminal.
import type { AnswerOf } from '../../../services/contracts/api.ts'
import { MISSING } from '../../kit/format/number.ts'
import { Fact, Facts } from '../../kit/panel/Facts.tsx'
import { useText } from '../texts.ts'

export function Identity({ vehicle }: { vehicle: AnswerOf<'getVehicle'> }) {
  const { t } = useText()
  const litres = vehicle.displacementMl === null ? null : `${(vehicle.displacementMl / 1000).toFixed(1)} L`
  return (
    <section className="panel-part" aria-labelledby="identity-title">
      <h3 id="identity-title">{t('identity.title')}</h3>
      <Facts>
        <Fact name={t('identity.userUnit')}>{vehicle.userUnit.name}</Fact>
        <Fact name={t('identity.ownerUnit')}>{vehicle.ownerUnit.name}</Fact>
        <Fact name={t('identity.driver')}>{vehicle.driver?.name ?? t('identity.noDriver')}</Fact>
        {vehicle.driver && <Fact name={t('identity.phone')}>{vehicle.driver.phone}</Fact>}
        <Fact name={t('identity.model')}>
          {vehicle.make} {vehicle.model}
        </Fact>
        <Fact name={t('identity.energy')}>{[t(`energy.${vehicle.energy}`), litres].filter(Boolean).join(' · ')}</Fact>
        <Fact name={t('identity.seats')}>{String(vehicle.seats)}</Fact>
        <Fact name={t('identity.registeredOn')}>{vehicle.registeredOn}</Fact>
        <Fact name={t('identity.terminal')}>{vehicle.terminalId ?? MISSING}</Fact>
        {vehicle.lastFromPhone && <Fact name={t('identity.place')}>{t('identity.fromPhone')}</Fact>}
      </Facts>
    </section>
  )
}
