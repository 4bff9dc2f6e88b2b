// 账号授权: accounts in scope, a page at a time from the server; a row opens the account beside the list.
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { accountStatuses } from '../../../services/contracts/api/identity.ts'
import { roles } from '../../../services/domain/permissions.ts'
import { MISSING } from '../../kit/format/number.ts'
import { AddButton } from '../../kit/list/AddButton.tsx'
import { declareList, numberIn } from '../../kit/list/declareList.ts'
import { check, choice } from '../../kit/list/filters.tsx'
import { List } from '../../kit/list/List.tsx'
import { useList } from '../../kit/list/useList.ts'
import { AccountPanel } from './AccountPanel.tsx'
import { CreateAccount, type MadeAccount } from './CreateAccount.tsx'
import './identity.css'
import { OneTime } from './OneTime.tsx'
import { StatusBadge } from './StatusBadge.tsx'
import { useText } from './texts.ts'

const accounts = declareList({
  endpoint: 'listAccounts',
  key: 'accounts',
  useText,
  texts: {
    title: 'page.accounts',
    search: 'accounts.search',
    total: 'accounts.total',
    emptyTitle: 'accounts.emptyTitle',
    emptyText: 'accounts.emptyText',
  },
  columns: [
    { title: 'account.username', cell: (row) => <strong>{row.username}</strong> },
    { title: 'account.displayName', cell: (row) => row.displayName },
    { title: 'account.status', cell: (row) => <StatusBadge account={row} /> },
    {
      title: 'account.role',
      cell: (row, { t }) => {
        if (row.role) return t(`role.${row.role}`)
        return row.requestedRole ? t('account.requested', { role: t(`role.${row.requestedRole}`) }) : MISSING
      },
    },
    { title: 'account.unit', className: 'clip', cell: (row) => row.organisation.name },
    { title: 'account.factor', cell: (row, { t }) => (row.secondFactor ? t('enrol.on') : MISSING) },
  ],
  idOf: (row) => row.accountId,
  address: numberIn('account'),
  filters: {
    status: choice({ label: 'account.status', values: accountStatuses, word: (status) => `account.status.${status}` }),
    role: choice({ label: 'account.role', values: roles, word: (role) => `role.${role}` }),
    waiting: check('accounts.waiting', 'true'),
  },
})

export function AccountsPage() {
  const { t } = useText()
  const cache = useQueryClient()
  const list = useList(accounts)
  const { opened, open } = list
  const [creating, setCreating] = useState(false)
  const [made, setMade] = useState<MadeAccount | null>(null)
  return (
    <List
      of={list}
      actions={
        <AddButton needs="account.create" onClick={() => setCreating(true)}>
          {t('accounts.create')}
        </AddButton>
      }
      drawer={opened !== null && <AccountPanel key={opened} accountId={opened} onClose={() => open(null)} />}
    >
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
    </List>
  )
}
