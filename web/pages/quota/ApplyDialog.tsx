// An application for quota: for whom, how many, from when; and the same form for changing one that is a draft or was returned.
import { useQueryClient } from '@tanstack/react-query'
import { Input, InputNumber, Select } from 'antd'
import { useState } from 'react'
import type { QuotaApplication } from '../../../services/contracts/api/quota.ts'
import { isSubjectToQuota, type VehicleCategory, vehicleCategories } from '../../../services/domain/vehicle.ts'
import { call } from '../../kit/api/session.ts'
import { Field } from '../../kit/form/FormDialog.tsx'
import { ReasonDialog } from '../../kit/form/ReasonDialog.tsx'
import { toWallClock } from '../../kit/format/time.ts'
import { UnitChoice } from '../../parts/organisation/UnitChoice.tsx'
import { useText } from './texts.ts'

type Props = { application?: QuotaApplication; unitId?: number; category?: VehicleCategory; onClose: () => void }

export function ApplyDialog({ application, unitId: givenUnit, category: givenCategory, onClose }: Props) {
  const { t } = useText()
  const client = useQueryClient()
  const [unitId, setUnitId] = useState(application?.unitId ?? givenUnit)
  const [category, setCategory] = useState(application?.category ?? givenCategory)
  const [seats, setSeats] = useState<number | null>(application?.seats ?? null)
  const [effectiveFrom, setEffectiveFrom] = useState(application?.effectiveFrom ?? toWallClock(Date.now()).slice(0, 10))
  const ready = unitId !== undefined && category !== undefined && seats !== null && effectiveFrom !== ''
  return (
    <ReasonDialog
      title={t('quota.apply')}
      ready={ready}
      onClose={onClose}
      onSubmit={async (reason) => {
        const body = { seats: seats!, effectiveFrom, reason }
        if (application)
          await call('changeQuota', { params: { quotaId: application.quotaId }, body: { ...body, version: application.version } })
        else await call('draftQuota', { body: { ...body, unitId: unitId!, category: category! } })
        await client.invalidateQueries({ queryKey: ['quotas'] })
      }}
    >
      <Field name="unitId" label={t('filter.unit')} whole>
        {application ? <span>{application.unitName}</span> : <UnitChoice label={t('filter.unit')} value={unitId} onChange={setUnitId} />}
      </Field>
      <Field name="category" label={t('filter.category')}>
        <Select
          disabled={application !== undefined}
          value={category}
          options={vehicleCategories.filter(isSubjectToQuota).map((value) => ({ value, label: t(`category.${value}`) }))}
          onChange={setCategory}
        />
      </Field>
      <Field name="seats" label={t('quota.seats')}>
        <InputNumber min={0} max={10_000} precision={0} value={seats} onChange={setSeats} />
      </Field>
      <Field name="effectiveFrom" label={t('quota.effectiveFrom')}>
        <Input type="date" value={effectiveFrom} onChange={(event) => setEffectiveFrom(event.target.value)} />
      </Field>
    </ReasonDialog>
  )
}
