// 用车申请: the requests of the scope, or one's own; a row opens the request with its steps beside the list.
import { useState } from 'react'
import { requestKinds, requestStates } from '../../../services/domain/requests.ts'
import { MISSING } from '../../kit/format/number.ts'
import { AddButton } from '../../kit/list/AddButton.tsx'
import { declareList, idInAddress } from '../../kit/list/declareList.ts'
import { choice } from '../../kit/list/filters.tsx'
import { List } from '../../kit/list/List.tsx'
import { useList } from '../../kit/list/useList.ts'
import { unitFilter } from '../../parts/organisation/unitFilter.tsx'
import { RequestMark, Urgent } from '../../parts/trip/marks.tsx'
import { spanText } from '../../parts/trip/when.ts'
import { RequestDialog } from './RequestDialog.tsx'
import { RequestPanel } from './RequestPanel.tsx'
import { useText } from './texts.ts'
import './requests.css'

const requests = declareList({
  endpoint: 'listRequests',
  key: 'requests',
  useText,
  texts: {
    title: 'page.requests',
    search: 'requests.search',
    total: 'requests.total',
    emptyTitle: 'requests.emptyTitle',
    emptyText: 'requests.emptyText',
  },
  columns: [
    {
      title: 'trip.to',
      className: 'clip',
      cell: (row) => row.to.name,
      beside: (row) =>
        row.kind === 'emergency' && (
          <>
            {' '}
            <Urgent />
          </>
        ),
    },
    { title: 'trip.state', cell: (row) => <RequestMark state={row.state} /> },
    { title: 'trip.startsAt', className: 'figure', cell: (row) => spanText(row.startsAt, row.endsAt) },
    { title: 'trip.purpose', className: 'clip', cell: (row) => row.purpose },
    { title: 'trip.passengers', cell: (row, { t }) => t('trip.people', { n: row.passengers }) },
    { title: 'trip.unit', className: 'clip', cell: (row) => row.unit.name },
    { title: 'trip.applicant', cell: (row) => row.applicant.name },
    { title: 'trip.order', className: 'figure', cell: (row) => row.order?.number ?? MISSING },
  ],
  idOf: (row) => row.requestId,
  address: idInAddress,
  filters: {
    waiting: choice({
      label: 'requests.waiting',
      values: ['approval', 'dispatch', 'own'],
      word: (waiting) => `requests.waiting.${waiting}`,
    }),
    state: choice({ label: 'trip.state', values: requestStates, word: (state) => `requestState.${state}` }),
    kind: choice({ label: 'trip.kind', values: requestKinds, word: (kind) => `requestKind.${kind}` }),
    organisationId: unitFilter('requests.filterUnit'),
  },
  everyMs: 15_000,
})

export function RequestsPage() {
  const { t } = useText()
  const list = useList(requests)
  const { opened, open } = list
  const [asking, setAsking] = useState(false)
  return (
    <List
      of={list}
      className="requests"
      actions={
        <AddButton needs="request.create" onClick={() => setAsking(true)}>
          {t('requests.add')}
        </AddButton>
      }
      drawer={opened !== null && <RequestPanel requestId={opened} onClose={() => open(null)} />}
    >
      {asking && <RequestDialog onClose={() => setAsking(false)} onSaved={open} />}
    </List>
  )
}
