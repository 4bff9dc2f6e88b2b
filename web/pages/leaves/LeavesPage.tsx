// 请假审批: leave that drivers ask for on their phones. Trips that are given in those days are shown before it is granted.
import { Button } from 'antd'
import { useState } from 'react'
import type { LeaveRequest } from '../../../services/contracts/api/leave.ts'
import { leaveRequestStates } from '../../../services/domain/leave.ts'
import { call, queryClient } from '../../kit/api/session.ts'
import { ReasonDialog } from '../../kit/form/ReasonDialog.tsx'
import { declareList, idInAddress } from '../../kit/list/declareList.ts'
import { choice } from '../../kit/list/filters.tsx'
import { List } from '../../kit/list/List.tsx'
import { useList } from '../../kit/list/useList.ts'
import { Fact, Facts } from '../../kit/panel/Facts.tsx'
import { Panel } from '../../kit/panel/Panel.tsx'
import { tripsChanged } from '../../parts/trip/queries.ts'
import { minuteOf, spanText } from '../../parts/trip/when.ts'
import { useText } from './texts.ts'

const daysOf = ({ fromDay, untilDay }: LeaveRequest): string => (fromDay === untilDay ? fromDay : `${fromDay} – ${untilDay}`)

const leaves = declareList({
  endpoint: 'listLeaveRequests',
  key: 'leaves',
  useText,
  texts: { title: 'page.leaves', total: 'leaves.total', emptyTitle: 'leaves.emptyTitle', emptyText: 'leaves.emptyText' },
  columns: [
    { title: 'leaves.driver', cell: (row) => row.driver.name },
    { title: 'leaves.state', cell: (row, { t }) => t(`leaveState.${row.state}`) },
    { title: 'leaves.kind', cell: (row, { t }) => t(`leave.${row.kind}`) },
    { title: 'leaves.days', className: 'figure', cell: daysOf },
    {
      title: 'leaves.trips',
      cell: (row, { t }) => (row.trips.length === 0 ? t('leaves.tripsNone') : t('leaves.tripsCount', { n: row.trips.length })),
    },
    { title: 'leaves.unit', className: 'clip', cell: (row) => row.unit.name },
  ],
  idOf: (row) => row.leaveRequestId,
  address: idInAddress,
  filters: { state: choice({ label: 'leaves.state', values: leaveRequestStates, word: (state) => `leaveState.${state}` }) },
  exported: 'leaves',
  everyMs: 15_000,
})

export function LeavesPage() {
  const list = useList(leaves)
  const { opened, open, rows } = list
  const leave = rows?.find(({ leaveRequestId }) => leaveRequestId === opened)
  return <List of={list} drawer={opened !== null && <LeavePanel id={opened} leave={leave} onClose={() => open(null)} />} />
}

type Action = 'grant' | 'refuse' | 'recall'
const decisions: readonly string[] = ['grant', 'refuse', 'recall'] satisfies Action[]

function LeavePanel({ id, leave, onClose }: { id: number; leave: LeaveRequest | undefined; onClose: () => void }) {
  const { t } = useText()
  const [asked, setAsked] = useState<Action | null>(null)
  const underWay = leave?.trips.some((trip) => trip.underWay) ?? false
  return (
    <Panel
      id={id}
      title={leave?.driver.name}
      kind={leave && t(`leaveState.${leave.state}`)}
      actions={leave?.mayAct
        .filter((action) => decisions.includes(action))
        .map((action) => (
          <Button
            key={action}
            type={action === 'grant' ? 'primary' : 'default'}
            danger={action !== 'grant'}
            disabled={action === 'grant' && underWay}
            onClick={() => setAsked(action as Action)}
          >
            {t(`leaveAction.${action}`)}
          </Button>
        ))}
      loading={!leave}
      onClose={onClose}
    >
      {leave && (
        <section className="panel-part">
          <Facts>
            <Fact name={t('leaves.unit')}>{leave.unit.name}</Fact>
            <Fact name={t('leaves.kind')}>{t(`leave.${leave.kind}`)}</Fact>
            <Fact name={t('leaves.days')}>
              <span className="figure">{daysOf(leave)}</span>
            </Fact>
            <Fact name={t('leaves.reason')}>{leave.reason}</Fact>
          </Facts>
          {leave.state === 'ASKED' && !leave.mayAct.includes('grant') && <p className="quiet">{t('leaves.own')}</p>}
          {leave.trips.length > 0 && (
            <>
              <h3>{t('leaves.trips')}</h3>
              <ul className="rows">
                {leave.trips.map(({ orderId, number, startsAt, endsAt, to }) => (
                  <li key={startsAt}>
                    <span>
                      {orderId === null ? t('leaves.tripHidden') : <a href={`/orders?id=${orderId}`}>{number}</a>} {to}
                    </span>
                    <span className="quiet figure">{spanText(startsAt, endsAt)}</span>
                  </li>
                ))}
              </ul>
              <p className="quiet">{t(underWay ? 'leaves.underWay' : 'leaves.giveBack')}</p>
            </>
          )}
          <h3>{t('leaves.steps')}</h3>
          <ul className="rows">
            {leave.steps.map((step) => (
              <li key={`${step.at} ${step.action}`}>
                <span>
                  {t(`leaveAction.${step.action as 'ask'}`)} <span className="quiet">{step.by}</span>
                  {step.reason && step.action !== 'ask' && (
                    <>
                      <br />
                      {step.reason}
                    </>
                  )}
                </span>
                <span className="quiet figure">{minuteOf(step.at)}</span>
              </li>
            ))}
          </ul>
          {asked && <StepDialog leave={leave} action={asked} onClose={() => setAsked(null)} />}
        </section>
      )}
    </Panel>
  )
}

function StepDialog({
  leave: { leaveRequestId, version, trips },
  action,
  onClose,
}: {
  leave: LeaveRequest
  action: Action
  onClose: () => void
}) {
  const { t } = useText()
  const takesBack = action === 'grant' && trips.length > 0
  return (
    <ReasonDialog
      title={t(`leaveAction.${action}`)}
      {...(takesBack ? { text: t('leaves.giveBack') } : {})}
      danger={action !== 'grant'}
      onSubmit={async (reason) => {
        const data = takesBack ? { trips: 'giveBack' as const } : {}
        await call('actOnLeave', { params: { leaveRequestId }, body: { action, version, reason, data } })
        await Promise.all([queryClient.invalidateQueries({ queryKey: ['leaves'] }), tripsChanged()])
      }}
      onClose={onClose}
    />
  )
}
