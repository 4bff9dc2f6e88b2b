// 机构: the tree, what units share, and what can be done to it. A row opens the organisation beside the tree.
import { DownOutlined, RightOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, Checkbox, Input } from 'antd'
import { useEffect, useMemo, useState } from 'react'
import { call, may, useAccount } from '../../kit/api/session.ts'
import { formatCount } from '../../kit/format/number.ts'
import { fromWallClock } from '../../kit/format/time.ts'
import { ListPage, useListUrl } from '../../kit/list/ListPage.tsx'
import { EmptyState, ErrorState } from '../../kit/State.tsx'
import { OrganisationPanel } from './OrganisationPanel.tsx'
import { SharedDialog } from './SharedDialog.tsx'
import { useText } from './texts.ts'
import { visibleRows, waysTo } from './tree.ts'
import './ledger.css'

const MOST_ROWS = 400

export function OrganisationsPage() {
  const { t } = useText()
  const account = useAccount()
  const { url, q, set, open, id } = useListUrl()
  const [unfolded, setUnfolded] = useState<ReadonlySet<number>>(() => new Set([account.organisation.organisationId]))
  const [sharing, setSharing] = useState(false)
  const asOfMs = url.day ? fromWallClock(`${url.day}T23:59:59`) : undefined
  const closed = url.closed === '1'
  const { data, error, refetch } = useQuery({
    queryKey: ['ledgerOrganisations', asOfMs, closed],
    queryFn: ({ signal }) =>
      call('listLedgerOrganisations', {
        query: { ...(asOfMs ? { asOf: new Date(asOfMs).toISOString() } : {}), closed: closed ? ('true' as const) : ('false' as const) },
        signal,
      }),
  })
  const rows = useMemo(() => (data ? visibleRows(data.rows, unfolded, q, MOST_ROWS) : []), [data, unfolded, q])
  const fold = (organisationId: number) =>
    setUnfolded((old) => {
      const next = new Set(old)
      if (!next.delete(organisationId)) next.add(organisationId)
      return next
    })
  const chosen = data?.rows.find(({ organisationId }) => organisationId === id)
  // Who comes by a link or the search sees where in the tree it stands.
  useEffect(() => {
    if (data && id !== null) setUnfolded((old) => new Set([...old, ...waysTo(data.rows, id)]))
  }, [data, id])
  return (
    <ListPage
      title={t('page.organisations')}
      searchHint={t('organisation.search')}
      total={data ? t('organisation.total', { n: formatCount(data.rows.length) }) : ''}
      count={undefined}
      busy={!data}
      exported={
        asOfMs === undefined
          ? { subject: 'organisations', list: 'organisations', filter: { closed: closed ? 'true' : 'false' } }
          : undefined
      }
      actions={<Button onClick={() => setSharing(true)}>{t('organisation.shared')}</Button>}
      filters={
        <>
          <Input
            className="list-day"
            type="date"
            prefix={<span className="quiet">{t('organisation.asOf')}</span>}
            aria-label={t('organisation.asOf')}
            value={url.day ?? ''}
            onChange={(event) => set({ day: event.target.value || undefined })}
          />
          <Checkbox
            checked={closed}
            disabled={asOfMs !== undefined}
            onChange={(event) => set({ closed: event.target.checked ? '1' : undefined })}
          >
            {t('organisation.showClosed')}
          </Checkbox>
        </>
      }
      drawer={
        chosen && (
          <OrganisationPanel
            organisation={chosen}
            all={data!.rows}
            mayManage={may(account, 'organisation.manage') && asOfMs === undefined}
            onOpen={open}
            onClose={() => open(null)}
          />
        )
      }
    >
      {error && !data ? (
        <ErrorState error={error} retry={() => void refetch()} />
      ) : data && rows.length === 0 ? (
        <EmptyState title={t('organisation.emptyTitle')} text={t('organisation.emptyText')} />
      ) : (
        <ul className="ledger-tree">
          {!data &&
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
      )}
      {sharing && <SharedDialog onClose={() => setSharing(false)} />}
    </ListPage>
  )
}
