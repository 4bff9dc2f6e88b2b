// Integration tokens: who may call in whose name, until when; permitted and revoked here. The secret is its owner's alone: OwnTokens.tsx.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Input, Select } from 'antd'
import { useState } from 'react'
import type { TokenRow } from '../../../services/contracts/api/identity.ts'
import { grantOf, type TokenCapability, tokenCapabilities } from '../../../services/domain/permissions.ts'
import { call } from '../../kit/api/session.ts'
import { Field } from '../../kit/form/FormDialog.tsx'
import { ReasonDialog } from '../../kit/form/ReasonDialog.tsx'
import { ErrorState } from '../../kit/State.tsx'
import { useSettled } from '../../kit/useSettled.ts'
import { LastDayField, UnitField } from '../../parts/account/fields.tsx'
import { TokenItem } from './TokenItem.tsx'
import { useText } from './texts.ts'

export function TokenPart() {
  const { t } = useText()
  const cache = useQueryClient()
  const { data, error, refetch } = useQuery({
    queryKey: ['tokens'],
    queryFn: ({ signal }) => call('listTokens', { query: { limit: 200 }, signal }),
  })
  const [making, setMaking] = useState(false)
  const [revoking, setRevoking] = useState<TokenRow | null>(null)
  const renew = () => void cache.invalidateQueries({ queryKey: ['tokens'] })
  return (
    <section className="card" aria-labelledby="tokens-title">
      <div className="card-head">
        <h2 id="tokens-title">{t('tokens.title')}</h2>
        <Button onClick={() => setMaking(true)}>{t('tokens.create')}</Button>
      </div>
      {error && !data && <ErrorState error={error} retry={() => void refetch()} />}
      {data?.rows.length === 0 && <p className="quiet">{t('tokens.none')}</p>}
      <ul className="identity-list">
        {data?.rows.map((row) => (
          <TokenItem key={row.tokenId} row={row}>
            {(row.state === 'valid' || row.state === 'permitted') && (
              <Button size="small" danger onClick={() => setRevoking(row)}>
                {t('tokens.revoke')}
              </Button>
            )}
          </TokenItem>
        ))}
      </ul>
      {making && (
        <MakeToken
          onClose={() => setMaking(false)}
          onMade={() => {
            setMaking(false)
            renew()
          }}
        />
      )}
      {revoking && (
        <ReasonDialog
          title={t('tokens.revoke')}
          text={revoking.name}
          danger
          onClose={() => setRevoking(null)}
          onSubmit={async (reason) => {
            await call('revokeToken', { params: { tokenId: revoking.tokenId }, body: { reason } })
            setRevoking(null)
            renew()
          }}
        />
      )}
    </section>
  )
}

function MakeToken({ onClose, onMade }: { onClose: () => void; onMade: () => void }) {
  const { t } = useText()
  const [name, setName] = useState('')
  const [typed, setTyped] = useState('')
  const [accountId, setAccountId] = useState<number>()
  const [unit, setUnit] = useState<number>()
  const [capabilities, setCapabilities] = useState<TokenCapability[]>([])
  const [expiresAt, setExpiresAt] = useState<string | null>(null)
  const q = useSettled(typed, 250)
  const accounts = useQuery({
    queryKey: ['accounts', 'for-token', q],
    queryFn: ({ signal }) => call('listAccounts', { query: { q: q || undefined, status: 'active', limit: 30 }, signal }),
  })
  const account = accounts.data?.rows.find((each) => each.accountId === accountId)
  const role = account?.role ?? null
  const ready = name.trim().length >= 2 && accountId !== undefined && unit !== undefined && capabilities.length > 0 && expiresAt !== null
  return (
    <ReasonDialog
      title={t('tokens.create')}
      text={t('tokens.text')}
      ready={ready}
      onClose={onClose}
      onSubmit={async (reason) => {
        const body = { accountId: accountId!, name: name.trim(), capabilities, organisationId: unit!, expiresAt: expiresAt!, reason }
        await call('permitToken', { body })
        onMade()
      }}
    >
      <Field label={t('tokens.name')}>
        <Input value={name} maxLength={60} onChange={(event) => setName(event.target.value)} />
      </Field>
      <Field label={t('tokens.account')}>
        <Select
          aria-label={t('tokens.account')}
          showSearch
          filterOption={false}
          value={accountId}
          options={accounts.data?.rows.map((each) => ({ value: each.accountId, label: `${each.displayName} · ${each.username}` }))}
          onSearch={setTyped}
          onChange={(id: number) => {
            setAccountId(id)
            setCapabilities([])
            setUnit(accounts.data?.rows.find((each) => each.accountId === id)?.organisation.organisationId)
          }}
        />
      </Field>
      <UnitField label={t('account.unit')} value={unit} onChange={setUnit} />
      <LastDayField label={t('tokens.expiresAt')} onChange={setExpiresAt} />
      <Field label={t('tokens.capabilities')} whole>
        <Select
          mode="multiple"
          aria-label={t('tokens.capabilities')}
          value={capabilities}
          disabled={role === null}
          options={tokenCapabilities
            .filter((each) => role !== null && grantOf(role, each).reach !== 'none')
            .map((each) => ({ value: each, label: t(`capability.${each}`) }))}
          onChange={setCapabilities}
        />
      </Field>
    </ReasonDialog>
  )
}
