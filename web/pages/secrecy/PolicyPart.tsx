// What those see who are not named, and for how long one may look, by organisation and day: rows are added, the nearest above a vehicle holds.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, DatePicker, InputNumber, Select } from 'antd'
import { useState } from 'react'
import { MAX_UNMASKING_HOURS, type SecretSight, sights } from '../../../services/domain/secrecy.ts'
import { call } from '../../kit/api/session.ts'
import { ReasonDialog } from '../../kit/form/ReasonDialog.tsx'
import { formatInstant } from '../../kit/format/time.ts'
import { ErrorState } from '../../kit/State.tsx'
import { UnitField } from '../../parts/account/fields.tsx'
import { useText } from './texts.ts'

export function PolicyPart() {
  const { t } = useText()
  const queries = useQueryClient()
  const [setting, setSetting] = useState(false)
  const { data, error, refetch } = useQuery({
    queryKey: ['secrecy-policies'],
    queryFn: ({ signal }) => call('listSecrecyPolicies', { signal }),
  })
  return (
    <section className="secrecy-part">
      <header className="secrecy-head">
        <p className="quiet">{t('secrecy.policyText')}</p>
        <Button onClick={() => setSetting(true)}>{t('secrecy.setPolicy')}</Button>
      </header>
      {error && !data ? <ErrorState error={error} retry={() => void refetch()} /> : null}
      {!data && !error && <div className="bone" />}
      <ul className="secrecy-list">
        {data?.rows.map((row) => (
          <li key={`${row.organisation?.organisationId} ${row.effectiveFrom}`}>
            <div className="secrecy-row">
              <strong>{row.organisation?.name ?? t('secrecy.region')}</strong>
              <span>{t(`sight.${row.sight}`)}</span>
            </div>
            <p className="quiet figure">{t('secrecy.policyRow', { from: row.effectiveFrom, hours: row.maxHours })}</p>
          </li>
        ))}
      </ul>
      {setting && (
        <PolicyDialog
          onClose={() => setSetting(false)}
          onSet={() => {
            setSetting(false)
            void queries.invalidateQueries({ queryKey: ['secrecy-policies'] })
          }}
        />
      )}
    </section>
  )
}

function PolicyDialog({ onClose, onSet }: { onClose: () => void; onSet: () => void }) {
  const { t } = useText()
  const [organisationId, setOrganisationId] = useState<number>()
  const [sight, setSight] = useState<SecretSight>('hidden')
  const [maxHours, setMaxHours] = useState(72)
  const [from, setFrom] = useState(formatInstant(Date.now()).slice(0, 10))
  return (
    <ReasonDialog
      title={t('secrecy.setPolicy')}
      ready={organisationId !== undefined}
      onClose={onClose}
      onSubmit={async (reason) => {
        await call('setSecrecyPolicy', { body: { organisationId: organisationId!, effectiveFrom: from, sight, maxHours, reason } })
        onSet()
      }}
    >
      <UnitField label={t('secrecy.unit')} value={organisationId} onChange={setOrganisationId} />
      {/* biome-ignore lint/a11y/noLabelWithoutControl: the select is the control inside */}
      <label>
        {t('secrecy.sight')}
        <Select
          aria-label={t('secrecy.sight')}
          value={sight}
          options={sights.map((each) => ({ value: each, label: t(`sight.${each}`) }))}
          onChange={setSight}
        />
      </label>
      {/* biome-ignore lint/a11y/noLabelWithoutControl: the input is the control inside */}
      <label>
        {t('secrecy.hours', { max: MAX_UNMASKING_HOURS })}
        <InputNumber min={1} max={MAX_UNMASKING_HOURS} precision={0} value={maxHours} onChange={(value) => setMaxHours(value ?? 1)} />
      </label>
      {/* biome-ignore lint/a11y/noLabelWithoutControl: the picker is the control inside */}
      <label>
        {t('secrecy.from')}
        <DatePicker placeholder={from} onChange={(value) => value && setFrom(value.format('YYYY-MM-DD'))} />
      </label>
    </ReasonDialog>
  )
}
