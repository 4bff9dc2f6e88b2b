// A month is drafted; and the rules of what may be public, with a new one by whoever may set it.
import { useQuery } from '@tanstack/react-query'
import { Checkbox, Input } from 'antd'
import { useState } from 'react'
import { publicationItems, publicClasses, publicPurposes } from '../../../services/domain/publication.ts'
import { call, queryClient, useAccount } from '../../kit/api/session.ts'
import { Field, FormDialog } from '../../kit/form/FormDialog.tsx'
import { ReasonDialog } from '../../kit/form/ReasonDialog.tsx'
import { UnitChoice } from '../../parts/organisation/UnitChoice.tsx'
import { useText } from './texts.ts'

export function DraftDialog({ onClose }: { onClose: () => void }) {
  const { t } = useText()
  const account = useAccount()
  const [organisationId, setOrganisation] = useState<number | undefined>(account?.organisation.organisationId)
  const [month, setMonth] = useState('')
  return (
    <FormDialog
      title={t('publications.draft')}
      submitText={t('publications.draft')}
      ready={/^\d{4}-\d{2}$/.test(month) && organisationId !== undefined}
      onSubmit={async () => {
        await call('draftPublication', { body: { organisationId: organisationId!, month } })
        await queryClient.invalidateQueries({ queryKey: ['publications'] })
      }}
      onClose={onClose}
    >
      <Field label={t('publications.organisation')} whole>
        <UnitChoice required label={t('publications.organisation')} value={organisationId} onChange={setOrganisation} />
      </Field>
      <Field label={t('publications.month')} whole>
        <Input
          value={month}
          maxLength={7}
          placeholder={t('publications.monthHint')}
          onChange={(event) => setMonth(event.target.value.trim())}
        />
      </Field>
    </FormDialog>
  )
}

export function RuleDialog({ sets, onClose }: { sets: boolean; onClose: () => void }) {
  const { t } = useText()
  const account = useAccount()
  const [organisationId, setOrganisation] = useState<number | undefined>(account?.organisation.organisationId)
  const [effectiveFrom, setFrom] = useState('')
  const [items, setItems] = useState([...publicationItems])
  const [classes, setClasses] = useState([...publicClasses])
  const [purposes, setPurposes] = useState([...publicPurposes])
  const { data } = useQuery({ queryKey: ['publications', 'rules'], queryFn: ({ signal }) => call('listPublicationRules', { signal }) })
  const list = (
    <>
      <p className="quiet form-whole">{t('publications.never')}</p>
      {data?.rows.length === 0 && <p className="form-whole">{t('publications.rulesNone')}</p>}
      <ul className="rows form-whole">
        {data?.rows.map((rule) => (
          <li key={rule.ruleId}>
            <span>
              {rule.organisation} <span className="figure">{rule.effectiveFrom}</span>
              <br />
              <span className="quiet">{rule.items.map((item) => t(`publicationItem.${item}`)).join(t('search.comma'))}</span>
            </span>
          </li>
        ))}
      </ul>
    </>
  )
  if (!sets)
    return (
      <FormDialog title={t('publications.rules')} submitText={t('action.close')} ready onSubmit={async () => {}} onClose={onClose}>
        {list}
      </FormDialog>
    )
  return (
    <ReasonDialog
      title={t('publications.rules')}
      submitText={t('publications.rule')}
      ready={/^\d{4}-\d{2}-\d{2}$/.test(effectiveFrom) && items.length > 0 && organisationId !== undefined}
      onSubmit={async (reason) => {
        const chosen = { items, classes, purposes: purposes as 'meeting'[] }
        await call('setPublicationRule', { body: { organisationId: organisationId!, effectiveFrom, ...chosen, reason } })
        await queryClient.invalidateQueries({ queryKey: ['publications'] })
      }}
      onClose={onClose}
    >
      {list}
      <Field label={t('publications.organisation')} whole>
        <UnitChoice required label={t('publications.organisation')} value={organisationId} onChange={setOrganisation} />
      </Field>
      <Field label={t('publications.from')} whole>
        <Input type="date" value={effectiveFrom} onChange={(event) => setFrom(event.target.value)} />
      </Field>
      <Field label={t('publications.items')} whole>
        <Checkbox.Group
          value={items}
          onChange={setItems}
          options={publicationItems.map((value) => ({ value, label: t(`publicationItem.${value}`) }))}
        />
      </Field>
      <Field label={t('publications.classes')} whole>
        <Checkbox.Group
          value={classes}
          onChange={setClasses}
          options={publicClasses.map((value) => ({ value, label: t(`class.${value}`) }))}
        />
      </Field>
      <Field label={t('publications.purposes')} whole>
        <Checkbox.Group
          value={purposes}
          onChange={setPurposes}
          options={publicPurposes.map((value) => ({ value, label: t(`tripPurpose.${value}`) }))}
        />
      </Field>
    </ReasonDialog>
  )
}
