// 集中办公区 and motor pools: which there are, who shares them, and a new one.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Input, Modal } from 'antd'
import { useState } from 'react'
import { call, may, useAccount } from '../api/session.ts'
import { Field } from '../desk/FormDialog.tsx'
import { ReasonDialog } from '../desk/ReasonDialog.tsx'
import { UnitChoice } from '../desk/UnitChoice.tsx'
import { useText } from '../i18n/i18n.ts'

export const sharedQuery = {
  queryKey: ['shared'],
  queryFn: ({ signal }: { signal: AbortSignal }) => call('listSharedPlaces', { signal }),
}

export function SharedDialog({ onClose }: { onClose: () => void }) {
  const { t } = useText()
  const account = useAccount()
  const [adding, setAdding] = useState<'compound' | 'pool' | null>(null)
  const { data } = useQuery(sharedQuery)
  const manages = may(account, 'organisation.manage')
  return (
    <Modal open title={t('organisation.shared')} footer={null} onCancel={onClose} width={640}>
      <h3>
        {t('organisation.compounds')} {manages && <Button onClick={() => setAdding('compound')}>{t('organisation.newCompound')}</Button>}
      </h3>
      <ul className="desk-rows">
        {data?.compounds.map((each) => (
          <li key={each.compoundId}>
            <span>{each.name}</span>
            <span className="quiet">{t('organisation.units', { n: each.units })}</span>
          </li>
        ))}
      </ul>
      <h3>
        {t('organisation.pools')} {manages && <Button onClick={() => setAdding('pool')}>{t('organisation.newPool')}</Button>}
      </h3>
      <ul className="desk-rows">
        {data?.pools.map((each) => (
          <li key={each.poolId}>
            <span>{each.name}</span>
            <span className="quiet">{t('organisation.poolUnits', { n: each.units, vehicles: each.vehicles })}</span>
          </li>
        ))}
      </ul>
      {adding && <AddDialog kind={adding} onClose={() => setAdding(null)} />}
    </Modal>
  )
}

function AddDialog({ kind, onClose }: { kind: 'compound' | 'pool'; onClose: () => void }) {
  const { t } = useText()
  const account = useAccount()
  const client = useQueryClient()
  const [name, setName] = useState('')
  const [organisationId, setOrganisationId] = useState<number | undefined>(account.organisation.organisationId)
  return (
    <ReasonDialog
      title={t(kind === 'compound' ? 'organisation.newCompound' : 'organisation.newPool')}
      ready={name.trim().length >= 2 && organisationId !== undefined}
      onClose={onClose}
      onSubmit={(reason) =>
        call(kind === 'compound' ? 'createCompound' : 'createPool', {
          body: { organisationId: organisationId!, name: name.trim(), reason },
        }).then(() => client.invalidateQueries({ queryKey: ['shared'] }))
      }
    >
      <Field label={t('field.name')} whole>
        <Input value={name} maxLength={80} onChange={(event) => setName(event.target.value)} />
      </Field>
      <Field label={t('filter.unit')} whole>
        <UnitChoice label={t('filter.unit')} value={organisationId} onChange={setOrganisationId} required />
      </Field>
    </ReasonDialog>
  )
}
