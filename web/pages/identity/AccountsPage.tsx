// 账号授权: accounts in scope, a page at a time from the server; a row opens the account beside the list.
import { PlusOutlined, SearchOutlined } from '@ant-design/icons'
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Checkbox, Input, Pagination, Select } from 'antd'
import { useEffect, useState } from 'react'
import { type AccountRow, type AccountStatus, accountStatuses } from '../../../services/contracts/api/identity.ts'
import { type Role, roles } from '../../../services/domain/permissions.ts'
import { call, may, useAccount } from '../../kit/api/session.ts'
import { formatCount } from '../../kit/format/number.ts'
import { useRowKeys } from '../../kit/list/useRowKeys.ts'
import { EmptyState, ErrorState } from '../../kit/State.tsx'
import { useSettled } from '../../kit/useSettled.ts'
import { useUrl, withEntries } from '../../kit/useUrl.ts'
import { useText } from './texts.ts'
import '../../kit/list/list.css'
import { AccountPanel } from './AccountPanel.tsx'
import { CreateAccount, type MadeAccount } from './CreateAccount.tsx'
import './identity.css'
import { OneTime } from './OneTime.tsx'
import { StatusBadge } from './StatusBadge.tsx'

const PAGE_SIZE = 50

export function AccountsPage() {
  const { t } = useText()
  const own = useAccount()
  const { url, change } = useUrl()
  const cache = useQueryClient()
  const page = /^[1-9]\d{0,4}$/.test(url.page ?? '') ? Number(url.page) : 1
  const accountId = /^[1-9]\d{0,9}$/.test(url.account ?? '') ? Number(url.account) : null
  const status = accountStatuses.find((each) => each === url.status)
  const role = roles.find((each) => each === url.role)
  const waiting = url.waiting === 'true' ? ('true' as const) : undefined
  const [typed, setTyped] = useState(url.q ?? '')
  const [creating, setCreating] = useState(false)
  const [made, setMade] = useState<MadeAccount | null>(null)
  const settled = useSettled(typed.trim(), 250)
  const set = (entries: Record<string, string | undefined>) => change((old) => withEntries(old, { ...entries, page: undefined }))

  useEffect(() => {
    change((old) => ((old.q ?? '') === settled ? old : withEntries(old, { q: settled || undefined, page: undefined })), 'follow')
  }, [settled, change])

  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ['accounts', settled, status, role, waiting, page],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      call('listAccounts', {
        query: { q: settled || undefined, status, role, waiting, limit: PAGE_SIZE, offset: (page - 1) * PAGE_SIZE },
        signal,
      }),
  })
  const open = (id: number | null) => change((old) => withEntries(old, { account: id === null ? undefined : String(id) }))
  useRowKeys(accountId !== null, () => open(null))

  return (
    <div className={accountId === null ? 'list-page' : 'list-page list-open'}>
      <div className="list-main">
        <header className="list-head">
          <h1>{t('page.accounts')}</h1>
          <Input
            className="list-search"
            prefix={<SearchOutlined />}
            allowClear
            maxLength={64}
            value={typed}
            aria-label={t('accounts.search')}
            placeholder={t('accounts.search')}
            onChange={(event) => setTyped(event.target.value)}
          />
          <span className="quiet figure" aria-live="polite">
            {data ? t('accounts.total', { n: formatCount(data.total) }) : ''}
          </span>
          {may(own, 'account.create') && (
            <Button type="primary" icon={<PlusOutlined />} onClick={() => setCreating(true)}>
              {t('accounts.create')}
            </Button>
          )}
        </header>
        <div className="account-filters">
          <Select<AccountStatus | ''>
            aria-label={t('account.status')}
            value={status ?? ''}
            options={[
              { value: '', label: t('accounts.anyStatus') },
              ...accountStatuses.map((each) => ({ value: each, label: t(`account.status.${each}`) })),
            ]}
            onChange={(next) => set({ status: next || undefined })}
          />
          <Select<Role | ''>
            aria-label={t('account.role')}
            value={role ?? ''}
            options={[{ value: '', label: t('accounts.anyRole') }, ...roles.map((each) => ({ value: each, label: t(`role.${each}`) }))]}
            onChange={(next) => set({ role: next || undefined })}
          />
          <Checkbox checked={waiting === 'true'} onChange={(event) => set({ waiting: event.target.checked ? 'true' : undefined })}>
            {t('accounts.waiting')}
          </Checkbox>
        </div>
        <div className="list-scroll" aria-busy={isFetching}>
          {error && !data ? (
            <ErrorState error={error} retry={() => void refetch()} />
          ) : data?.total === 0 ? (
            <EmptyState title={t('accounts.emptyTitle')} text={t('accounts.emptyText')} />
          ) : (
            <AccountTable rows={data?.rows} selected={accountId} onOpen={open} />
          )}
        </div>
        {data && data.total > PAGE_SIZE && (
          <Pagination
            className="list-pages"
            current={page}
            pageSize={PAGE_SIZE}
            total={data.total}
            showSizeChanger={false}
            onChange={(next) => change((old) => withEntries(old, { page: next === 1 ? undefined : String(next) }))}
          />
        )}
      </div>
      {accountId !== null && <AccountPanel key={accountId} accountId={accountId} onClose={() => open(null)} />}
      {creating && (
        <CreateAccount
          onMade={(account) => {
            setMade(account)
            void cache.invalidateQueries({ queryKey: ['accounts'] })
          }}
          onClose={() => setCreating(false)}
        />
      )}
      {made && (
        <OneTime
          title={t('account.oneTime')}
          text={t('account.oneTimeText', { name: made.displayName })}
          secret={made.oneTimePassword}
          onClose={() => {
            setMade(null)
            open(made.accountId)
          }}
        />
      )}
    </div>
  )
}

type TableProps = { rows: AccountRow[] | undefined; selected: number | null; onOpen: (id: number) => void }

function AccountTable({ rows, selected, onOpen }: TableProps) {
  const { t } = useText()
  return (
    <table className="list-table cards-on-phone">
      <thead>
        <tr>
          {(['account.username', 'account.displayName', 'account.status', 'account.role', 'account.unit', 'account.factor'] as const).map(
            (key) => (
              <th key={key} scope="col">
                {t(key)}
              </th>
            ),
          )}
        </tr>
      </thead>
      <tbody>
        {rows
          ? rows.map((row) => (
              // The click of the name's button, by keyboard too, comes up here.
              <tr
                key={row.accountId}
                className={row.accountId === selected ? 'list-row list-chosen' : 'list-row'}
                onClick={() => onOpen(row.accountId)}
              >
                <td>
                  <button type="button" className="bare" aria-pressed={row.accountId === selected}>
                    <strong>{row.username}</strong>
                  </button>
                </td>
                <td data-label={t('account.displayName')}>{row.displayName}</td>
                <td data-label={t('account.status')}>
                  <StatusBadge account={row} />
                </td>
                <td data-label={t('account.role')}>
                  {row.role
                    ? t(`role.${row.role}`)
                    : row.requestedRole
                      ? t('account.requested', { role: t(`role.${row.requestedRole}`) })
                      : '—'}
                </td>
                <td className="list-unit" data-label={t('account.unit')}>
                  {row.organisation.name}
                </td>
                <td data-label={t('account.factor')}>{row.secondFactor ? t('enrol.on') : '—'}</td>
              </tr>
            ))
          : Array.from({ length: 12 }, (_, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: equal bars that never change
              <tr key={index}>
                <td colSpan={6}>
                  <div className="bone" />
                </td>
              </tr>
            ))}
      </tbody>
    </table>
  )
}
