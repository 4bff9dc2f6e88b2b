// Changing duty: the shifts of the week, one day, leave.
import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Checkbox, Input, Radio, Select } from 'antd'
import { useState } from 'react'
import type { DriverDay, DriverDetail } from '../../../services/contracts/api/drivers.ts'
import { dayAt } from '../../../services/domain/days.ts'
import { type LeaveKind, leaveKinds } from '../../../services/domain/duty.ts'
import { call } from '../../kit/api/session.ts'
import { Field, FormDialog } from '../../kit/form/FormDialog.tsx'
import { minuteText, spanOf, weekdayBits } from '../../kit/format/minutes.ts'
import { driverChanged } from './queries.ts'
import { useText } from './texts.ts'

type Props = { driver: DriverDetail; onClose: () => void }
type Draft = {
  key: number
  weekdays: number
  start: string
  end: string
  followsCalendar: boolean
  fromDay: string
  untilDay: string | null
}

export function ShiftsDialog({ driver, onClose }: Props) {
  const { t } = useText()
  const [drafts, setDrafts] = useState<Draft[]>(() =>
    driver.shifts.map((shift, key) => ({ ...shift, key, start: minuteText(shift.startMinute), end: minuteText(shift.endMinute) })),
  )
  const [nextKey, setNextKey] = useState(driver.shifts.length)
  const change = (key: number, part: Partial<Draft>) =>
    setDrafts((all) => all.map((draft) => (draft.key === key ? { ...draft, ...part } : draft)))
  const add = () => {
    setDrafts((all) => [
      ...all,
      { key: nextKey, weekdays: 0b11111, start: '08:30', end: '17:30', followsCalendar: true, fromDay: dayAt(Date.now()), untilDay: null },
    ])
    setNextKey(nextKey + 1)
  }
  const ready = drafts.every((draft) => draft.weekdays > 0 && spanOf(draft.start, draft.end) && draft.fromDay)
  async function save() {
    const shifts = drafts.map(({ key: _key, start, end, ...draft }) => ({ ...draft, ...spanOf(start, end)! }))
    await call('setDriverShifts', { params: { driverId: driver.driverId }, body: { shifts, version: driver.version } })
    await driverChanged(driver.driverId)
  }
  return (
    <FormDialog title={t('duty.editShifts')} ready={ready} onSubmit={save} onClose={onClose}>
      {drafts.length === 0 && <p className="quiet form-whole">{t('duty.byOffice')}</p>}
      {drafts.map((draft) => (
        <fieldset key={draft.key} className="form-whole duty-shift" aria-label={t('duty.weekdays')}>
          <div className="duty-bits">
            {weekdayBits.map((bit) => (
              <Checkbox
                key={bit}
                checked={(draft.weekdays & (1 << bit)) !== 0}
                onChange={() => change(draft.key, { weekdays: draft.weekdays ^ (1 << bit) })}
              >
                {t(`weekday.${bit}`)}
              </Checkbox>
            ))}
          </div>
          <Field label={t('duty.start')}>
            <Input type="time" value={draft.start} onChange={(event) => change(draft.key, { start: event.target.value })} />
          </Field>
          <Field label={t('duty.end')}>
            <Input type="time" value={draft.end} onChange={(event) => change(draft.key, { end: event.target.value })} />
          </Field>
          <Field label={t('kit.from')}>
            <Input type="date" value={draft.fromDay} onChange={(event) => change(draft.key, { fromDay: event.target.value })} />
          </Field>
          <Field label={t('kit.until')}>
            <Input
              type="date"
              value={draft.untilDay ?? ''}
              onChange={(event) => change(draft.key, { untilDay: event.target.value || null })}
            />
          </Field>
          <Checkbox checked={draft.followsCalendar} onChange={(event) => change(draft.key, { followsCalendar: event.target.checked })}>
            {t('duty.followsCalendar')}
          </Checkbox>
          <Button
            icon={<DeleteOutlined />}
            aria-label={t('duty.removeShift')}
            onClick={() => setDrafts((all) => all.filter((each) => each.key !== draft.key))}
          />
        </fieldset>
      ))}
      <Button className="form-whole" icon={<PlusOutlined />} disabled={drafts.length >= 20} onClick={add}>
        {t('duty.addShift')}
      </Button>
    </FormDialog>
  )
}

export function DutyDayDialog({ driver, plan, onClose }: Props & { plan: DriverDay }) {
  const { t } = useText()
  const [choice, setChoice] = useState<'week' | 'off' | 'on'>(plan.single ? (plan.spans.length > 0 ? 'on' : 'off') : 'week')
  const [start, setStart] = useState(minuteText(plan.spans[0]?.startMinute ?? 510))
  const [end, setEnd] = useState(minuteText(plan.spans[0]?.endMinute ?? 1050))
  const span = spanOf(start, end)
  async function save() {
    const duty = choice === 'week' ? null : choice === 'off' ? ({ off: true } as const) : span!
    await call('setDriverDutyDay', { params: { driverId: driver.driverId, day: plan.day }, body: { duty, version: driver.version } })
    await driverChanged(driver.driverId)
  }
  return (
    <FormDialog title={t('duty.day', { day: plan.day })} ready={choice !== 'on' || span !== undefined} onSubmit={save} onClose={onClose}>
      <Radio.Group
        className="form-whole"
        value={choice}
        onChange={(event) => setChoice(event.target.value as 'week')}
        options={[
          { value: 'week', label: t('duty.asWeek') },
          { value: 'off', label: t('duty.thisOff') },
          { value: 'on', label: t('duty.thisOn') },
        ]}
      />
      {choice === 'on' && (
        <>
          <Field label={t('duty.start')}>
            <Input type="time" value={start} onChange={(event) => setStart(event.target.value)} />
          </Field>
          <Field label={t('duty.end')}>
            <Input type="time" value={end} onChange={(event) => setEnd(event.target.value)} />
          </Field>
        </>
      )}
    </FormDialog>
  )
}

export function LeaveDialog({ driver, onClose }: Props) {
  const { t } = useText()
  const [kind, setKind] = useState<LeaveKind>('annual')
  const [fromDay, setFromDay] = useState(dayAt(Date.now()))
  const [untilDay, setUntilDay] = useState(dayAt(Date.now()))
  const [note, setNote] = useState('')
  async function save() {
    await call('addDriverLeave', {
      params: { driverId: driver.driverId },
      body: { kind, fromDay, untilDay, note: note || null, version: driver.version },
    })
    await driverChanged(driver.driverId)
  }
  return (
    <FormDialog title={t('duty.addLeave')} ready={fromDay !== '' && untilDay >= fromDay} onSubmit={save} onClose={onClose}>
      <Field name="kind" label={t('duty.leaveKind')} whole>
        <Select
          aria-label={t('duty.leaveKind')}
          value={kind}
          options={leaveKinds.map((value) => ({ value, label: t(`leave.${value}`) }))}
          onChange={setKind}
        />
      </Field>
      <Field name="fromDay" label={t('kit.from')}>
        <Input type="date" value={fromDay} onChange={(event) => setFromDay(event.target.value)} />
      </Field>
      <Field name="untilDay" label={t('kit.until')}>
        <Input type="date" value={untilDay} onChange={(event) => setUntilDay(event.target.value)} />
      </Field>
      <Field name="note" label={t('kit.note')} whole>
        <Input value={note} maxLength={200} onChange={(event) => setNote(event.target.value)} />
      </Field>
    </FormDialog>
  )
}
