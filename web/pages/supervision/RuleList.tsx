// The rules: what each suspects, by which values, from which day on and for whom; set for a day to come, and tried on the days before.
import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import type { ParamsRow } from '../../../services/contracts/api/supervision.ts'
import { call, may, useAccount } from '../../kit/api/session.ts'
import { ErrorState } from '../../kit/State.tsx'
import { SetDialog } from './SetDialog.tsx'
import type { RuleRow } from './say.ts'
import { useText } from './texts.ts'
import { Values } from './Values.tsx'

export function RuleList({ switcher }: { switcher: React.ReactNode }) {
  const { t } = useText()
  const account = useAccount()
  const [setting, setSetting] = useState<RuleRow | null>(null)
  const { data, error, refetch } = useQuery({ queryKey: ['supervision', 'rules'], queryFn: ({ signal }) => call('listRules', { signal }) })
  return (
    <div className="rules-page">
      <h1 className="rules-head">{t('page.supervision')}</h1>
      {switcher}
      {error && !data && <ErrorState error={error} retry={() => void refetch()} />}
      <ul className="rule-rows">
        {data?.rules.map((rule) => (
          <Rule
            key={rule.rule}
            rule={rule}
            rows={data.rows.filter((row) => row.rule === rule.rule)}
            onSet={may(account, 'rule.manage') ? () => setSetting(rule) : undefined}
          />
        ))}
      </ul>
      {setting && <SetDialog rule={setting} onClose={() => setSetting(null)} />}
    </div>
  )
}

function Rule({ rule, rows, onSet }: { rule: RuleRow; rows: readonly ParamsRow[]; onSet: (() => void) | undefined }) {
  const { t } = useText()
  return (
    <li className="rule-row">
      <header>
        <h2>
          <span className="figure quiet">{rule.rule}</span> {t(`rule.${rule.rule}`)}
        </h2>
        <span className="quiet">{t(`supervisionSeverity.${rule.severity}`)}</span>
        {onSet && <Button onClick={onSet}>{t('ruleSet.set')}</Button>}
      </header>
      <p>{t(`ruleSays.${rule.rule}`)}</p>
      {rows.map((row) => (
        <section key={row.paramsId}>
          <p className="quiet">
            {row.organisation.name}
            {row.class && ` · ${t(`class.${row.class}`)}`} {t('ruleSet.from', { day: row.effectiveFrom })} ·{' '}
            {t('ruleSet.by', { who: row.setBy })} · {row.note}
            {!row.enabled && ` · ${t('ruleSet.off')}`}
          </p>
          <Values values={row.values} />
        </section>
      ))}
      <section>
        <p className="quiet">{t('ruleSet.default')}</p>
        <Values values={rule.defaults} />
      </section>
      {JSON.stringify(rule.lawEnforcement) !== JSON.stringify(rule.defaults) && (
        <section>
          <p className="quiet">{t('ruleSet.lawEnforcement')}</p>
          <Values values={changedIn(rule.lawEnforcement, rule.defaults)} />
        </section>
      )}
    </li>
  )
}

const changedIn = (values: Record<string, unknown>, than: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(values).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(than[name])))
