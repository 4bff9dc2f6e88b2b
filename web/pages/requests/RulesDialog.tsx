// 审批规则: which requests ask a bureau beside the unit, dated and for an organisation with everything below it.
import { useQuery } from '@tanstack/react-query'
import { Button, Input, InputNumber, Modal, Select } from 'antd'
import { useState } from 'react'
import type { ApprovalRulesRow } from '../../../services/contracts/api/approvals.ts'
import { type ApprovalRule, approvalGrounds } from '../../../services/domain/approvals.ts'
import { dayAt } from '../../../services/domain/days.ts'
import { call, may, queryClient, useAccount } from '../../kit/api/session.ts'
import { Field } from '../../kit/form/FormDialog.tsx'
import { ReasonDialog } from '../../kit/form/ReasonDialog.tsx'
import { minuteText } from '../../kit/format/minutes.ts'
import { ErrorState } from '../../kit/State.tsx'
import { type OrganisationTree, useOrganisations } from '../../parts/organisation/organisations.ts'
import { UnitChoice } from '../../parts/organisation/UnitChoice.tsx'
import { rulesInForce } from './rulesInForce.ts'
import { type TextKey, useText } from './texts.ts'

type When = ApprovalRule['when']
type Level = ApprovalRule['level']

/** What a rule begins with. */
const fresh = (when: When, level: Level): ApprovalRule => {
  if (when === 'distance') return { when, km: 300, level }
  if (when === 'night') return { when, fromMinute: 22 * 60, untilMinute: 6 * 60, level }
  if (when === 'class') return { when, least: 'medium', level }
  return { when, level }
}

export function RulesDialog({ onClose }: { onClose: () => void }) {
  const { t } = useText()
  const account = useAccount()
  const [setting, setSetting] = useState(false)
  const { data, error, refetch } = useQuery({
    queryKey: ['approval-rules'],
    queryFn: ({ signal }) => call('listApprovalRules', { signal }),
  })
  const tree = useOrganisations()
  if (setting && data && tree) return <SetDialog rows={data.rows} tree={tree} onClose={() => setSetting(false)} />
  return (
    <Modal
      open
      width={680}
      title={t('rules.title')}
      footer={
        may(account, 'ledger.approve') && (
          <Button type="primary" disabled={!data || !tree} onClick={() => setSetting(true)}>
            {t('rules.set')}
          </Button>
        )
      }
      onCancel={onClose}
    >
      <p className="quiet">{t('rules.text')}</p>
      {error && !data ? <ErrorState error={error} retry={() => void refetch()} /> : null}
      {!data && !error && <div className="bone" aria-busy="true" />}
      <ul className="rows">
        {data?.rows.map((row) => (
          <li key={`${row.organisation?.organisationId} ${row.effectiveFrom}`}>
            <div>
              <strong>{row.organisation?.name ?? t('rules.region')}</strong>{' '}
              <span className="quiet figure">{t('rules.from', { day: row.effectiveFrom })}</span>
              {row.rules.rules.length === 0 && <p>{t('rules.unitAlone')}</p>}
              {row.rules.rules.map((rule) => (
                <p key={JSON.stringify(rule)}>
                  <RuleText rule={rule} />
                </p>
              ))}
              <p className="quiet">
                {t('rules.limits', { remind: row.rules.remindAfterH, up: row.rules.escalateAfterH, both: row.rules.bothForH })}
              </p>
            </div>
          </li>
        ))}
      </ul>
    </Modal>
  )
}

function RuleText({ rule }: { rule: ApprovalRule }) {
  const { t } = useText()
  const more =
    rule.when === 'distance'
      ? t('rules.km', { km: rule.km })
      : rule.when === 'night'
        ? `${minuteText(rule.fromMinute)}–${minuteText(rule.untilMinute)}`
        : rule.when === 'class'
          ? t('rules.least', { size: t(`sizeClass.${rule.least}`) })
          : ''
  return (
    <>
      {t(`approvalGround.${rule.when}`)} {more} → {t(`approvalLevel.${rule.level}`)}
    </>
  )
}

/** Begins with what holds for the organisation now, whoever set it: what is left out of it holds no more. */
function SetDialog({ rows, tree, onClose }: { rows: readonly ApprovalRulesRow[]; tree: OrganisationTree; onClose: () => void }) {
  const { t } = useText()
  const account = useAccount()
  const today = dayAt(Date.now())
  const [organisationId, setOrganisationId] = useState<number | undefined>(account.organisation.organisationId)
  const [effectiveFrom, setEffectiveFrom] = useState(today)
  const holdsFor = (id: number | undefined) => {
    const path = id === undefined ? [] : tree.pathTo(id).map((each) => each.organisationId)
    return rulesInForce(rows, path, (each) => tree.byId.has(each), today)
  }
  const inForce = holdsFor(organisationId)
  const [rules, setRules] = useState<readonly ApprovalRule[]>(inForce?.rules.rules ?? [])
  const [remindAfterH, setRemind] = useState(inForce?.rules.remindAfterH ?? 4)
  const [escalateAfterH, setEscalate] = useState(inForce?.rules.escalateAfterH ?? 24)
  const [bothForH, setBoth] = useState(inForce?.rules.bothForH ?? 24)
  function choose(id: number | undefined) {
    setOrganisationId(id)
    const held = holdsFor(id)?.rules
    if (!held) return
    setRules(held.rules)
    setRemind(held.remindAfterH)
    setEscalate(held.escalateAfterH)
    setBoth(held.bothForH)
  }
  const put = (n: number, rule: ApprovalRule) => setRules(rules.map((each, k) => (k === n ? rule : each)))
  const hours = (label: TextKey, value: number, set: (value: number) => void, least = 1) => (
    <Field label={t(label)}>
      <InputNumber min={least} max={720} precision={0} value={value} onChange={(next) => set(next ?? least)} />
    </Field>
  )
  return (
    <ReasonDialog
      title={t('rules.set')}
      text={t('rules.setText')}
      width={680}
      ready={organisationId !== undefined && effectiveFrom !== '' && remindAfterH < escalateAfterH}
      onClose={onClose}
      onSubmit={async (reason) => {
        const body = {
          organisationId: organisationId!,
          effectiveFrom,
          rules: { rules: [...rules], remindAfterH, escalateAfterH, bothForH },
          reason,
        }
        await call('setApprovalRules', { body })
        await queryClient.invalidateQueries({ queryKey: ['approval-rules'] })
      }}
    >
      <Field name="organisationId" label={t('rules.unit')}>
        <UnitChoice label={t('rules.unit')} value={organisationId} onChange={choose} required />
      </Field>
      <Field name="effectiveFrom" label={t('field.effectiveFrom')}>
        <Input type="date" min={today} value={effectiveFrom} onChange={({ target }) => setEffectiveFrom(target.value)} />
      </Field>
      {inForce && (
        <p className="quiet form-whole">
          {t('rules.begins', { of: inForce.organisation?.name ?? t('rules.region'), day: inForce.effectiveFrom })}
        </p>
      )}
      {rules.length === 0 && <p className="form-whole">{t('rules.unitAlone')}</p>}
      <ul className="rules form-whole" aria-label={t('rules.title')}>
        {rules.map((rule, n) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two rules may be alike, and none has a name
          <li key={n}>
            <Select
              aria-label={t('field.when')}
              value={rule.when}
              options={approvalGrounds
                .filter((ground) => ground !== 'always')
                .map((value) => ({ value, label: t(`approvalGround.${value}`) }))}
              onChange={(when: When) => put(n, fresh(when, rule.level))}
            />
            <Detail rule={rule} onChange={(next) => put(n, next)} />
            <Select
              aria-label={t('field.level')}
              value={rule.level}
              options={(['league', 'region'] as const).map((value) => ({ value, label: t(`approvalLevel.${value}`) }))}
              onChange={(level: Level) => put(n, { ...rule, level })}
            />
            <Button aria-label={t('rules.remove', { n: n + 1 })} onClick={() => setRules(rules.filter((_, k) => k !== n))}>
              {t('rules.removeShort')}
            </Button>
          </li>
        ))}
        <li>
          <Button onClick={() => setRules([...rules, fresh('distance', 'league')])}>{t('rules.add')}</Button>
        </li>
      </ul>
      {hours('field.remindAfterH', remindAfterH, setRemind)}
      {hours('field.escalateAfterH', escalateAfterH, setEscalate)}
      {hours('field.bothForH', bothForH, setBoth, 0)}
    </ReasonDialog>
  )
}

function Detail({ rule, onChange }: { rule: ApprovalRule; onChange: (rule: ApprovalRule) => void }) {
  const { t } = useText()
  if (rule.when === 'distance')
    return (
      <InputNumber
        aria-label={t('field.km')}
        min={1}
        max={5000}
        precision={0}
        suffix={t('rules.kmUnit')}
        value={rule.km}
        onChange={(km) => onChange({ ...rule, km: km ?? 1 })}
      />
    )
  if (rule.when === 'class')
    return (
      <Select
        aria-label={t('field.least')}
        value={rule.least}
        options={(['medium', 'large'] as const).map((value) => ({ value, label: t('rules.least', { size: t(`sizeClass.${value}`) }) }))}
        onChange={(least: 'medium' | 'large') => onChange({ ...rule, least })}
      />
    )
  if (rule.when === 'night') {
    const minute = (field: 'fromMinute' | 'untilMinute') => (
      <Input
        type="time"
        aria-label={t(`field.${field}`)}
        value={minuteText(rule[field])}
        onChange={({ target }) => {
          const [hour, minutes] = target.value.split(':').map(Number)
          if (hour !== undefined && minutes !== undefined) onChange({ ...rule, [field]: hour * 60 + minutes })
        }}
      />
    )
    return (
      <span className="rules-night">
        {minute('fromMinute')}–{minute('untilMinute')}
      </span>
    )
  }
  return <span />
}
