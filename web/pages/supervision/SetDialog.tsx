// Values for a rule from a day on, tried on the days before they are set: how many findings, how many of them new, which.
import { Button, Checkbox, Input, Select } from 'antd'
import { useEffect, useRef, useState } from 'react'
import type { AnswerOf } from '../../../services/contracts/api.ts'
import { addDays, dayAt } from '../../../services/domain/days.ts'
import { type VehicleClass, vehicleClasses } from '../../../services/domain/vehicle.ts'
import { errorText } from '../../kit/api/errorText.ts'
import { call, queryClient, useAccount } from '../../kit/api/session.ts'
import { Field } from '../../kit/form/FormDialog.tsx'
import { ReasonDialog } from '../../kit/form/ReasonDialog.tsx'
import { Plate } from '../../parts/marks/Plate.tsx'
import { UnitChoice } from '../../parts/organisation/UnitChoice.tsx'
import { minuteOf } from '../../parts/trip/when.ts'
import type { RuleRow } from './say.ts'
import { useText } from './texts.ts'
import { ValueField } from './ValueField.tsx'

const TRIAL_DAYS = 30
const ALL = 'all'
type Values = Record<string, unknown>

export function SetDialog({ rule, onClose }: { rule: RuleRow; onClose: () => void }) {
  const { t } = useText()
  const account = useAccount()
  const [values, setValues] = useState<Values>(rule.defaults)
  const [unit, setUnit] = useState<number | undefined>(account?.organisation.organisationId)
  const [day, setDay] = useState(addDays(dayAt(Date.now()), 1))
  const [enabled, setEnabled] = useState(true)
  const [of, setOf] = useState<VehicleClass | null>(null)
  return (
    <ReasonDialog
      title={`${t('ruleSet.set')} · ${t(`rule.${rule.rule}`)}`}
      submitText={t('ruleSet.set')}
      width={640}
      ready={unit !== undefined && day !== ''}
      onSubmit={async (reason) => {
        await call('setRuleParams', {
          params: { rule: rule.rule },
          body: { organisationId: unit!, effectiveFrom: day, enabled, class: of, values, reason },
        })
        await queryClient.invalidateQueries({ queryKey: ['supervision', 'rules'] })
      }}
      onClose={onClose}
    >
      <Field label={t('ruleSet.unit')} whole>
        <UnitChoice label={t('ruleSet.unit')} value={unit} required onChange={setUnit} />
      </Field>
      <Field label={t('ruleSet.class')}>
        <Select
          value={of ?? ALL}
          options={[
            { value: ALL, label: t('ruleSet.allClasses') },
            ...vehicleClasses.map((value) => ({ value, label: t(`class.${value}`) })),
          ]}
          onChange={(next: VehicleClass | typeof ALL) => {
            setOf(next === ALL ? null : next)
            // What its own values are differs by class.
            setValues(next === 'law_enforcement' ? rule.lawEnforcement : rule.defaults)
          }}
        />
      </Field>
      <Field label={t('ruleSet.effectiveFrom')}>
        <Input type="date" min={addDays(dayAt(Date.now()), 1)} value={day} onChange={({ target }) => setDay(target.value)} />
      </Field>
      <Field label={t('ruleSet.enabled')}>
        <Checkbox checked={enabled} onChange={({ target }) => setEnabled(target.checked)} />
      </Field>
      {Object.entries(values).map(([name, value]) => (
        <ValueField key={`${of} ${name}`} name={name} value={value} onChange={(next) => setValues({ ...values, [name]: next })} />
      ))}
      {unit !== undefined && <Trial rule={rule} of={of} values={values} organisationId={unit} />}
    </ReasonDialog>
  )
}

type Tried = AnswerOf<'tryRule'>

type TrialProps = { rule: RuleRow; of: VehicleClass | null; values: Values; organisationId: number }
function Trial({ rule, of, values, organisationId }: TrialProps) {
  const { t, locale } = useText()
  const [tried, setTried] = useState<(Tried & { done: boolean }) | null>(null)
  const [error, setError] = useState<unknown>(null)
  const run = useRef(0)
  // A region is some minutes; nobody reads on when the dialog is closed.
  useEffect(() => () => void run.current++, [])
  async function go() {
    const own = ++run.current
    setError(null)
    let sum: Tried | null = null
    try {
      for (let after: number | null = 0; after !== null; after = sum!.next) {
        const body = { organisationId, class: of, values, days: TRIAL_DAYS, after }
        const part: Tried = await call('tryRule', { params: { rule: rule.rule }, body })
        if (own !== run.current) return
        sum = sum ? addUp(sum, part) : part
        setTried({ ...sum, done: part.next === null })
      }
    } catch (failure) {
      if (own === run.current) setError(failure)
    }
  }
  return (
    <div className="form-whole rule-trial">
      <Button onClick={() => void go()}>{t('ruleSet.try', { n: TRIAL_DAYS })}</Button>
      <div aria-live="polite">
        {error !== null && <p className="stale">{errorText(error, t, locale)}</p>}
        {tried && !tried.done && <p className="quiet">{t('ruleSet.trying', { judged: tried.judged, vehicles: tried.vehicles })}</p>}
        {tried && (
          <p>
            {t(tried.done ? 'ruleSet.tried' : 'ruleSet.soFar', {
              days: TRIAL_DAYS,
              found: tried.found,
              fresh: tried.fresh,
              gone: tried.gone,
            })}
          </p>
        )}
      </div>
      {tried && tried.rows.length > 0 && (
        <ul className="rows rule-tried">
          {tried.rows.slice(0, 50).map((row) => (
            <li key={`${row.vehicleId} ${row.from}`}>
              <Plate plate={row.plate} colour={row.plateColour} />
              <span className="figure">{minuteOf(row.from)}</span>
              {row.fresh && <strong>{t('ruleSet.fresh')}</strong>}
            </li>
          ))}
        </ul>
      )}
      {tried?.unjudged.map(({ why, count }) => (
        <p key={why} className="quiet">
          {t('ruleSet.unjudged', { why: t(`unjudged.${why}`), n: count })}
        </p>
      ))}
    </div>
  )
}

/** What several answers say together; how many vehicles there are the first of them says. */
function addUp(sum: Tried, part: Tried): Tried {
  const unjudged = new Map(sum.unjudged.map(({ why, count }) => [why, count]))
  for (const { why, count } of part.unjudged) unjudged.set(why, (unjudged.get(why) ?? 0) + count)
  return {
    vehicles: sum.vehicles,
    next: part.next,
    judged: sum.judged + part.judged,
    found: sum.found + part.found,
    fresh: sum.fresh + part.fresh,
    gone: sum.gone + part.gone,
    unjudged: [...unjudged].map(([why, count]) => ({ why, count })),
    rows: [...sum.rows, ...part.rows].slice(0, 200),
  }
}
