// What is asked before a finding is noted or changed, an explanation asked for, something verified.
import { useQuery } from '@tanstack/react-query'
import { Input, Select } from 'antd'
import { useState } from 'react'
import type { Case } from '../../../services/contracts/api/cases.ts'
import type { Finding } from '../../../services/contracts/api/findings.ts'
import { DAY_MS } from '../../../services/domain/days.ts'
import { plateAsPrinted } from '../../../services/domain/vehicle.ts'
import { call } from '../../kit/api/session.ts'
import { Field, FormDialog } from '../../kit/form/FormDialog.tsx'
import { ReasonDialog } from '../../kit/form/ReasonDialog.tsx'
import { fromWallClock, toWallClock } from '../../kit/format/time.ts'
import { useSettled } from '../../kit/useSettled.ts'
import type { FreshFinding } from './freshFinding.ts'
import { useText } from './texts.ts'

const LEAST = 4
const ANSWER_DAYS = 3
type Props = { row: Finding; onChanged: () => Promise<unknown>; onClose: () => void }

/** A new one (`fresh`: what a replay showed), or with `row` another text or time of one that there is. */
export function NoteDialog({
  of,
  row,
  fresh,
  onChanged,
  onClose,
}: {
  of: Case
  row?: Finding
  fresh?: FreshFinding | undefined
  onChanged: () => Promise<unknown>
  onClose: () => void
}) {
  const { t } = useText()
  const lastMs = Math.min(Date.parse(of.until), Date.now())
  const [vehicleId, setVehicleId] = useState(fresh?.vehicleId ?? of.vehicleRows.find(({ vehicle }) => vehicle)?.vehicle?.vehicleId)
  const [typed, setTyped] = useState({
    from: toWallClock(fresh?.fromMs ?? (row ? Date.parse(row.from) : lastMs - 3_600_000)),
    until: toWallClock(fresh?.untilMs ?? (row ? Date.parse(row.until) : lastMs)),
    text: row?.text ?? '',
  })
  const set = (name: keyof typeof typed) => (event: { target: { value: string } }) => setTyped({ ...typed, [name]: event.target.value })
  const [from, until] = [fromWallClock(typed.from), fromWallClock(typed.until)]
  const whole = vehicleId !== undefined && typed.text.trim().length >= LEAST && from !== undefined && until !== undefined
  const said = whole ? { from: new Date(from).toISOString(), until: new Date(until).toISOString(), text: typed.text.trim() } : undefined
  const fields = (
    <>
      {!row && (
        <Field name="vehicleId" label={t('cases.vehicles')} whole required>
          <Select
            aria-label={t('cases.vehicles')}
            value={vehicleId}
            options={of.vehicleRows.flatMap(({ vehicle }) =>
              vehicle ? [{ value: vehicle.vehicleId, label: `${plateAsPrinted(vehicle.plate)} · ${vehicle.unit}` }] : [],
            )}
            onChange={setVehicleId}
          />
        </Field>
      )}
      <Field name="from" label={t('findings.from')} required>
        <Input type="datetime-local" step={1} value={typed.from} onChange={set('from')} />
      </Field>
      <Field name="until" label={t('findings.until')} required>
        <Input type="datetime-local" step={1} value={typed.until} onChange={set('until')} />
      </Field>
      <Field name="text" label={t('findings.text')} whole required>
        <Input.TextArea rows={4} maxLength={1_000} value={typed.text} placeholder={t('findings.textHint')} onChange={set('text')} />
      </Field>
    </>
  )
  if (row)
    return (
      <ReasonDialog
        title={t('findings.change')}
        ready={said !== undefined}
        onSubmit={async (reason) => {
          await call('changeFinding', { params: { findingId: row.findingId }, body: { ...said!, version: row.version, reason } })
          await onChanged()
        }}
        onClose={onClose}
      >
        {fields}
      </ReasonDialog>
    )
  return (
    <FormDialog
      title={t('findings.note')}
      submitText={t('findings.note')}
      ready={said !== undefined}
      onSubmit={async () => {
        await call('noteFinding', { params: { caseId: of.caseId }, body: { ...said!, vehicleId: vehicleId! } })
        await onChanged()
      }}
      onClose={onClose}
    >
      {fields}
    </FormDialog>
  )
}

export function AskDialog({ row: { findingId, version }, onChanged, onClose }: Props) {
  const { t } = useText()
  const [search, setSearch] = useState('')
  const [username, setUsername] = useState<string>()
  const [question, setQuestion] = useState('')
  const [due, setDue] = useState(toWallClock(Date.now() + ANSWER_DAYS * DAY_MS).slice(0, 16))
  const q = useSettled(search.trim(), 250)
  const { data } = useQuery({
    queryKey: ['cases', 'answerers', findingId, q],
    queryFn: ({ signal }) => call('listFindingAnswerers', { params: { findingId }, query: q ? { q } : {}, signal }),
  })
  const dueMs = fromWallClock(due)
  return (
    <ReasonDialog
      title={t('findingAction.ask')}
      text={t('findings.askText')}
      ready={username !== undefined && question.trim().length >= LEAST && dueMs !== undefined}
      onSubmit={async (reason) => {
        const data = { username: username!, question: question.trim(), dueAt: new Date(dueMs!).toISOString() }
        await call('actOnFinding', { params: { findingId }, body: { action: 'ask', version, reason, data } })
        await onChanged()
      }}
      onClose={onClose}
    >
      <Field name="username" label={t('findings.whom')} whole required>
        <Select
          aria-label={t('findings.whom')}
          showSearch={{ filterOption: false, onSearch: setSearch }}
          placeholder={t('cases.memberSearch')}
          notFoundContent={data ? t('findings.nobody') : null}
          value={username}
          options={(data?.rows ?? []).map((each) => ({ value: each.username, label: `${each.displayName} · ${each.organisation}` }))}
          onChange={setUsername}
        />
      </Field>
      <Field name="question" label={t('findings.question')} whole required>
        <Input.TextArea rows={3} maxLength={1_000} value={question} onChange={({ target }) => setQuestion(target.value)} />
      </Field>
      <Field name="dueAt" label={t('findings.due')} required>
        <Input type="datetime-local" value={due} onChange={({ target }) => setDue(target.value)} />
      </Field>
    </ReasonDialog>
  )
}

export function ConcludeDialog({ row: { findingId, version }, action, onChanged, onClose }: Props & { action: 'confirm' | 'dismiss' }) {
  const { t } = useText()
  const [conclusion, setConclusion] = useState('')
  return (
    <ReasonDialog
      title={t(`findingAction.${action}`)}
      ready={conclusion.trim().length >= LEAST}
      onSubmit={async (reason) => {
        await call('actOnFinding', { params: { findingId }, body: { action, version, reason, data: { conclusion: conclusion.trim() } } })
        await onChanged()
      }}
      onClose={onClose}
    >
      <Field name="conclusion" label={t('findings.conclusion')} whole required>
        <Input.TextArea rows={4} maxLength={1_000} value={conclusion} onChange={({ target }) => setConclusion(target.value)} />
      </Field>
    </ReasonDialog>
  )
}

export function StepReasonDialog({ row: { findingId, version }, action, onChanged, onClose }: Props & { action: 'reopen' | 'withdraw' }) {
  const { t } = useText()
  return (
    <ReasonDialog
      title={t(`findingAction.${action}`)}
      onSubmit={async (reason) => {
        await call('actOnFinding', { params: { findingId }, body: { action, version, reason, data: {} } })
        await onChanged()
      }}
      onClose={onClose}
    />
  )
}
