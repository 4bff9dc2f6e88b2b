// Leave that waits for the fleet manager, in 待办.
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { LeaveRequest } from '../../../services/contracts/api/leave.ts'
import { call } from '../../kit/api/session.ts'
import { useText } from '../texts.ts'
import { Fault } from '../ui/Fault.tsx'
import { ReasonForm } from '../ui/ReasonForm.tsx'
import { useDeed } from '../useDeed.ts'
import { daysText, LeaveTrips } from './parts.tsx'

export const leaveTasksQuery = (enabled: boolean) => ({
  queryKey: ['phone', 'leaveTasks'],
  enabled,
  queryFn: () => call('listLeaveRequests', { query: { waiting: 'true', limit: 100 } }),
  refetchInterval: 30_000,
})

export function LeaveTasks({ onDone }: { onDone: (said: string) => void }) {
  const { t } = useText()
  const { data, error } = useQuery(leaveTasksQuery(true))
  if (error && !data) return <Fault error={error} />
  if (!data || data.rows.length === 0) return null
  return (
    <section className="phone-cards" aria-labelledby="leave-tasks">
      <h2 id="leave-tasks">{t('leave.waiting', { n: data.total })}</h2>
      {data.rows.map((row) => (
        <LeaveTask key={row.leaveRequestId} row={row} onDone={onDone} />
      ))}
    </section>
  )
}

const reasons = ['leave.why.busy', 'leave.why.task', 'leave.why.papers'] as const

function LeaveTask({ row, onDone }: { row: LeaveRequest; onDone: (said: string) => void }) {
  const { t } = useText()
  const deed = useDeed()
  const [refusing, setRefusing] = useState(false)
  const { leaveRequestId, version, driver, unit, trips, mayAct } = row
  const take = async (action: 'grant' | 'refuse', reason = '') => {
    const data = action === 'grant' && trips.length > 0 ? { trips: 'giveBack' as const } : {}
    if (await deed.run(() => call('actOnLeave', { params: { leaveRequestId }, body: { action, version, reason, data } })))
      onDone(t('tasks.done', { to: driver.name, action: t(`leaveAction.${action}`) }))
  }
  const underWay = trips.some((trip) => trip.underWay)
  return (
    <article className="phone-card" aria-label={`${driver.name} ${daysText(row)}`}>
      <header className="phone-line">
        <strong>{driver.name}</strong>
        <span className="quiet">{unit.name}</span>
      </header>
      <p className="figure">{daysText(row)}</p>
      <p>
        {t(`leave.${row.kind}`)} · {row.reason}
      </p>
      {trips.length > 0 && <LeaveTrips row={row} />}
      {underWay && <p className="warn-text">{t('leave.underWay')}</p>}
      <Fault error={deed.error} />
      {!mayAct.includes('grant') && <p className="quiet">{t('leave.own')}</p>}
      {mayAct.includes('refuse') && refusing && (
        <ReasonForm
          title={t('leave.why.not')}
          reasons={reasons.map((reason) => t(reason))}
          verb={t('leaveAction.refuse')}
          busy={deed.busy}
          error={null}
          onDone={(reason) => void take('refuse', reason)}
          onLeave={() => setRefusing(false)}
        />
      )}
      {mayAct.includes('grant') && !refusing && (
        <div className="phone-buttons">
          <button type="button" className="phone-button" onClick={() => setRefusing(true)}>
            {t('leaveAction.refuse')}
          </button>
          <button type="button" className="phone-button phone-strong" disabled={deed.busy || underWay} onClick={() => void take('grant')}>
            {t(trips.length > 0 ? 'leave.grantAnyway' : 'leaveAction.grant')}
          </button>
        </div>
      )}
    </article>
  )
}
