// The security policy: the numbers in force as a form; setting them makes a new dated row and leaves the old ones.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, InputNumber, Select } from 'antd'
import { useState } from 'react'
import { roles } from '../../../services/domain/permissions.ts'
import { alwaysSecondFactorRoles, type SecurityLimits, securityLimitsSchema } from '../../../services/domain/securityPolicy.ts'
import { call } from '../../kit/api/session.ts'
import { ReasonDialog } from '../../kit/form/ReasonDialog.tsx'
import { formatInstant } from '../../kit/format/time.ts'
import { ErrorState } from '../../kit/State.tsx'
import { useUnsaved } from '../../kit/useUnsaved.ts'
import { useText } from './texts.ts'

const numbers = [
  'minLength',
  'classes',
  'history',
  'maxAgeDays',
  'warnDays',
  'lockAfterFailures',
  'lockMinutes',
  'idleMinutes',
  'absoluteHours',
  'tokenMaxDays',
  'auditKeepDays',
] as const satisfies readonly (keyof SecurityLimits)[]
const time = (instant: string) => formatInstant(Date.parse(instant)).slice(0, 16)

export function PolicyPart() {
  const { t } = useText()
  const cache = useQueryClient()
  const { data, error, refetch } = useQuery({
    queryKey: ['security-policy'],
    queryFn: ({ signal }) => call('getSecurityPolicy', { signal }),
  })
  const [edited, setEdited] = useState<Partial<SecurityLimits>>({})
  const [saving, setSaving] = useState(false)
  useUnsaved(Object.keys(edited).length > 0, t('kit.unsavedLeave'), saving)
  if (error && !data) return <ErrorState error={error} retry={() => void refetch()} />
  if (!data) return <div className="bone bone-card" aria-hidden="true" />
  const limits = { ...data.current.limits, ...edited }
  const changed = JSON.stringify(limits) !== JSON.stringify(data.current.limits)
  const basedOn = Math.max(...data.rows.map(({ policyId }) => policyId))
  return (
    <section className="card" aria-labelledby="policy-title">
      <div className="card-head">
        <h2 id="policy-title">{t('policy.title')}</h2>
        <span className="quiet">{t('policy.inForce', { time: time(data.current.effectiveFrom) })}</span>
        <Button type="primary" disabled={!changed || !securityLimitsSchema.safeParse(limits).success} onClick={() => setSaving(true)}>
          {t('policy.save')}
        </Button>
      </div>
      <div className="policy-fields">
        {numbers.map((key) => {
          const { minimum, maximum } = boundsOf(key)
          return (
            // biome-ignore lint/a11y/noLabelWithoutControl: the number is the control inside
            <label key={key}>
              {t(`policy.${key}`)}
              <InputNumber
                min={minimum}
                max={maximum}
                precision={0}
                value={limits[key]}
                onChange={(value) => value !== null && setEdited({ ...edited, [key]: value })}
              />
            </label>
          )
        })}
        {/* biome-ignore lint/a11y/noLabelWithoutControl: the select is the control inside */}
        <label className="policy-wide">
          {t('policy.secondFactorRoles')}
          <Select
            mode="multiple"
            aria-label={t('policy.secondFactorRoles')}
            value={limits.secondFactorRoles}
            options={roles.map((role) => ({ value: role, label: t(`role.${role}`), disabled: alwaysSecondFactorRoles.includes(role) }))}
            onChange={(secondFactorRoles) => setEdited({ ...edited, secondFactorRoles })}
          />
        </label>
      </div>
      <details>
        <summary>{t('policy.rows')}</summary>
        <ul className="identity-list">
          {data.rows.map((row) => (
            <li key={row.policyId}>
              <span>
                {t('policy.coming', { time: time(row.effectiveFrom) })} <span className="quiet">{row.reason}</span>
              </span>
              <span className="quiet">{row.setBy ?? '—'}</span>
              {row.policyId === data.current.policyId && <span className="account-badge account-active">{t('grant.current')}</span>}
            </li>
          ))}
        </ul>
      </details>
      {saving && (
        <ReasonDialog
          title={t('policy.save')}
          onClose={() => setSaving(false)}
          onSubmit={async (reason) => {
            await call('setSecurityPolicy', { body: { basedOn, limits, reason } })
            setEdited({})
            setSaving(false)
            await cache.invalidateQueries({ queryKey: ['security-policy'] })
          }}
        />
      )}
    </section>
  )
}

function boundsOf(key: (typeof numbers)[number]): { minimum: number; maximum: number } {
  const { minValue, maxValue } = securityLimitsSchema.shape[key]
  return { minimum: minValue ?? 0, maximum: maxValue ?? 9_999 }
}
