// 代审批: who decides while an approver is away, named and ended by himself.
import { useQuery } from '@tanstack/react-query'
import { Button, Input, Select } from 'antd'
import { useState } from 'react'
import type { Deputyship } from '../../../services/contracts/api/approvals.ts'
import { addDays, dayAt } from '../../../services/domain/days.ts'
import { errorText } from '../../kit/api/errorText.ts'
import { call, queryClient } from '../../kit/api/session.ts'
import { Field, FormDialog } from '../../kit/form/FormDialog.tsx'
import { useText } from './texts.ts'

const changed = () => Promise.all([['deputies'], ['requests']].map((queryKey) => queryClient.invalidateQueries({ queryKey })))

export function DeputyDialog({ onClose }: { onClose: () => void }) {
  const { t } = useText()
  const today = dayAt(Date.now())
  const [deputyId, setDeputyId] = useState<number>()
  const [fromDay, setFromDay] = useState(today)
  const [untilDay, setUntilDay] = useState(addDays(today, 6))
  const { data: fit } = useQuery({
    queryKey: ['deputies', 'fit'],
    queryFn: ({ signal }) => call('listFitDeputies', { query: { most: 50 }, signal }),
  })
  async function save() {
    await call('nameDeputy', { body: { deputyId: deputyId!, fromDay, untilDay } })
    await changed()
  }
  return (
    <FormDialog
      title={t('deputies.title')}
      submitText={t('deputies.name')}
      width={560}
      ready={deputyId !== undefined && fromDay !== '' && untilDay !== ''}
      onSubmit={save}
      onClose={onClose}
    >
      <p className="quiet form-whole">{t('deputies.text')}</p>
      <Deputies />
      <Field name="deputyId" label={t('deputies.deputy')} whole required>
        <Select
          aria-label={t('deputies.deputy')}
          showSearch={{ optionFilterProp: 'label' }}
          loading={!fit}
          notFoundContent={t('deputies.nobody')}
          value={deputyId}
          options={fit?.rows.map(({ accountId, name, unit }) => ({ value: accountId, label: `${name} · ${unit}` }))}
          onChange={setDeputyId}
        />
      </Field>
      <Field name="fromDay" label={t('field.fromDay')} required>
        <Input type="date" value={fromDay} min={today} onChange={({ target }) => setFromDay(target.value)} />
      </Field>
      <Field name="untilDay" label={t('field.untilDay')} required>
        <Input type="date" value={untilDay} min={fromDay} onChange={({ target }) => setUntilDay(target.value)} />
      </Field>
    </FormDialog>
  )
}

/** Those that are not over: one's own can be ended. */
function Deputies() {
  const { t, locale } = useText()
  const [busy, setBusy] = useState(false)
  const [refused, setRefused] = useState<unknown>(null)
  const { data } = useQuery({ queryKey: ['deputies'], queryFn: ({ signal }) => call('listDeputies', { signal }) })
  const today = dayAt(Date.now())
  const rows = data?.rows.filter(({ endedAt, untilDay }) => endedAt === null && untilDay >= today) ?? []
  async function end({ deputyshipId, version }: Deputyship) {
    setBusy(true)
    setRefused(null)
    await call('endDeputy', { params: { deputyshipId }, body: { version } }).catch(setRefused)
    await changed()
    setBusy(false)
  }
  if (rows.length === 0) return null
  return (
    <ul className="rows form-whole">
      {rows.map((row) => (
        <li key={row.deputyshipId}>
          <span>
            {t(row.own ? 'deputies.own' : 'deputies.others', { name: row.own ? row.deputy.name : row.account.name })}
            <span className="quiet figure">
              {' '}
              {row.fromDay} – {row.untilDay}
            </span>
          </span>
          {row.own && (
            <Button size="small" disabled={busy} onClick={() => void end(row)}>
              {t('deputies.end')}
            </Button>
          )}
        </li>
      ))}
      {refused !== null && <li className="error-text">{errorText(refused, t, locale)}</li>}
    </ul>
  )
}
