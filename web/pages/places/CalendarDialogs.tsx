// Changing the calendar: one day, a year's notice, office hours.
import { Input, Radio, Select } from 'antd'
import { useState } from 'react'
import type { YearCalendar } from '../../../services/contracts/api/places.ts'
import { dayAt } from '../../../services/domain/days.ts'
import { type CalendarDayKind, calendarDayKinds, weekdayOf } from '../../../services/domain/workCalendar.ts'
import { call, queryClient } from '../../kit/api/session.ts'
import { Field, FormDialog } from '../../kit/form/FormDialog.tsx'
import { minuteText, spanOf } from '../../kit/format/minutes.ts'
import { UnitChoice } from '../../parts/organisation/UnitChoice.tsx'
import { useText } from './texts.ts'

const changed = () =>
  Promise.all([queryClient.invalidateQueries({ queryKey: ['calendar'] }), queryClient.invalidateQueries({ queryKey: ['driver'] })])

type DayProps = { calendar: YearCalendar; day: string; organisationId: number; wholeRegion: boolean; onClose: () => void }

export function DayDialog({ calendar, day, organisationId: initial, wholeRegion, onClose }: DayProps) {
  const { t } = useText()
  const [target, setTarget] = useState<'region' | 'unit'>(wholeRegion ? 'region' : 'unit')
  const [unitId, setUnitId] = useState<number | undefined>(initial)
  const organisationId = target === 'region' ? null : unitId
  // A unit that the page does not show may have a row that is not at hand; then the server says that it changed.
  const row = calendar.days.find((each) => each.day === day && (each.organisation?.organisationId ?? null) === (organisationId ?? null))
  const [kind, setKind] = useState<CalendarDayKind | 'week'>(row?.kind ?? 'week')
  const [name, setName] = useState(row?.name ?? '')
  const kinds = calendarDayKinds.filter((each) => each !== 'makeup' || weekdayOf(day) >= 5)
  async function save() {
    await call('setCalendarDay', {
      params: { day },
      body: { organisationId: organisationId ?? null, kind: kind === 'week' ? null : kind, name, version: row?.version ?? null },
    })
    await changed()
  }
  const ready = (kind === 'week' ? row !== undefined : name.trim() !== '') && organisationId !== undefined
  return (
    <FormDialog title={t('calendar.day', { day })} ready={ready} onSubmit={save} onClose={onClose}>
      {wholeRegion && (
        <Radio.Group
          className="form-whole"
          aria-label={t('calendar.setFor')}
          value={target}
          options={[
            { value: 'region', label: t('calendar.wholeRegion') },
            { value: 'unit', label: t('kit.unit') },
          ]}
          onChange={(event) => setTarget(event.target.value as 'region')}
        />
      )}
      {target === 'unit' && (
        <Field label={t('calendar.setFor')} whole>
          <UnitChoice label={t('calendar.setFor')} value={unitId} onChange={setUnitId} required />
        </Field>
      )}
      <Field label={t('calendar.kind')}>
        <Select
          aria-label={t('calendar.kind')}
          value={kind}
          options={[
            { value: 'week' as const, label: t('calendar.asWeek') },
            ...kinds.map((value) => ({ value, label: t(`calendar.${value}`) })),
          ]}
          onChange={setKind}
        />
      </Field>
      <Field label={t('calendar.name')}>
        <Input value={name} maxLength={40} disabled={kind === 'week'} onChange={(event) => setName(event.target.value)} />
      </Field>
    </FormDialog>
  )
}

export function AnnounceDialog({ year, onClose }: { year: number; onClose: () => void }) {
  const { t } = useText()
  const [source, setSource] = useState(`国务院办公厅关于${year}年部分节假日安排的通知`)
  async function save() {
    await call('announceYear', { body: { year, source } })
    await changed()
  }
  return (
    <FormDialog
      title={t('calendar.announce')}
      submitText={t('calendar.announce')}
      ready={source.trim().length >= 4}
      onSubmit={save}
      onClose={onClose}
    >
      <Field label={t('calendar.source')} whole>
        <Input value={source} maxLength={200} onChange={(event) => setSource(event.target.value)} />
      </Field>
    </FormDialog>
  )
}

export function HoursDialog({
  calendar,
  organisationId: initial,
  onClose,
}: {
  calendar: YearCalendar
  organisationId: number
  onClose: () => void
}) {
  const { t } = useText()
  const [organisationId, setOrganisationId] = useState<number | undefined>(initial)
  const [effectiveFrom, setEffectiveFrom] = useState(dayAt(Date.now()))
  const [start, setStart] = useState(minuteText(calendar.hours.at(-1)?.startMinute ?? 510))
  const [end, setEnd] = useState(minuteText(calendar.hours.at(-1)?.endMinute ?? 1050))
  const span = spanOf(start, end)
  const row = calendar.hours.find((each) => each.organisation?.organisationId === organisationId && each.effectiveFrom === effectiveFrom)
  async function save() {
    await call('setWorkingHours', { body: { organisationId: organisationId!, effectiveFrom, ...span!, version: row?.version ?? null } })
    await changed()
  }
  const ready = organisationId !== undefined && effectiveFrom !== '' && span !== undefined && span.endMinute <= 1440
  return (
    <FormDialog title={t('calendar.hoursAdd')} ready={ready} onSubmit={save} onClose={onClose}>
      <Field label={t('calendar.setFor')} whole>
        <UnitChoice label={t('calendar.setFor')} value={organisationId} onChange={setOrganisationId} required />
      </Field>
      <Field label={t('duty.start')}>
        <Input type="time" value={start} onChange={(event) => setStart(event.target.value)} />
      </Field>
      <Field label={t('duty.end')}>
        <Input type="time" value={end} onChange={(event) => setEnd(event.target.value)} />
      </Field>
      <Field label={t('calendar.effectiveFrom')}>
        <Input type="date" value={effectiveFrom} onChange={(event) => setEffectiveFrom(event.target.value)} />
      </Field>
    </FormDialog>
  )
}
