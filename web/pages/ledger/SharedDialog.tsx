// 集中办公区 and motor pools: which there are, who shares them, and a new one.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Input, Modal, Skeleton, Tabs } from 'antd'
import { useState } from 'react'
import { call, may, useAccount } from '../../kit/api/session.ts'
import { Field } from '../../kit/form/FormDialog.tsx'
import { ReasonDialog } from '../../kit/form/ReasonDialog.tsx'
import { ErrorState } from '../../kit/State.tsx'
import { UnitChoice } from '../../parts/organisation/UnitChoice.tsx'
import { useText } from './texts.ts'

export const sharedQuery = {
  queryKey: ['shared'],
  queryFn: ({ signal }: { signal: AbortSignal }) => call('listSharedPlaces', { signal }),
}

export function SharedDialog({ onClose }: { onClose: () => void }) {
  const { t } = useText()
  const account = useAccount()
  const [adding, setAdding] = useState<'compound' | 'pool' | null>(null)
  const { data, error, refetch } = useQuery(sharedQuery)
  const manages = may(account, 'organisation.manage')
  const list = (kind: 'compound' | 'pool', rows: { id: number; name: string; said: string }[]) => (
    <>
      {manages && (
        <Button onClick={() => setAdding(kind)}>{t(kind === 'compound' ? 'organisation.newCompound' : 'organisation.newPool')}</Button>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must be reached by keyboard */}
      <ul className="rows rows-scroll" tabIndex={0}>
        {rows.map(({ id, name, said }) => (
          <li key={id}>
            <span>{name}</span>
            <span className="quiet">{said}</span>
          </li>
        ))}
      </ul>
    </>
  )
  return (
    <Modal open title={t('organisation.shared')} footer={null} onCancel={onClose} width={640}>
      {error && !data ? (
        <ErrorState error={error} retry={() => void refetch()} />
      ) : !data ? (
        <Skeleton active title={false} paragraph={{ rows: 6 }} />
      ) : (
        <Tabs
          items={[
            {
              key: 'compounds',
              label: t('organisation.compounds'),
              children: list(
                'compound',
                data.compounds.map(({ compoundId, name, units }) => ({
                  id: compoundId,
                  name,
                  said: t('organisation.units', { n: units }),
                })),
              ),
            },
            {
              key: 'pools',
              label: t('organisation.pools'),
              children: list(
                'pool',
                data.pools.map(({ poolId, name, units, vehicles }) => ({
                  id: poolId,
                  name,
                  said: t('organisation.poolUnits', { n: units, vehicles }),
                })),
              ),
            },
          ]}
        />
      )}
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
      <Field name="name" label={t('field.name')} whole>
        <Input value={name} maxLength={80} onChange={(event) => setName(event.target.value)} />
      </Field>
      <Field name="organisationId" label={t('filter.unit')} whole>
        <UnitChoice label={t('filter.unit')} value={organisationId} onChange={setOrganisationId} required />
      </Field>
    </ReasonDialog>
  )
}
