// 待办: what waits for whoever approves, emergencies first; one by one or several at once.
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { RequestRow } from '../../../services/contracts/api/requests.ts'
import { refusedAs } from '../../kit/api/client.ts'
import { call, may } from '../../kit/api/session.ts'
import { EmptyState, ErrorState } from '../../kit/State.tsx'
import { LeaveTasks, leaveTasksQuery } from '../leave/LeaveTasks.tsx'
import type { ScreenProps } from '../screen.ts'
import { useText } from '../texts.ts'
import { Fault } from '../ui/Fault.tsx'
import { useDeed } from '../useDeed.ts'
import { ChangeTask } from './ChangeTask.tsx'
import { RidesAsked, ridesQuery } from './RidesAsked.tsx'
import { TaskCard } from './TaskCard.tsx'

const approve = ({ requestId, version }: RequestRow) =>
  call('actOnRequest', { params: { requestId }, body: { action: 'approve', version } })

export function TasksScreen({ account }: ScreenProps) {
  const { t } = useText()
  const deed = useDeed()
  const approves = may(account, 'request.approve')
  const decides = may(account, 'leave.decide')
  const leave = useQuery(leaveTasksQuery(decides))
  const [ticked, setTicked] = useState<ReadonlySet<number>>(new Set())
  /** Of several at once: which could not be approved, and why. */
  const [faults, setFaults] = useState<ReadonlyMap<number, unknown>>(new Map())
  const [said, setSaid] = useState('')
  const tasks = useQuery({
    queryKey: ['phone', 'tasks'],
    enabled: approves,
    queryFn: () => call('listRequests', { query: { waiting: 'approval', limit: 100 } }),
    refetchInterval: 30_000,
  })
  const asker = may(account, 'request.create')
  const rides = useQuery({ ...ridesQuery, enabled: asker })
  const own = useQuery({
    queryKey: ['phone', 'requests'],
    enabled: asker,
    queryFn: () => call('listRequests', { query: { waiting: 'own', limit: 100 } }),
  })
  const changes = useQuery({
    queryKey: ['phone', 'changes'],
    queryFn: () => call('listOrderChanges', { query: { waiting: 'mine', limit: 50 } }),
    refetchInterval: 30_000,
  })
  if (approves && tasks.error && !tasks.data) return <ErrorState error={tasks.error} retry={() => void tasks.refetch()} />
  if ((approves && !tasks.data) || (asker && (own.isPending || rides.isPending)) || (decides && leave.isPending))
    return <div className="bone" aria-busy="true" />
  const mine = new Set(own.data?.rows.map(({ requestId }) => requestId))
  const { rows, total } = tasks.data ?? { rows: [], total: 0 }
  const onRoad = changes.data?.rows ?? []
  const asked = rides.data?.rows.length ?? 0
  const waiting = total + asked + onRoad.length + (leave.data?.total ?? 0)
  const tickable = rows.filter((row) => row.state === 'SUBMITTED' && !mine.has(row.requestId))
  const chosen = tickable.filter(({ requestId }) => ticked.has(requestId))
  const tick = (ids: number[], on: boolean) =>
    setTicked((now) => new Set(on ? [...now, ...ids] : [...now].filter((one) => !ids.includes(one))))

  async function approveAll(): Promise<void> {
    const requests = chosen.map(({ requestId, version }) => ({ requestId, version }))
    const { outcomes } = await call('decideRequests', { body: { action: 'approve', requests } })
    const refused = new Map(
      outcomes.flatMap(({ error }, n): [number, unknown][] => (error ? [[requests[n]!.requestId, refusedAs(error)]] : [])),
    )
    setFaults(refused)
    setTicked(new Set(refused.keys()))
    setSaid(t(refused.size > 0 ? 'tasks.someApproved' : 'tasks.approved', { n: outcomes.length - refused.size, left: refused.size }))
  }

  return (
    <div className="phone-page">
      <h1>{t(approves ? 'tasks.title' : 'ride.tasks', { n: waiting })}</h1>
      <p role="status" className="phone-said">
        {said}
      </p>
      {asked > 0 && <RidesAsked onDone={setSaid} />}
      {onRoad.length > 0 && (
        <div className="phone-cards">
          {onRoad.map((row) => (
            <ChangeTask key={row.changeId} row={row} onDone={setSaid} />
          ))}
        </div>
      )}
      {waiting === 0 && <EmptyState title={t('tasks.none')} text={t(approves ? 'tasks.noneText' : 'ride.noneText')} />}
      {decides && <LeaveTasks onDone={setSaid} />}
      {tickable.length > 1 && (
        <label className="phone-tick">
          <input
            type="checkbox"
            checked={chosen.length === tickable.length}
            onChange={(event) =>
              tick(
                tickable.map(({ requestId }) => requestId),
                event.target.checked,
              )
            }
          />
          <span>{t('tasks.all', { n: tickable.length })}</span>
        </label>
      )}
      <div className="phone-cards">
        {rows.map((row) => (
          <TaskCard
            key={row.requestId}
            row={row}
            own={mine.has(row.requestId)}
            fault={faults.get(row.requestId)}
            approve={() => approve(row)}
            onDone={setSaid}
            tick={
              tickable.length > 1 && tickable.includes(row)
                ? { on: ticked.has(row.requestId), set: (on) => tick([row.requestId], on) }
                : undefined
            }
          />
        ))}
      </div>
      {chosen.length > 0 && (
        <div className="phone-bottom">
          <button
            type="button"
            className="phone-button phone-strong phone-big"
            disabled={deed.busy}
            onClick={() => void deed.run(approveAll)}
          >
            {t('tasks.approveChosen', { n: chosen.length })}
          </button>
          <Fault error={deed.error} />
        </div>
      )}
    </div>
  )
}
