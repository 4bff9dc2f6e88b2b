// Entering a fuel card, or changing its vehicle, limits and state.
import { useQuery } from '@tanstack/react-query'
import { Input, InputNumber, Select } from 'antd'
import { useState } from 'react'
import type { FuelCardRow } from '../../../services/contracts/api/places.ts'
import { FUEL_CARD_NO, fuelCardMoves } from '../../../services/domain/fuelCard.ts'
import type { FuelCardState } from '../../../services/domain/places.ts'
import { call, queryClient, useAccount } from '../../kit/api/session.ts'
import { Field, FormDialog } from '../../kit/form/FormDialog.tsx'
import { UnitChoice } from '../../parts/organisation/UnitChoice.tsx'
import { VehicleChoice } from '../../parts/vehicle/VehicleChoice.tsx'
import { useText } from './texts.ts'

const fenOf = (yuan: number | null) => (yuan === null ? null : Math.round(yuan * 100))
const yuanOf = (fen: number | null | undefined) => (fen == null ? null : fen / 100)

export function CardDialog({ card, onClose }: { card: FuelCardRow | undefined; onClose: () => void }) {
  const { t } = useText()
  const account = useAccount()
  const [cardNo, setCardNo] = useState('')
  const [supplierId, setSupplierId] = useState<number>()
  const [organisationId, setOrganisationId] = useState<number | undefined>(account.organisation.organisationId)
  const [vehicle, setVehicle] = useState(card?.vehicle ?? null)
  const [state, setState] = useState<FuelCardState>(card?.state ?? 'active')
  const [day, setDay] = useState(yuanOf(card?.dayLimitFen))
  const [month, setMonth] = useState(yuanOf(card?.monthLimitFen))
  const [validUntil, setValidUntil] = useState(card?.validUntil ?? '')
  const suppliers = useQuery({
    queryKey: ['suppliers', 'fuel'],
    enabled: !card,
    queryFn: ({ signal }) => call('listSuppliers', { query: { kind: 'fuel', valid: 'yes', limit: 200 }, signal }),
  })
  const ready = card !== undefined || (FUEL_CARD_NO.test(cardNo) && supplierId !== undefined && organisationId !== undefined)
  async function save() {
    const limits = { dayLimitFen: fenOf(day), monthLimitFen: fenOf(month), validUntil: validUntil || null }
    const vehicleId = vehicle?.vehicleId ?? null
    if (!card)
      await call('createFuelCard', { body: { ...limits, cardNo, supplierId: supplierId!, organisationId: organisationId!, vehicleId } })
    else {
      const changed = vehicleId !== (card.vehicle?.vehicleId ?? null)
      await call('editFuelCard', {
        params: { fuelCardId: card.fuelCardId },
        body: { ...limits, state, vehicleId: changed ? vehicleId : undefined, version: card.version },
      })
    }
    await queryClient.invalidateQueries({ queryKey: ['fuelCards'] })
  }
  return (
    <FormDialog title={card ? `${t('cards.edit')} ${card.cardNo}` : t('cards.add')} ready={ready} onSubmit={save} onClose={onClose}>
      {!card && (
        <>
          <Field name="cardNo" label={t('card.no')} whole>
            <Input
              value={cardNo}
              maxLength={19}
              inputMode="numeric"
              onChange={(event) => setCardNo(event.target.value.replace(/\s/g, ''))}
            />
          </Field>
          <Field name="supplierId" label={t('card.supplier')} whole>
            <Select
              aria-label={t('card.supplier')}
              showSearch={{ optionFilterProp: 'label' }}
              loading={suppliers.isFetching}
              value={supplierId}
              options={suppliers.data?.rows.map((row) => ({ value: row.supplierId, label: row.name }))}
              onChange={setSupplierId}
            />
          </Field>
          <Field name="organisationId" label={t('card.unit')} whole>
            <UnitChoice label={t('card.unit')} value={organisationId} onChange={setOrganisationId} required />
          </Field>
        </>
      )}
      <Field name="vehicleId" label={t('card.vehicle')} whole>
        <VehicleChoice label={t('card.vehicle')} value={vehicle} onChange={setVehicle} />
        <span className="quiet">{t('card.rule')}</span>
      </Field>
      {card && (
        <Field name="state" label={t('card.state')} whole>
          <Select
            aria-label={t('card.state')}
            value={state}
            options={[card.state, ...fuelCardMoves[card.state]].map((value) => ({ value, label: t(`cardState.${value}`) }))}
            onChange={setState}
          />
        </Field>
      )}
      <Field name="dayLimitFen" label={t('card.dayLimit')}>
        <InputNumber min={1} max={100_000} value={day} onChange={setDay} />
      </Field>
      <Field name="monthLimitFen" label={t('card.monthLimit')}>
        <InputNumber min={1} max={100_000} value={month} onChange={setMonth} />
      </Field>
      <Field name="validUntil" label={t('card.validUntil')}>
        <Input type="date" value={validUntil} onChange={(event) => setValidUntil(event.target.value)} />
      </Field>
    </FormDialog>
  )
}
