// The first step of a flow: where the vehicle should go, or what should be bought, and why.
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { InputNumber, Select } from 'antd'
import { useState } from 'react'
import type { AcquisitionPlan, VehicleFile } from '../../../services/contracts/api/ledger.ts'
import type { FlowKind } from '../../../services/domain/lifecycle.ts'
import { isSubjectToQuota, type VehicleCategory } from '../../../services/domain/vehicle.ts'
import { call } from '../../kit/api/session.ts'
import { Field } from '../../kit/form/FormDialog.tsx'
import { ReasonDialog } from '../../kit/form/ReasonDialog.tsx'
import { UnitChoice } from '../../parts/organisation/UnitChoice.tsx'
import { useText } from './texts.ts'
import { choicesOf } from './words.ts'

const titles = { acquisition: 'flow.plan', transfer: 'file.transfer', disposal: 'file.dispose' } as const

export function StartFlow({ kind, vehicle, onClose }: { kind: FlowKind; vehicle?: VehicleFile; onClose: () => void }) {
  const { t } = useText()
  const client = useQueryClient()
  const navigate = useNavigate()
  const choices = choicesOf(t)
  const [unitId, setUnitId] = useState<number | undefined>()
  const [plan, setPlan] = useState<Partial<AcquisitionPlan>>({
    category: 'EMERGENCY_SUPPORT',
    energy: 'plug_in_hybrid',
    bodyType: 'sedan',
    displacementMl: null,
  })
  const ready = kind === 'disposal' || (unitId !== undefined && (kind === 'transfer' || plan.priceFen != null))
  return (
    <ReasonDialog
      title={t(titles[kind])}
      ready={ready}
      onClose={onClose}
      onSubmit={async (reason) => {
        const flow = await call('startFlow', {
          body:
            kind === 'acquisition'
              ? { kind, reason, unitId, plan: plan as AcquisitionPlan }
              : { kind, reason, vehicleId: vehicle!.vehicleId, ...(kind === 'transfer' ? { toUnitId: unitId } : {}) },
        })
        await Promise.all([['flows'], ['vehicleFile'], ['ledger']].map((queryKey) => client.invalidateQueries({ queryKey })))
        await navigate({ to: '/flows', search: { id: String(flow.flowId) } } as never)
      }}
    >
      {kind !== 'disposal' && (
        <Field name={kind === 'transfer' ? 'toUnitId' : 'unitId'} label={t(kind === 'transfer' ? 'flow.toUnit' : 'flow.unit')} whole>
          <UnitChoice label={t(kind === 'transfer' ? 'flow.toUnit' : 'flow.unit')} value={unitId} onChange={setUnitId} />
        </Field>
      )}
      {kind === 'acquisition' && (
        <>
          {(['category', 'energy', 'bodyType'] as const).map((field) => (
            <Field key={field} name={field} label={t(`field.${field}`)}>
              <Select
                value={plan[field] ?? undefined}
                options={choices[field]?.filter(({ value }) => isSubjectToQuota(value as VehicleCategory))}
                onChange={(value) => setPlan({ ...plan, [field]: value })}
              />
            </Field>
          ))}
          <Field name="priceFen" label={t('field.priceFen')}>
            <InputNumber
              min={1}
              controls={false}
              value={plan.priceFen === undefined ? null : plan.priceFen / 100}
              onChange={(value) => setPlan({ ...plan, priceFen: value === null ? undefined : Math.round(value * 100) })}
            />
          </Field>
          <Field name="displacementMl" label={t('field.displacementMl')}>
            <InputNumber
              min={1}
              precision={0}
              controls={false}
              value={plan.displacementMl}
              onChange={(value) => setPlan({ ...plan, displacementMl: value })}
            />
          </Field>
        </>
      )}
    </ReasonDialog>
  )
}
