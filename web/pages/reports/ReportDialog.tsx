// A report is set or changed: what of, when, in which form, to whom and how.
import { DeleteOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, Checkbox, Input, Select } from 'antd'
import { useState } from 'react'
import type { ReportPlan } from '../../../services/contracts/api/reports.ts'
import { type ReportListName, reportLists } from '../../../services/contracts/exchange.ts'
import { dayAt } from '../../../services/domain/days.ts'
import { rhythms } from '../../../services/domain/reports.ts'
import { call, queryClient, useAccount } from '../../kit/api/session.ts'
import { Field, FormDialog } from '../../kit/form/FormDialog.tsx'
import { useSettled } from '../../kit/useSettled.ts'
import { UnitChoice } from '../../parts/organisation/UnitChoice.tsx'
import { useText } from './texts.ts'

type Reader = { accountId: number; name: string; byApp: boolean; byMail: boolean; left?: boolean }
/** What a list is asked by where nobody has filtered it. */
const filterOf = (list: ReportListName): Record<string, string> =>
  list === 'statistics' ? { table: 'T1', period: dayAt(Date.now()).slice(0, 7), by: 'unit' } : {}
const clockOf = (minute: number): string => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
const FIRST_WAIT_MS = 300
const MONTH_END = 31

type Props = {
  plan: ReportPlan | undefined
  /** What was being looked at when it was asked for. */
  asked: { list: ReportListName; filter: Record<string, string> } | undefined
  onClose: () => void
}

export function ReportDialog({ plan, asked, onClose }: Props) {
  const { t, locale } = useText()
  const account = useAccount()
  const [list, setList] = useState<ReportListName>(plan?.list ?? asked?.list ?? 'ledger')
  const [filter, setFilter] = useState(plan?.filter ?? asked?.filter ?? filterOf('ledger'))
  const [name, setName] = useState(plan?.name ?? (asked ? t(`reports.list.${asked.list}`) : ''))
  const [format, setFormat] = useState(plan?.format ?? 'xlsx')
  const [every, setEvery] = useState(plan?.every ?? 'month')
  const [onDay, setOnDay] = useState(plan?.onDay ?? 1)
  const [at, setAt] = useState(clockOf(plan?.atMinute ?? 480))
  const [unit, setUnit] = useState<number | undefined>(plan?.organisation.organisationId ?? account.organisation.organisationId)
  const [readers, setReaders] = useState<Reader[]>(plan?.readers ?? [])
  const time = /^(\d{2}):(\d{2})$/.exec(at)
  const ready =
    name.trim() !== '' && time !== null && unit !== undefined && readers.length > 0 && readers.every((one) => one.byApp || one.byMail)
  async function save() {
    const fields = {
      ...{ name: name.trim(), list, filter, format, locale: plan?.locale ?? locale, every },
      onDay: every === 'day' ? 0 : onDay,
      atMinute: Number(time![1]) * 60 + Number(time![2]),
      readers: readers.map(({ accountId, byApp, byMail }) => ({ accountId, byApp, byMail })),
    }
    if (plan)
      await call('changeReport', {
        params: { reportId: plan.reportId },
        body: { ...fields, on: plan.nextAt !== null, version: plan.version },
      })
    else await call('makeReport', { body: { ...fields, organisationId: unit! } })
    await queryClient.invalidateQueries({ queryKey: ['reports'] })
  }
  const change = (accountId: number, part: Partial<Reader>) =>
    setReaders((old) => old.map((one) => (one.accountId === accountId ? { ...one, ...part } : one)))
  return (
    <FormDialog title={plan ? plan.name : t('reports.make')} ready={ready} onSubmit={save} onClose={onClose}>
      <Field name="name" label={t('reports.name')}>
        <Input value={name} maxLength={60} onChange={(event) => setName(event.target.value)} />
      </Field>
      <Field name="list" label={t('reports.list')}>
        <Select
          aria-label={t('reports.list')}
          value={list}
          onChange={(value) => {
            setList(value)
            setFilter(filterOf(value))
            setFormat(value === 'letters' ? 'pdf' : 'xlsx')
          }}
          options={reportLists.map((value) => ({ value, label: t(`reports.list.${value}`) }))}
        />
      </Field>
      <Field name="filter" label={t('reports.filter')} whole>
        <span>
          {Object.keys(filter).length === 0 ? (
            t('reports.filterNone')
          ) : (
            <code>
              {Object.entries(filter)
                .map(([key, value]) => `${key}=${value}`)
                .join(' ')}
            </code>
          )}
          <br />
          <span className="quiet">{t('reports.filterHint')}</span>
        </span>
      </Field>
      {!plan && (
        <Field name="organisationId" label={t('reports.unit')}>
          <UnitChoice label={t('reports.unit')} required value={unit} onChange={setUnit} />
        </Field>
      )}
      <Field name="format" label={t('reports.format')}>
        <Select
          aria-label={t('reports.format')}
          value={format}
          onChange={setFormat}
          options={
            list === 'letters'
              ? [{ value: 'pdf', label: 'PDF' }]
              : (['xlsx', 'csv'] as const).map((value) => ({ value, label: t(`exchange.export.${value}`) }))
          }
        />
      </Field>
      <Field name="every" label={t('reports.rhythm')}>
        <Select
          aria-label={t('reports.rhythm')}
          value={every}
          onChange={(value) => {
            setEvery(value)
            setOnDay(1)
          }}
          options={rhythms.map((value) => ({ value, label: t(`reportEvery.${value}`) }))}
        />
        <span className="quiet">{t(`reports.covers.${every}`)}</span>
      </Field>
      {every === 'week' && (
        <Field name="onDay" label={t('reports.weekday')}>
          <Select
            aria-label={t('reports.weekday')}
            value={onDay}
            onChange={setOnDay}
            options={([1, 2, 3, 4, 5, 6, 7] as const).map((value) => ({ value, label: t(`weekday.${(value - 1) as 0}`) }))}
          />
        </Field>
      )}
      {every === 'month' && (
        <Field name="onDay" label={t('reports.monthday')}>
          <Select
            aria-label={t('reports.monthday')}
            value={onDay}
            onChange={setOnDay}
            options={[...Array.from({ length: 28 }, (_, n) => n + 1), MONTH_END].map((value) => ({
              value,
              label: value === MONTH_END ? t('reports.monthEnd') : t('reports.dayOf', { n: value }),
            }))}
          />
        </Field>
      )}
      <Field name="atMinute" label={t('reports.at')}>
        <Input type="time" value={at} onChange={(event) => setAt(event.target.value)} />
      </Field>
      <Field name="readers" label={t('reports.readers')} whole>
        <ReaderChoice
          without={readers.map(({ accountId }) => accountId)}
          onChoose={(one) => setReaders((old) => [...old, { ...one, byApp: true, byMail: one.hasMail }])}
        />
        <ul className="rows">
          {readers.map((one) => (
            <li key={one.accountId}>
              <span>
                {one.name} {one.left && <span className="quiet">{t('reports.left')}</span>}
              </span>
              <span className="button-row">
                <Checkbox checked={one.byApp} onChange={({ target }) => change(one.accountId, { byApp: target.checked })}>
                  {t('reportChannel.app')}
                </Checkbox>
                <Checkbox checked={one.byMail} onChange={({ target }) => change(one.accountId, { byMail: target.checked })}>
                  {t('reportChannel.mail')}
                </Checkbox>
                <Button
                  type="text"
                  icon={<DeleteOutlined />}
                  aria-label={`${t('reports.remove')} ${one.name}`}
                  onClick={() => setReaders((old) => old.filter(({ accountId }) => accountId !== one.accountId))}
                />
              </span>
            </li>
          ))}
        </ul>
      </Field>
    </FormDialog>
  )
}

type Found = { accountId: number; name: string; unit: string; hasMail: boolean }
function ReaderChoice({ without, onChoose }: { without: number[]; onChoose: (one: Found) => void }) {
  const { t } = useText()
  const [typed, setTyped] = useState('')
  const q = useSettled(typed.trim(), FIRST_WAIT_MS)
  const { data } = useQuery({
    queryKey: ['report-readers', q],
    queryFn: ({ signal }) => call('listReportReaders', { query: { ...(q ? { q } : {}), limit: 20 }, signal }),
    placeholderData: (old) => old,
  })
  const rows = (data?.rows ?? []).filter(({ accountId }) => !without.includes(accountId))
  return (
    <Select
      showSearch={{ filterOption: false, onSearch: setTyped }}
      aria-label={t('reports.readers')}
      placeholder={t('reports.readersHint')}
      value={null}
      onChange={(accountId: number | null) => {
        const one = rows.find((row) => row.accountId === accountId)
        if (one) onChoose(one)
      }}
      options={rows.map(({ accountId, name, unit, hasMail }) => ({
        value: accountId,
        label: `${name} · ${unit}${hasMail ? '' : ` · ${t('reports.noMail')}`}`,
      }))}
    />
  )
}
