// 用车申请: the requests of the scope, or one's own; a row opens the request with its steps beside the list.
import { Button } from 'antd'
import { useState } from 'react'
import type { RequestRow } from '../../../services/contracts/api/requests.ts'
import { requestKinds, requestStates } from '../../../services/domain/requests.ts'
import { refusedAs } from '../../kit/api/client.ts'
import { errorText } from '../../kit/api/errorText.ts'
import { call, may, useAccount } from '../../kit/api/session.ts'
import { MISSING } from '../../kit/format/number.ts'
import { AddButton } from '../../kit/list/AddButton.tsx'
import { declareList, idInAddress } from '../../kit/list/declareList.ts'
import { choice } from '../../kit/list/filters.tsx'
import { List } from '../../kit/list/List.tsx'
import { useList } from '../../kit/list/useList.ts'
import { useTicks } from '../../kit/list/useTicks.tsx'
import { unitFilter } from '../../parts/organisation/unitFilter.tsx'
import { KindMark, RequestMark } from '../../parts/trip/marks.tsx'
import { tripsChanged } from '../../parts/trip/queries.ts'
import { spanText } from '../../parts/trip/when.ts'
import { DeputyDialog } from './DeputyDialog.tsx'
import { RequestDialog } from './RequestDialog.tsx'
import { RequestPanel } from './RequestPanel.tsx'
import { RulesDialog } from './RulesDialog.tsx'
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
        row.kind !== 'pool' && (
          <>
            {' '}
            <KindMark kind={row.kind} />
          </>
        ),
    },
    {
      title: 'trip.state',
      cell: (row, { t }) => (
        <>
          <RequestMark state={row.state} />
          {row.approval && row.approval.of > 1 && (
            <span className="quiet"> {t('requests.turn', { at: row.approval.at, of: row.approval.of })}</span>
          )}
        </>
      ),
    },
    { title: 'trip.startsAt', className: 'figure', cell: (row) => spanText(row.startsAt, row.endsAt) },
    { title: 'trip.purpose', className: 'clip', cell: (row) => row.purpose },
    { title: 'trip.passengers', yields: true, cell: (row, { t }) => t('trip.people', { n: row.passengers }) },
    { title: 'trip.unit', className: 'clip', yields: true, cell: (row) => row.unit.name },
    { title: 'trip.applicant', yields: true, cell: (row) => row.applicant.name },
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
  exported: 'requests',
  everyMs: 15_000,
})

/** Decided in one act each: which could not be, and why. */
type Refused = { to: string; error: unknown }

export function RequestsPage() {
  const { t, locale } = useText()
  const account = useAccount()
  const list = useList(requests)
  const { opened, open, filter } = list
  const [dialog, setDialog] = useState<'ask' | 'rules' | 'deputy' | null>(null)
  const [busy, setBusy] = useState(false)
  const [said, setSaid] = useState<{ done: number; refused: Refused[] } | null>(null)
  const [green, setGreen] = useState('')
  const decides = may(account, 'request.approve')
  const { chosen, unchoose, ticks } = useTicks({
    page: list.rows?.filter(isMine),
    idOf: requests.idOf,
    wholePage: t('requests.selectPage'),
    one: ({ to }) => t('requests.select', { to: to.name }),
  })

  async function approveChosen() {
    setBusy(true)
    const rows = [...chosen.values()]
    try {
      const body = { action: 'approve' as const, requests: rows.map(({ requestId, version }) => ({ requestId, version })) }
      const { outcomes } = await call('decideRequests', { body })
      const refused = outcomes.flatMap(({ error }, n): Refused[] => (error ? [{ to: rows[n]!.to.name, error: refusedAs(error) }] : []))
      setSaid({ done: outcomes.length - refused.length, refused })
    } catch (error) {
      setSaid({ done: 0, refused: rows.map(({ to }) => ({ to: to.name, error })) })
    }
    unchoose()
    await tripsChanged()
    setBusy(false)
  }

  return (
    <List
      of={list}
      className="requests"
      ticks={decides && filter.waiting === 'approval' ? ticks : undefined}
      above={
        (said || green) && (
          <div role="status">
            {green && <p>{green}</p>}
            {said && said.done > 0 && <p>{t('requests.approved', { n: said.done })}</p>}
            {said?.refused.map(({ to, error }) => (
              <p key={to} className="error-text">
                {t('requests.refused', { to, why: errorText(error, t, locale) })}
              </p>
            ))}
          </div>
        )
      }
      actions={
        <>
          {chosen.size > 0 && <Button onClick={unchoose}>{t('requests.unselect')}</Button>}
          {chosen.size > 0 && (
            <Button type="primary" disabled={busy} onClick={() => void approveChosen()}>
              {t('requests.approveChosen', { n: chosen.size })}
            </Button>
          )}
          {decides && <Button onClick={() => setDialog('deputy')}>{t('deputies.title')}</Button>}
          {decides && <Button onClick={() => setDialog('rules')}>{t('rules.title')}</Button>}
          <AddButton needs="request.create" onClick={() => setDialog('ask')}>
            {t('requests.add')}
          </AddButton>
        </>
      }
      drawer={opened !== null && <RequestPanel requestId={opened} onClose={() => open(null)} onAsked={open} />}
    >
      {dialog === 'ask' && <RequestDialog onClose={() => setDialog(null)} onSaved={open} onGreen={setGreen} />}
      {dialog === 'deputy' && <DeputyDialog onClose={() => setDialog(null)} />}
      {dialog === 'rules' && <RulesDialog onClose={() => setDialog(null)} />}
    </List>
  )
}

const isMine = ({ state, approval }: RequestRow): boolean => state === 'SUBMITTED' && approval?.mine === true
