// What is asked before a case is opened or changed, a vehicle put in, a person added.
import { useQuery } from '@tanstack/react-query'
import { Input, Select } from 'antd'
import { useState } from 'react'
import type { Case } from '../../../services/contracts/api/cases.ts'
import { DAY_MS } from '../../../services/domain/days.ts'
import { call } from '../../kit/api/session.ts'
import { Field, FormDialog } from '../../kit/form/FormDialog.tsx'
import { ReasonDialog } from '../../kit/form/ReasonDialog.tsx'
import { fromWallClock, startOfDay, toWallClock } from '../../kit/format/time.ts'
import { useSettled } from '../../kit/useSettled.ts'
import { vehicleQuery } from '../../parts/vehicle/queries.ts'
import { VehicleChoice } from '../../parts/vehicle/VehicleChoice.tsx'
import { useText } from './texts.ts'

const typedAt = (ms: number): string => toWallClock(ms).slice(0, 16)
const LEAST = 4

/** Purpose, basis, period: typed, and as they are sent once they are whole. */
function useCaseFields({ purpose, basis, fromMs, untilMs }: { purpose: string; basis: string; fromMs: number; untilMs: number }) {
  const { t } = useText()
  const [typed, setTyped] = useState({ purpose, basis, from: typedAt(fromMs), until: typedAt(untilMs) })
  const set = (name: keyof typeof typed) => (event: { target: { value: string } }) => setTyped({ ...typed, [name]: event.target.value })
  const [from, until] = [fromWallClock(typed.from), fromWallClock(typed.until)]
  const whole = typed.purpose.trim().length >= LEAST && typed.basis.trim().length >= 2 && from !== undefined && until !== undefined
  return {
    sent: whole
      ? {
          purpose: typed.purpose.trim(),
          basis: typed.basis.trim(),
          from: new Date(from).toISOString(),
          until: new Date(until).toISOString(),
        }
      : undefined,
    fields: (
      <>
        <Field name="purpose" label={t('cases.purpose')} whole required>
          <Input.TextArea rows={2} maxLength={200} value={typed.purpose} placeholder={t('cases.purposeHint')} onChange={set('purpose')} />
        </Field>
        <Field name="basis" label={t('cases.basis')} whole required>
          <Input maxLength={200} value={typed.basis} placeholder={t('cases.basisHint')} onChange={set('basis')} />
        </Field>
        <Field name="from" label={t('cases.from')} required>
          <Input type="datetime-local" value={typed.from} onChange={set('from')} />
        </Field>
        <Field name="until" label={t('cases.until')} required>
          <Input type="datetime-local" value={typed.until} onChange={set('until')} />
        </Field>
      </>
    ),
  }
}

export function OpenDialog({
  vehicleId,
  onOpened,
  onClose,
}: {
  vehicleId: number | undefined
  onOpened: (caseId: number) => Promise<void>
  onClose: () => void
}) {
  const { t } = useText()
  const today = startOfDay(Date.now())
  const { sent, fields } = useCaseFields({ purpose: '', basis: '', fromMs: today - 7 * DAY_MS, untilMs: today + DAY_MS })
  const given = useQuery({ ...vehicleQuery(vehicleId ?? 0), enabled: vehicleId !== undefined })
  const [chosen, setChosen] = useState<{ vehicleId: number; plate: string } | null>(null)
  const vehicle = chosen ?? (given.data ? { vehicleId: given.data.vehicleId, plate: given.data.plate } : null)
  return (
    <FormDialog
      title={t('cases.open')}
      submitText={t('cases.open')}
      ready={sent !== undefined}
      onSubmit={async () => {
        const { caseId } = await call('openCase', { body: { ...sent!, vehicleIds: vehicle ? [vehicle.vehicleId] : [] } })
        await onOpened(caseId)
      }}
      onClose={onClose}
    >
      {fields}
      <Field name="vehicleIds" label={t('cases.vehicles')} whole>
        <VehicleChoice label={t('cases.vehicles')} value={vehicle} onChange={setChosen} />
      </Field>
    </FormDialog>
  )
}

type Props = { of: Case; onChanged: () => Promise<unknown>; onClose: () => void }

export function ChangeDialog({ of: { caseId, purpose, basis, from, until, version }, onChanged, onClose }: Props) {
  const { t } = useText()
  const { sent, fields } = useCaseFields({ purpose, basis, fromMs: Date.parse(from), untilMs: Date.parse(until) })
  return (
    <ReasonDialog
      title={t('cases.change')}
      ready={sent !== undefined}
      onSubmit={async (reason) => {
        await call('changeCase', { params: { caseId }, body: { ...sent!, version, reason } })
        await onChanged()
      }}
      onClose={onClose}
    >
      {fields}
    </ReasonDialog>
  )
}

export function VehicleDialog({ of: { caseId }, onChanged, onClose }: Props) {
  const { t } = useText()
  const [chosen, setChosen] = useState<{ vehicleId: number; plate: string } | null>(null)
  return (
    <ReasonDialog
      title={t('cases.addVehicle')}
      ready={chosen !== null}
      onSubmit={async (reason) => {
        await call('addCaseVehicles', { params: { caseId }, body: { vehicleIds: [chosen!.vehicleId], reason } })
        await onChanged()
      }}
      onClose={onClose}
    >
      <Field name="vehicleIds" label={t('cases.vehicles')} whole>
        <VehicleChoice label={t('cases.vehicles')} value={chosen} onChange={setChosen} />
      </Field>
    </ReasonDialog>
  )
}

export function MemberDialog({ of: { caseId }, onChanged, onClose }: Props) {
  const { t } = useText()
  const [typed, setTyped] = useState('')
  const [username, setUsername] = useState<string>()
  const q = useSettled(typed.trim(), 250)
  const { data } = useQuery({
    queryKey: ['cases', caseId, 'nameable', q],
    queryFn: ({ signal }) => call('listCaseNameable', { params: { caseId }, query: q ? { q } : {}, signal }),
  })
  return (
    <ReasonDialog
      title={t('cases.addMember')}
      ready={username !== undefined}
      onSubmit={async (reason) => {
        await call('addCaseMember', { params: { caseId }, body: { username: username!, reason } })
        await onChanged()
      }}
      onClose={onClose}
    >
      <Field name="username" label={t('cases.members')} whole>
        <Select
          aria-label={t('cases.members')}
          showSearch={{ filterOption: false, onSearch: setTyped }}
          placeholder={t('cases.memberSearch')}
          value={username}
          options={(data?.rows ?? []).map((row) => ({ value: row.username, label: `${row.displayName} · ${row.organisation}` }))}
          onChange={setUsername}
        />
      </Field>
    </ReasonDialog>
  )
}
