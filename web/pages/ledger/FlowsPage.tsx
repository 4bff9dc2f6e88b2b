// 办理: acquisitions, transfers and disposals, what waits first; a row opens its steps and the next one to take.
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Button, Select } from 'antd'
import { useState } from 'react'
import type { Flow } from '../../../services/contracts/api/ledger.ts'
import { flowKinds } from '../../../services/domain/lifecycle.ts'
import { call, may, useAccount } from '../../kit/api/session.ts'
import { formatCount, MISSING } from '../../kit/format/number.ts'
import { formatInstant } from '../../kit/format/time.ts'
import { ListPage, PAGE_ROWS, useListUrl } from '../../kit/list/ListPage.tsx'
import { type Column, ListTable } from '../../kit/list/ListTable.tsx'
import { Plate } from '../../parts/marks/Plate.tsx'
import { FlowPanel } from './FlowPanel.tsx'
import { StartFlow } from './StartFlow.tsx'
import { type TextKey, useText } from './texts.ts'

export function FlowsPage() {
  const { t } = useText()
  const account = useAccount()
  const { url, offset, q, set, open, id } = useListUrl()
  const [planning, setPlanning] = useState(false)
  const kind = flowKinds.find((known) => known === url.kind)
  const openOnly = url.all !== '1'
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ['flows', kind, openOnly, q, offset],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      call('listFlows', {
        query: { kind, q: q.trim() || undefined, ...(openOnly ? { open: 'true' as const } : {}), limit: PAGE_ROWS, offset },
        signal,
      }),
  })
  const columns: Column<Flow>[] = [
    { title: t('flow.kind'), cell: (row) => t(`flow.${row.kind}`) },
    {
      title: t('flow.subject'),
      cell: (row) => (row.vehicle ? <Plate plate={row.vehicle.plate} colour={row.vehicle.plateColour} /> : t('flow.newVehicle')),
    },
    { title: t('flow.state'), cell: (row) => t(`flowState.${row.state}` as TextKey) },
    { title: t('flow.unit'), className: 'list-table-wide', cell: (row) => row.unit.name },
    { title: t('flow.toUnit'), className: 'list-table-wide', cell: (row) => row.toUnit?.name ?? MISSING },
    { title: t('flow.since'), className: 'figure', cell: (row) => formatInstant(Date.parse(row.startedAt)).slice(0, 16) },
  ]
  return (
    <ListPage
      title={t('page.flows')}
      searchHint={t('flow.search')}
      total={data ? t('flow.total', { n: formatCount(data.total) }) : ''}
      count={data?.total}
      busy={isFetching}
      exported={{ subject: 'flows', list: 'flows', filter: { kind, q: q.trim() || undefined, open: openOnly ? 'true' : undefined } }}
      actions={may(account, 'ledger.draft') && <Button onClick={() => setPlanning(true)}>{t('flow.plan')}</Button>}
      filters={
        <>
          <Select
            allowClear
            aria-label={t('flow.kind')}
            placeholder={t('flow.kind')}
            value={kind}
            options={flowKinds.map((value) => ({ value, label: t(`flow.${value}`) }))}
            onChange={(value: string | undefined) => set({ kind: value })}
          />
          <Select
            aria-label={t('flow.state')}
            value={openOnly ? 'open' : 'all'}
            options={[
              { value: 'open', label: t('flow.openOnly') },
              { value: 'all', label: t('flow.all') },
            ]}
            onChange={(value: string) => set({ all: value === 'all' ? '1' : undefined })}
          />
        </>
      }
      drawer={id !== null && <FlowPanel flowId={id} onClose={() => open(null)} />}
    >
      <ListTable
        columns={columns}
        rows={data?.rows}
        idOf={(row) => row.flowId}
        selected={id}
        onOpen={open}
        error={error}
        retry={() => void refetch()}
        empty={{ title: t('flow.emptyTitle'), text: t('flow.emptyText') }}
      />
      {planning && <StartFlow kind="acquisition" onClose={() => setPlanning(false)} />}
    </ListPage>
  )
}
