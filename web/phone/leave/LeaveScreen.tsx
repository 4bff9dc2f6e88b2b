// 请假: what a driver has asked for, and asking for more.
import { useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import type { LeaveRequest } from '../../../services/contracts/api/leave.ts'
import type { Account } from '../../../services/contracts/api.ts'
import { dayAt } from '../../../services/domain/days.ts'
import { type LeaveKind, leaveKinds } from '../../../services/domain/duty.ts'
import { call } from '../../kit/api/session.ts'
import { EmptyState, ErrorState } from '../../kit/State.tsx'
import type { LeaveEntry } from '../outbox/entries.ts'
import { callOrLast } from '../outbox/lastAnswer.ts'
import { putIn, useEntries } from '../outbox/outbox.ts'
import { useText } from '../texts.ts'
import { AsideEntry } from '../trips/AsideEntry.tsx'
import { Chips } from '../ui/Chips.tsx'
import { Fault } from '../ui/Fault.tsx'
import { PhoneForm } from '../ui/PhoneForm.tsx'
import { useDeed } from '../useDeed.ts'
import { daysText, LeaveTrips } from './parts.tsx'

export function LeaveScreen({ account }: { account: Account }) {
  const { t } = useText()
  const [open, setOpen] = useState(false)
  const [said, setSaid] = useState('')
  // What the network has not taken yet stands in the list all the same: he has asked.
  const waiting = useEntries().filter((entry): entry is LeaveEntry => entry.action === 'leave' && entry.username === account.username)
  const { data, error, refetch } = useQuery({
    queryKey: ['phone', 'leave'],
    queryFn: () => callOrLast(account.username, 'listLeaveRequests', { query: { limit: 50 } }),
    refetchInterval: 30_000,
  })
  return (
    <div className="phone-page">
      <h1>{t('leave.title')}</h1>
      <p role="status" className="phone-said">
        {said}
      </p>
      {open ? (
        <LeaveForm
          username={account.username}
          onDone={(kept) => {
            setOpen(false)
            if (kept) setSaid(t('leave.kept'))
          }}
        />
      ) : (
        <button type="button" className="phone-button phone-strong" onClick={() => setOpen(true)}>
          {t('leave.new')}
        </button>
      )}
      {!data && (error ? <ErrorState error={error} retry={() => void refetch()} /> : <div className="bone" aria-busy="true" />)}
      {data?.rows.length === 0 && waiting.length === 0 && !open && <EmptyState title={t('leave.none')} text="" />}
      <div className="phone-cards">
        {waiting.map((entry) => (entry.aside ? <AsideEntry key={entry.id} entry={entry} /> : <WaitingCard key={entry.id} entry={entry} />))}
        {data?.rows.map((row) => (
          <LeaveCard key={row.leaveRequestId} row={row} />
        ))}
      </div>
    </div>
  )
}

function WaitingCard({ entry: { data } }: { entry: LeaveEntry }) {
  const { t } = useText()
  return (
    <article className="phone-card" aria-label={daysText(data)}>
      <header className="phone-line">
        <strong className="figure">{daysText(data)}</strong>
        <span className="phone-state phone-state-warn">{t('outbox.title')}</span>
      </header>
      <p>
        {t(`leave.${data.kind}`)} · {data.reason}
      </p>
    </article>
  )
}

function LeaveCard({ row }: { row: LeaveRequest }) {
  const { t } = useText()
  const deed = useDeed()
  const own = row.mayAct.find((action) => action === 'withdraw' || action === 'cancel')
  const decided = row.steps.findLast(({ action }) => action === 'refuse' || action === 'recall')
  return (
    <article className="phone-card" aria-label={daysText(row)}>
      <header className="phone-line">
        <strong className="figure">{daysText(row)}</strong>
        <span className={`phone-state phone-state-${row.state === 'ASKED' ? 'warn' : 'good'}`}>{t(`leaveState.${row.state}`)}</span>
      </header>
      <p>
        {t(`leave.${row.kind}`)} · {row.reason}
      </p>
      {decided && <p className="phone-why">{decided.reason}</p>}
      {row.trips.length > 0 && (
        <>
          <LeaveTrips row={row} />
          <p className="quiet">{t('leave.tripsHint')}</p>
        </>
      )}
      <Fault error={deed.error} />
      {own && (
        <button
          type="button"
          className="phone-button"
          disabled={deed.busy}
          onClick={() =>
            void deed.run(() =>
              call('actOnLeave', { params: { leaveRequestId: row.leaveRequestId }, body: { action: own, version: row.version } }),
            )
          }
        >
          {t(`leaveAction.${own}`)}
        </button>
      )}
    </article>
  )
}

function LeaveForm({ username, onDone }: { username: string; onDone: (kept: boolean) => void }) {
  const { t } = useText()
  const id = useId()
  const deed = useDeed()
  const [kind, setKind] = useState<LeaveKind | null>(null)
  const today = dayAt(Date.now())
  const [fromDay, setFromDay] = useState('')
  const [untilDay, setUntilDay] = useState('')
  const [reason, setReason] = useState('')
  const missing = kind === null || fromDay === '' || untilDay === '' || reason.trim().length < 2
  const problem = missing ? t('leave.missing') : untilDay < fromDay ? t('leave.order') : null
  return (
    <PhoneForm
      verb={t('leave.send')}
      problem={problem}
      deed={deed}
      onLeave={() => onDone(false)}
      onSend={async () => {
        const data = { kind: kind!, fromDay, untilDay, reason: reason.trim() }
        if (await deed.run(() => putIn({ action: 'leave', username, orderId: null, data }))) onDone(true)
      }}
    >
      <Chips
        legend={t('leave.kind')}
        options={leaveKinds.map((value) => ({ value, text: t(`leave.${value}`) }))}
        value={kind}
        onChange={setKind}
      />
      <div className="phone-field">
        <label htmlFor={`${id}-from`}>{t('leave.from')}</label>
        <input
          id={`${id}-from`}
          type="date"
          min={today}
          value={fromDay}
          onChange={(event) => {
            setFromDay(event.target.value)
            if (untilDay < event.target.value) setUntilDay(event.target.value)
          }}
        />
      </div>
      <div className="phone-field">
        <label htmlFor={`${id}-until`}>{t('leave.until')}</label>
        <input
          id={`${id}-until`}
          type="date"
          min={fromDay || today}
          value={untilDay}
          onChange={(event) => setUntilDay(event.target.value)}
        />
      </div>
      <div className="phone-field">
        <label htmlFor={`${id}-reason`}>{t('leave.reason')}</label>
        <textarea id={`${id}-reason`} rows={2} maxLength={200} value={reason} onChange={(event) => setReason(event.target.value)} />
      </div>
    </PhoneForm>
  )
}
