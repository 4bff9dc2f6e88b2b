// One flow: what it is about, the steps that were taken, and the next one as the first button.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Input, InputNumber, Select } from 'antd'
import { useState } from 'react'
import type { FlowData, FlowDetail, NewVehicle } from '../../../services/contracts/api/ledger.ts'
import { disposalMethods, type FlowNeed, flowLifecycles } from '../../../services/domain/lifecycle.ts'
import { plateAsPrinted } from '../../../services/domain/vehicle.ts'
import { call } from '../../kit/api/session.ts'
import { Field } from '../../kit/form/FormDialog.tsx'
import { ReasonDialog } from '../../kit/form/ReasonDialog.tsx'
import { formatInstant } from '../../kit/format/time.ts'
import { Fact, Facts } from '../../kit/panel/Facts.tsx'
import { Panel } from '../../kit/panel/Panel.tsx'
import { fieldText, valueText } from '../../parts/history/words.ts'
import { type Draft, isComplete, VehicleForm } from './EditFile.tsx'
import { type TextKey, useText } from './texts.ts'
import './ledger.css'

export function FlowPanel({ flowId, onClose }: { flowId: number; onClose: () => void }) {
  const { t } = useText()
  const [asked, setAsked] = useState<string | null>(null)
  const {
    data: flow,
    error,
    refetch,
  } = useQuery({
    queryKey: ['flows', 'one', flowId],
    queryFn: ({ signal }) => call('getFlow', { params: { flowId }, signal }),
  })
  return (
    <Panel
      id={flowId}
      title={flow && t(`flow.${flow.kind}`)}
      kind={flow && t(`flowState.${flow.state}` as TextKey)}
      loading={!flow}
      error={error}
      retry={() => void refetch()}
      onClose={onClose}
      actions={
        flow &&
        (flow.mayAct.length > 0
          ? flow.mayAct.map((action, index) => (
              <Button key={action} type={index === 0 ? 'primary' : 'default'} onClick={() => setAsked(action)}>
                {t(`flowAction.${action}` as TextKey)}
              </Button>
            ))
          : flow.open && <span className="quiet">{t('flow.waits')}</span>)
      }
    >
      {flow && (
        <>
          <section className="panel-part">
            <Facts>
              {flow.vehicle && <Fact name={t('flow.subject')}>{plateAsPrinted(flow.vehicle.plate)}</Fact>}
              <Fact name={t('flow.unit')}>{flow.unit.name}</Fact>
              {flow.toUnit && <Fact name={t('flow.toUnit')}>{flow.toUnit.name}</Fact>}
              {Object.entries(flow.data).map(([field, value]) => (
                <Fact key={field} name={fieldText(t, field)}>
                  {valueText(t, value, field, { action: 'flow', names: {} })}
                </Fact>
              ))}
            </Facts>
          </section>
          <section className="panel-part" aria-label={t('flow.steps')}>
            <h3>{t('flow.steps')}</h3>
            <ol className="ledger-steps">
              {flow.steps.map((step) => (
                <li key={`${step.at} ${step.action}`}>
                  <p>
                    <strong>{t(`flowAction.${step.action}` as TextKey)}</strong> <span className="quiet">{step.username}</span>
                  </p>
                  <p className="quiet figure">{formatInstant(Date.parse(step.at))}</p>
                  <p>{step.reason}</p>
                </li>
              ))}
            </ol>
          </section>
          {asked && <StepDialog flow={flow} action={asked} onClose={() => setAsked(null)} />}
        </>
      )}
    </Panel>
  )
}

function StepDialog({ flow, action, onClose }: { flow: FlowDetail; action: string; onClose: () => void }) {
  const { t } = useText()
  const client = useQueryClient()
  const needs = flowLifecycles[flow.kind][action]?.needs ?? []
  const [data, setData] = useState<FlowData>({})
  const [vehicle, setVehicle] = useState<Draft>(() => ({
    ...flow.data,
    contractNo: undefined,
    userUnitId: flow.unit.organisationId,
    ownerUnitId: flow.unit.organisationId,
    plateColour: 'blue',
    class: flow.data.category === 'LAW_ENFORCEMENT' ? 'law_enforcement' : 'official',
    secrecy: false,
  }))
  const registers = needs.includes('vehicle')
  const ready = needs.every((need) => (need === 'vehicle' ? isComplete(vehicle) : data[need] !== undefined))
  return (
    <ReasonDialog
      title={t(`flowAction.${action}` as TextKey)}
      danger={action === 'refuse' || action === 'decline'}
      ready={ready}
      onClose={onClose}
      onSubmit={async (reason) => {
        const { contractNo: _contractNo, ...fields } = vehicle as Draft & { contractNo?: unknown }
        const brought = registers ? { ...data, vehicle: fields as NewVehicle } : data
        await call('actOnFlow', { params: { flowId: flow.flowId }, body: { version: flow.version, action, reason, data: brought } })
        await Promise.all([['flows'], ['vehicleFile'], ['ledger'], ['quotas']].map((queryKey) => client.invalidateQueries({ queryKey })))
      }}
    >
      {needs
        .filter((need) => need !== 'vehicle')
        .map((need) => (
          <NeedField key={need} need={need} value={data[need]} onChange={(value) => setData({ ...data, [need]: value })} />
        ))}
      {registers && <VehicleForm draft={vehicle} onChange={setVehicle} />}
    </ReasonDialog>
  )
}

function NeedField({ need, value, onChange }: { need: FlowNeed; value: unknown; onChange: (value: unknown) => void }) {
  const { t } = useText()
  return (
    <Field name={need} label={t(`field.${need}`)}>
      {need === 'method' ? (
        <Select
          value={value as string}
          options={disposalMethods.map((method) => ({ value: method, label: t(`method.${method}`) }))}
          onChange={onChange}
        />
      ) : need.endsWith('Fen') ? (
        <InputNumber
          min={0}
          precision={2}
          controls={false}
          value={value === undefined ? null : (value as number) / 100}
          onChange={(next) => onChange(next === null ? undefined : Math.round(next * 100))}
        />
      ) : (
        <Input value={(value as string) ?? ''} maxLength={60} onChange={(event) => onChange(event.target.value.trim() || undefined)} />
      )}
    </Field>
  )
}
