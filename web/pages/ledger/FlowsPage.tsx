// 办理: acquisitions, transfers and disposals, what waits first; a row opens its steps and the next one to take.
import { Button, Select } from 'antd'
import { useState } from 'react'
import { flowKinds } from '../../../services/domain/lifecycle.ts'
import { may, useAccount } from '../../kit/api/session.ts'
import { MISSING } from '../../kit/format/number.ts'
import { formatInstant } from '../../kit/format/time.ts'
import { declareList, idInAddress } from '../../kit/list/declareList.ts'
import { choice } from '../../kit/list/filters.tsx'
import { List } from '../../kit/list/List.tsx'
import { useList } from '../../kit/list/useList.ts'
import { Plate } from '../../parts/marks/Plate.tsx'
import { FlowPanel } from './FlowPanel.tsx'
import { StartFlow } from './StartFlow.tsx'
import { type TextKey, useText } from './texts.ts'

const flows = declareList({
  endpoint: 'listFlows',
  key: 'flows',
  useText,
  texts: {
    title: 'page.flows',
    search: 'flow.search',
    total: 'flow.total',
    emptyTitle: 'flow.emptyTitle',
    emptyText: 'flow.emptyText',
  },
  columns: [
    { title: 'flow.kind', cell: (row, { t }) => t(`flow.${row.kind}`) },
    {
      title: 'flow.subject',
      cell: (row, { t }) => (row.vehicle ? <Plate plate={row.vehicle.plate} colour={row.vehicle.plateColour} /> : t('flow.newVehicle')),
    },
    { title: 'flow.state', cell: (row, { t }) => t(`flowState.${row.state}` as TextKey) },
    { title: 'flow.unit', className: 'clip', cell: (row) => row.unit.name },
    { title: 'flow.toUnit', className: 'clip', cell: (row) => row.toUnit?.name ?? MISSING },
    { title: 'flow.since', className: 'figure', cell: (row) => formatInstant(Date.parse(row.startedAt)).slice(0, 16) },
  ],
  idOf: (row) => row.flowId,
  address: idInAddress,
  filters: {
    kind: choice({ label: 'flow.kind', values: flowKinds, word: (kind) => `flow.${kind}` }),
    // What is not over yet, unless all are asked for.
    open: {
      url: 'all',
      read: (text) => (text === '1' ? undefined : 'true'),
      show: ({ t, text, set }) => (
        <Select
          aria-label={t('flow.state')}
          value={text === '1' ? 'all' : 'open'}
          options={[
            { value: 'open', label: t('flow.openOnly') },
            { value: 'all', label: t('flow.all') },
          ]}
          onChange={(value: string) => set(value === 'all' ? '1' : undefined)}
        />
      ),
    },
  },
  exported: 'flows',
})

export function FlowsPage() {
  const { t } = useText()
  const account = useAccount()
  const list = useList(flows)
  const { opened, open } = list
  const [planning, setPlanning] = useState(false)
  return (
    <List
      of={list}
      actions={may(account, 'ledger.draft') && <Button onClick={() => setPlanning(true)}>{t('flow.plan')}</Button>}
      drawer={opened !== null && <FlowPanel flowId={opened} onClose={() => open(null)} />}
    >
      {planning && <StartFlow kind="acquisition" onClose={() => setPlanning(false)} />}
    </List>
  )
}
