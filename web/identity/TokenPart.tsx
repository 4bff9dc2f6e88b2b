// Integration tokens: who may call in whose name, until when; made here, shown once, revoked at once.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Input, Select } from 'antd'
import { useState } from 'react'
import type { TokenRow } from '../../services/contracts/api/identity.ts'
import { grantOf, type TokenCapability, tokenCapabilities } from '../../services/contracts/permissions.ts'
import { call } from '../api/session.ts'
import { Field } from '../desk/FormDialog.tsx'
import { ReasonDialog } from '../desk/ReasonDialog.tsx'
import { formatInstant } from '../format/time.ts'
import { ErrorState } from '../frame/State.tsx'
import { useSettled } from '../frame/useSettled.ts'
import { useText } from '../i18n/i18n.ts'
import { LastDayField, UnitField } from './fields.tsx'
import { OneTime } from './OneTime.tsx'

const time = (instant: string) => formatInstant(Date.parse(instant)).slice(0, 16)
const stateOf = (row: TokenRow) => (row.revokedAt ? 'revoked' : Date.parse(row.expiresAt) <= Date.now() ? 'expired' : 'valid')

export function TokenPart() {
  const { t } = useText()
  const cache = useQueryClient()
  const { data, error, refetch } = useQuery({
    queryKey: ['tokens'],
    queryFn: ({ signal }) => call('listTokens', { query: { limit: 200 }, signal }),
  })
  const [making, setMaking] = useState(false)
  const [revoking, setRevoking] = useState<TokenRow | null>(null)
  const [secret, setSecret] = useState<string | null>(null)
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
          <li key={row.tokenId}>
            <span>
              <strong>{row.name}</strong> · {row.username} · {row.organisation.name}
              <br />
              <span className="quiet">
                {row.capabilities.map((each) => t(`capability.${each as TokenCapability}`)).join(t('search.comma'))} ·{' '}
                {t('tokens.expiresAt')} {time(row.expiresAt)} ·{' '}
                {row.lastUsedAt ? t('tokens.lastUsed', { time: time(row.lastUsedAt) }) : t('tokens.neverUsed')}
              </span>
            </span>
            <span className={`account-badge account-${stateOf(row) === 'valid' ? 'active' : 'disabled'}`}>
              {t(`tokens.${stateOf(row)}`)}
            </span>
            {stateOf(row) === 'valid' && (
              <Button size="small" danger onClick={() => setRevoking(row)}>
                {t('tokens.revoke')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {making && (
        <MakeToken
          onClose={() => setMaking(false)}
          onMade={(token) => {
            setMaking(false)
            setSecret(token)
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
      {secret !== null && (
        <OneTime title={t('tokens.shown')} text={t('tokens.shownText')} secret={secret} onClose={() => setSecret(null)} />
      )}
    </section>
  )
}

function MakeToken({ onClose, onMade }: { onClose: () => void; onMade: (token: string) => void }) {
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
        onMade((await call('createToken', { body })).token)
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
