// Handing over the vehicle that one has: to whom, the reading, what is in the tank, what is aboard, what is wrong with it.
import { useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { type Equipment, equipments } from '../../../services/domain/equipment.ts'
import { type InspectionItem, inspectionItems } from '../../../services/domain/inspection.ts'
import { call } from '../../kit/api/session.ts'
import { newId } from '../outbox/outbox.ts'
import { useText } from '../texts.ts'
import { PhoneForm } from '../ui/PhoneForm.tsx'
import { useDeed } from '../useDeed.ts'

const UNIT = 'unit'
const numberIn = (text: string): number | null => {
  const value = Number(text.replace(/[,，%\s]/g, ''))
  return text.trim() === '' || !Number.isFinite(value) || value < 0 ? null : value
}

export function OfferForm({ vehicleId, onDone }: { vehicleId: number; onDone: () => void }) {
  const { t } = useText()
  const id = useId()
  const deed = useDeed()
  const [key] = useState(newId)
  const [to, setTo] = useState('')
  const [km, setKm] = useState('')
  const [fuel, setFuel] = useState('')
  const [aboard, setAboard] = useState<readonly Equipment[] | null>(null)
  const [faults, setFaults] = useState<Partial<Record<InspectionItem, string>>>({})
  const [remarks, setRemarks] = useState('')
  const { data: shift, error } = useQuery({
    queryKey: ['phone', 'shift', vehicleId],
    queryFn: ({ signal }) => call('getShift', { params: { vehicleId }, signal }),
  })
  const has = aboard ?? shift?.equipment ?? []
  const [reading, pct] = [numberIn(km), numberIn(fuel)]
  const unsaid = inspectionItems.some((item) => faults[item]?.trim() === '')
  const problem = to === '' || reading === null || pct === null || pct > 100 ? t('shift.missing') : unsaid ? t('shift.faultMissing') : null
  const send = () =>
    call('offerHandover', {
      body: {
        ...{ key, vehicleId, toDriverId: to === UNIT ? null : Number(to), odometerKm: reading!, fuelPct: Math.round(pct!) },
        equipment: [...has],
        inspection: inspectionItems.map((item) => ({ item, ok: faults[item] === undefined, remark: faults[item]?.trim() ?? '' })),
        remarks: remarks.trim(),
      },
    })
  return (
    <PhoneForm
      verb={t('shift.offer')}
      problem={problem}
      deed={{ busy: deed.busy, error: deed.error ?? error }}
      onLeave={onDone}
      onSend={async () => {
        if (await deed.run(send)) onDone()
      }}
    >
      <div className="phone-field">
        <label htmlFor={`${id}-to`}>{t('shift.to')}</label>
        <select id={`${id}-to`} value={to} onChange={({ target }) => setTo(target.value)}>
          <option value="">{t('shift.choose')}</option>
          <option value={UNIT}>{t('shift.unit')}</option>
          {shift?.colleagues.map(({ driverId, name }) => (
            <option key={driverId} value={driverId}>
              {name}
            </option>
          ))}
        </select>
      </div>
      <div className="phone-field">
        <label htmlFor={`${id}-km`}>{t('shift.odometer')}</label>
        <input id={`${id}-km`} inputMode="decimal" value={km} onChange={({ target }) => setKm(target.value)} />
      </div>
      <div className="phone-field">
        <label htmlFor={`${id}-fuel`}>{t('shift.fuel')}</label>
        <input id={`${id}-fuel`} inputMode="numeric" value={fuel} onChange={({ target }) => setFuel(target.value)} />
      </div>
      <fieldset className="phone-field">
        <legend>{t('shift.equipment')}</legend>
        {equipments.map((one) => (
          <label key={one} className="phone-check">
            <input
              type="checkbox"
              checked={has.includes(one)}
              onChange={({ target }) => setAboard(target.checked ? [...has, one] : has.filter((each) => each !== one))}
            />{' '}
            {t(`equipment.${one}`)}
          </label>
        ))}
      </fieldset>
      <fieldset className="phone-field">
        <legend>{t('shift.faults')}</legend>
        {inspectionItems.map((item) => (
          <div key={item}>
            <label className="phone-check">
              <input
                type="checkbox"
                checked={faults[item] !== undefined}
                onChange={({ target }) => {
                  const { [item]: _gone, ...others } = faults
                  setFaults(target.checked ? { ...faults, [item]: '' } : others)
                }}
              />{' '}
              {t(`inspectionItem.${item}`)}
            </label>
            {faults[item] !== undefined && (
              <input
                aria-label={t('shift.faultOf', { item: t(`inspectionItem.${item}`) })}
                maxLength={200}
                value={faults[item]}
                onChange={({ target }) => setFaults({ ...faults, [item]: target.value })}
              />
            )}
          </div>
        ))}
      </fieldset>
      <div className="phone-field">
        <label htmlFor={`${id}-remarks`}>{t('shift.remarks')}</label>
        <textarea id={`${id}-remarks`} rows={2} maxLength={500} value={remarks} onChange={({ target }) => setRemarks(target.value)} />
      </div>
    </PhoneForm>
  )
}
