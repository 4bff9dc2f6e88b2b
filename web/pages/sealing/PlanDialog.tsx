// A plan for a holiday: whose vehicles, which days, and which of them are on duty.
import { Input } from 'antd'
import { useState } from 'react'
import { addDays, dayAt } from '../../../services/domain/days.ts'
import { call, queryClient, useAccount } from '../../kit/api/session.ts'
import { Field } from '../../kit/form/FormDialog.tsx'
import { ReasonDialog } from '../../kit/form/ReasonDialog.tsx'
import { UnitChoice } from '../../parts/organisation/UnitChoice.tsx'
import { useText } from './texts.ts'

class UnknownPlates extends Error {
  constructor(readonly plates: readonly string[]) {
    super(plates.join(' '))
  }
}

/** @throws UnknownPlates for those that are no one vehicle of the reader's */
async function findVehicles(text: string): Promise<{ vehicleId: number; why: 'duty' }[]> {
  const plates = [...new Set(text.split(/[\s,，、;；]+/).filter(Boolean))]
  const found = await Promise.all(
    plates.map(async (plate) => {
      const bare = plate.replaceAll('·', '').toUpperCase()
      const { rows } = await call('listVehicles', { query: { q: bare, limit: 5 } })
      return rows.find((row) => row.seen === 'whole' && row.plate === bare)?.vehicleId ?? null
    }),
  )
  const unknown = plates.filter((_, n) => found[n] === null)
  if (unknown.length > 0) throw new UnknownPlates(unknown)
  return found.map((vehicleId) => ({ vehicleId: vehicleId!, why: 'duty' }))
}

export function PlanDialog({ onMade, onClose }: { onMade: (planId: number) => void; onClose: () => void }) {
  const { t } = useText()
  const account = useAccount()
  const tomorrow = addDays(dayAt(Date.now()), 1)
  const [unit, setUnit] = useState<number | undefined>(account?.organisation.organisationId)
  const [fromDay, setFromDay] = useState(tomorrow)
  const [untilDay, setUntilDay] = useState(tomorrow)
  const [duty, setDuty] = useState('')
  return (
    <ReasonDialog
      title={t('sealing.new')}
      text={t('sealing.newText')}
      width={640}
      ready={unit !== undefined && fromDay !== '' && untilDay >= fromDay}
      explain={(error) => (error instanceof UnknownPlates ? t('sealing.dutyUnknown', { plates: error.plates.join(' ') }) : null)}
      onSubmit={async (reason) => {
        const exempt = await findVehicles(duty)
        const { planId } = await call('planSeals', { body: { organisationId: unit!, fromDay, untilDay, exempt, reason } })
        await queryClient.invalidateQueries({ queryKey: ['sealing'] })
        onMade(planId)
      }}
      onClose={onClose}
    >
      <Field name="organisationId" label={t('sealing.unitBelow')} whole>
        <UnitChoice label={t('sealing.unitBelow')} value={unit} required onChange={setUnit} />
      </Field>
      <Field name="fromDay" label={t('sealing.fromDay')} required>
        <Input type="date" value={fromDay} onChange={({ target }) => setFromDay(target.value)} />
      </Field>
      <Field name="untilDay" label={t('sealing.untilDay')} required>
        <Input type="date" min={fromDay} value={untilDay} onChange={({ target }) => setUntilDay(target.value)} />
      </Field>
      <Field label={t('sealing.duty')} whole>
        <Input.TextArea rows={2} value={duty} placeholder={t('sealing.dutyHint')} onChange={({ target }) => setDuty(target.value)} />
      </Field>
    </ReasonDialog>
  )
}
