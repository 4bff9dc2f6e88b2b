// 机构: the tree, what units share, and what can be done to it. A row opens the organisation beside the tree.
import { DownOutlined, RightOutlined } from '@ant-design/icons'
import { Button, Checkbox, Input } from 'antd'
import { useEffect, useMemo, useState } from 'react'
import { may, useAccount } from '../../kit/api/session.ts'
import { fromWallClock } from '../../kit/format/time.ts'
import { declareList, idInAddress } from '../../kit/list/declareList.ts'
import { List } from '../../kit/list/List.tsx'
import { useList } from '../../kit/list/useList.ts'
import { EmptyState, ErrorState } from '../../kit/State.tsx'
import { OrganisationPanel } from './OrganisationPanel.tsx'
import { SharedDialog } from './SharedDialog.tsx'
import { useText } from './texts.ts'
import { visibleRows, waysTo } from './tree.ts'
import './ledger.css'

const MOST_ROWS = 400

const endOf = (day: string | undefined): string | undefined => {
  const ms = day ? fromWallClock(`${day}T23:59:59`) : undefined
  return ms === undefined ? undefined : new Date(ms).toISOString()
}

const organisations = declareList({
  endpoint: 'listLedgerOrganisations',
  key: 'ledgerOrganisations',
  useText,
  texts: {
    title: 'page.organisations',
    search: 'organisation.search',
    total: 'organisation.total',
    emptyTitle: 'organisation.emptyTitle',
    emptyText: 'organisation.emptyText',
  },
  columns: [],
  idOf: (row) => row.organisationId,
  address: idInAddress,
  filters: {
    asOf: {
      url: 'day',
      read: endOf,
      show: ({ t, text, set }) => (
        <Input
          className="list-day"
          type="date"
          prefix={<span className="quiet">{t('organisation.asOf')}</span>}
          aria-label={t('organisation.asOf')}
          value={text ?? ''}
          onChange={(event) => set(event.target.value || undefined)}
        />
      ),
    },
    closed: {
      read: (text) => (text === '1' ? 'true' : 'false'),
      show: ({ t, text, url, set }) => (
        <Checkbox
          checked={text === '1'}
          disabled={endOf(url.day) !== undefined}
          onChange={({ target }) => set(target.checked ? '1' : undefined)}
        >
          {t('organisation.showClosed')}
        </Checkbox>
      ),
    },
  },
  exported: 'organisations',
  whole: true,
})

export function OrganisationsPage() {
  const { t } = useText()
  const account = useAccount()
  const list = useList(organisations)
  const { q, open, opened: id, error } = list
  const all = list.rows
  const asOf = list.filter.asOf !== undefined
  const [unfolded, setUnfolded] = useState<ReadonlySet<number>>(() => new Set([account.organisation.organisationId]))
  const [sharing, setSharing] = useState(false)
  const rows = useMemo(() => (all ? visibleRows(all, unfolded, q, MOST_ROWS) : []), [all, unfolded, q])
  const fold = (organisationId: number) =>
    setUnfolded((old) => {
      const next = new Set(old)
      if (!next.delete(organisationId)) next.add(organisationId)
      return next
    })
  const chosen = all?.find(({ organisationId }) => organisationId === id)
  // Who comes by a link or the search sees where in the tree it stands.
  useEffect(() => {
    if (all && id !== null) setUnfolded((old) => new Set([...old, ...waysTo(all, id)]))
  }, [all, id])
  return (
    <List
      of={list}
      unexported={asOf}
      actions={<Button onClick={() => setSharing(true)}>{t('organisation.shared')}</Button>}
      drawer={
        chosen && (
          <OrganisationPanel
            organisation={chosen}
            all={all!}
            mayManage={may(account, 'organisation.manage') && !asOf}
            onOpen={open}
            onClose={() => open(null)}
          />
        )
      }
      body={() =>
        error && !all ? (
          <ErrorState error={error} retry={list.retry} />
        ) : all && rows.length === 0 ? (
          <EmptyState title={t('organisation.emptyTitle')} text={t('organisation.emptyText')} />
        ) : (
          <ul className="ledger-tree">
            {!all &&
              Array.from({ length: 14 }, (_, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: equal bars that never change
                <li key={index} className="bone" />
              ))}
            {rows.map(({ organisation, depth, children }) => {
              const unfold = unfolded.has(organisation.organisationId)
              return (
                <li
                  key={organisation.organisationId}
                  className={organisation.organisationId === id ? 'ledger-tree-row ledger-tree-chosen' : 'ledger-tree-row'}
                  style={{ paddingLeft: 20 + depth * 20 }}
                >
                  {children > 0 && !q ? (
                    <button
                      type="button"
                      className="bare"
                      aria-expanded={unfold}
                      aria-label={t('picker.enter', { name: organisation.name })}
                      onClick={() => fold(organisation.organisationId)}
                    >
                      {unfold ? <DownOutlined /> : <RightOutlined />}
                    </button>
                  ) : (
                    <span />
                  )}
                  <button
                    type="button"
                    className={organisation.closedAt ? 'bare ledger-tree-name ledger-closed' : 'bare ledger-tree-name'}
                    onClick={() => open(organisation.organisationId)}
                  >
                    {organisation.name}
                  </button>
                  <span className="quiet">{t(`organisationKind.${organisation.kind}`)}</span>
                </li>
              )
            })}
          </ul>
        )
      }
    >
      {sharing && <SharedDialog onClose={() => setSharing(false)} />}
    </List>
  )
}
