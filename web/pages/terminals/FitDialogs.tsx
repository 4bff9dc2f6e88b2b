// Where a terminal is, from which moment: fitted, moved, taken off, the moment put right; and what is written about it.
import { useQuery } from '@tanstack/react-query'
import { Input } from 'antd'
import { useState } from 'react'
import type { Terminal } from '../../../services/contracts/api/terminals.ts'
import { plateAsPrinted } from '../../../services/domain/vehicle.ts'
import { call } from '../../kit/api/session.ts'
import { Field } from '../../kit/form/FormDialog.tsx'
import { ReasonDialog } from '../../kit/form/ReasonDialog.tsx'
import { UnitChoice } from '../../parts/organisation/UnitChoice.tsx'
import { terminalsChanged } from '../../parts/terminal/queries.ts'
import { SinceField, useSince } from '../../parts/terminal/SinceField.tsx'
import { fileQuery } from '../../parts/vehicle/fileQuery.ts'
import { VehicleChoice } from '../../parts/vehicle/VehicleChoice.tsx'
import { useText } from './texts.ts'

type Props = { terminal: Terminal; onClose: () => void }

/** Into a vehicle, or from one into another; what is there is taken off. */
export function FitDialog({ terminal, onClose }: Props) {
  const { t } = useText()
  const [vehicle, setVehicle] = useState<{ vehicleId: number; plate: string } | null>(null)
  const since = useSince()
  const { data: file } = useQuery({ ...fileQuery(vehicle?.vehicleId ?? 0), enabled: vehicle !== null })
  const { terminalId, version } = terminal
  const verb = t(terminal.vehicle ? 'terminalAct.move' : 'terminalAct.fit')
  return (
    <ReasonDialog
      title={`${verb}${t('kit.colon')}${terminalId}`}
      submitText={verb}
      text={t('terminalAct.fitText')}
      ready={file !== undefined && vehicle !== null && vehicle.vehicleId !== terminal.vehicle?.vehicleId && since.ready}
      onSubmit={async (reason) => {
        const body = { version, reason, vehicleId: vehicle!.vehicleId, replaces: file!.terminalId, since: since.value }
        await call('fitTerminal', { params: { terminalId }, body })
        await terminalsChanged()
      }}
      onClose={onClose}
    >
      <Field name="vehicleId" label={t('terminal.vehicle')} whole>
        <VehicleChoice label={t('terminal.vehicle')} value={vehicle} onChange={setVehicle} />
        {file?.terminalId && <span className="quiet">{t('terminalAct.replaces', { terminal: file.terminalId })}</span>}
      </Field>
      <SinceField since={since} />
    </ReasonDialog>
  )
}

export function TakeOffDialog({ terminal, onClose }: Props) {
  const { t } = useText()
  const since = useSince()
  const { terminalId, version, vehicle } = terminal
  const verb = t('terminalAct.off')
  return (
    <ReasonDialog
      title={`${verb}${t('kit.colon')}${terminalId}${vehicle ? ` · ${plateAsPrinted(vehicle.plate)}` : ''}`}
      submitText={verb}
      text={t('terminalAct.offText')}
      danger
      ready={since.ready}
      onSubmit={async (reason) => {
        await call('fitTerminal', { params: { terminalId }, body: { version, reason, vehicleId: null, since: since.value } })
        await terminalsChanged()
      }}
      onClose={onClose}
    >
      <SinceField since={since} />
    </ReasonDialog>
  )
}

/** Since when it is in its vehicle, where that was entered wrongly. */
export function CorrectDialog({ terminal, onClose }: Props) {
  const { t } = useText()
  const { terminalId, version, vehicle, boundSince } = terminal
  const since = useSince(boundSince)
  const verb = t('terminalAct.correct')
  return (
    <ReasonDialog
      title={`${verb}${t('kit.colon')}${terminalId}${vehicle ? ` · ${plateAsPrinted(vehicle.plate)}` : ''}`}
      submitText={verb}
      text={t('terminalAct.correctText')}
      ready={since.value !== undefined}
      onSubmit={async (reason) => {
        await call('fitTerminal', { params: { terminalId }, body: { version, reason, vehicleId: vehicle!.vehicleId, since: since.value } })
        await terminalsChanged()
      }}
      onClose={onClose}
    >
      <SinceField since={since} hint={t('terminalAct.correctHint')} />
    </ReasonDialog>
  )
}

export function ChangeDialog({ terminal, onClose }: Props) {
  const { t } = useText()
  const { terminalId, version } = terminal
  const [model, setModel] = useState(terminal.model ?? '')
  const [note, setNote] = useState(terminal.note ?? '')
  const [unit, setUnit] = useState<number | undefined>(terminal.organisation.organisationId)
  const changed = {
    model: model.trim() === (terminal.model ?? '') ? undefined : model.trim() || null,
    note: note.trim() === (terminal.note ?? '') ? undefined : note.trim() || null,
    organisationId: unit === terminal.organisation.organisationId ? undefined : unit,
  }
  return (
    <ReasonDialog
      title={`${t('terminalAct.change')}${t('kit.colon')}${terminalId}`}
      submitText={t('kit.save')}
      ready={Object.values(changed).some((value) => value !== undefined)}
      onSubmit={async (reason) => {
        await call('changeTerminal', { params: { terminalId }, body: { version, reason, ...changed } })
        await terminalsChanged()
      }}
      onClose={onClose}
    >
      <Field name="model" label={t('terminal.model')} whole>
        <Input value={model} maxLength={60} placeholder={t('terminal.modelHint')} onChange={(event) => setModel(event.target.value)} />
      </Field>
      {terminal.vehicle ? (
        <p className="quiet form-whole">{t('terminalAct.unitText')}</p>
      ) : (
        <Field name="organisationId" label={t('kit.unit')} whole>
          <UnitChoice label={t('kit.unit')} value={unit} onChange={setUnit} required />
        </Field>
      )}
      <Field name="note" label={t('kit.note')} whole>
        <Input.TextArea rows={2} value={note} maxLength={400} onChange={(event) => setNote(event.target.value)} />
      </Field>
    </ReasonDialog>
  )
}
