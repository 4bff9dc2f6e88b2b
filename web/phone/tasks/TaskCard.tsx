// One request that waits for an approval, or an emergency that is approved afterwards against its deadline.
import { useState } from 'react'
import type { RequestRow } from '../../../services/contracts/api/requests.ts'
import { call } from '../../kit/api/session.ts'
import { formatClock, formatDay, formatDuration } from '../../kit/format/time.ts'
import { useNow } from '../../kit/useNow.ts'
import { BudgetLeft } from '../../parts/trip/BudgetLeft.tsx'
import { useText } from '../texts.ts'
import { Fault } from '../ui/Fault.tsx'
import { ReasonForm } from '../ui/ReasonForm.tsx'
import { Route } from '../ui/Route.tsx'
import { useDeed } from '../useDeed.ts'
import { SameDays } from './SameDays.tsx'

type Props = {
  row: RequestRow
  own: boolean
  fault: unknown
  approve: () => Promise<unknown>
  onDone: (said: string) => void
  tick: { on: boolean; set: (on: boolean) => void } | undefined
}

const reasons = {
  giveBack: ['tasks.why.times', 'tasks.why.purpose', 'tasks.why.people', 'tasks.why.share'],
  reject: ['tasks.why.notOfficial', 'tasks.why.publicTransport', 'tasks.why.noNeed'],
  ratify: ['tasks.why.true', 'tasks.why.agreed'],
} as const
type Asked = keyof typeof reasons

export function TaskCard({ row, own, fault, approve, onDone, tick }: Props) {
  const { t } = useText()
  const deed = useDeed()
  const [asked, setAsked] = useState<Asked | null>(null)
  const { requestId, version, state } = row
  const ratifies = state !== 'SUBMITTED'
  const take = async (action: Asked, reason: string) => {
    const done = await deed.run(() =>
      action === 'ratify'
        ? call('ratifyRequest', { params: { requestId }, body: { version, reason } })
        : call('actOnRequest', { params: { requestId }, body: { action, version, reason } }),
    )
    if (done) onDone(t('tasks.done', { action: t(`requestAction.${action}`), to: row.to.name }))
  }
  const name = `${row.applicant.name} ${row.to.name}`
  return (
    <article className="phone-card" aria-label={name}>
      <header className="phone-line">
        {tick && (
          <label className="phone-tick">
            <input
              type="checkbox"
              checked={tick.on}
              onChange={(event) => tick.set(event.target.checked)}
              aria-label={t('tasks.tick', { name })}
            />
          </label>
        )}
        <strong>{row.applicant.name}</strong>
        <span className="quiet">{row.unit.name}</span>
      </header>
      {ratifies && <Deadline row={row} />}
      <p className="phone-purpose">
        {t(`tripPurpose.${row.purposeKind}`)} · {row.purpose}
      </p>
      <Route {...row} />
      {row.approval && row.approval.of > 1 && !ratifies && (
        <p className="quiet">
          {t(`approvalLevel.${row.approval.level}`)} {t('tasks.turn', { at: row.approval.at, of: row.approval.of })}
        </p>
      )}
      {!row.withDriver && <p className="quiet">{t('book.withoutDriver')}</p>}
      {row.budget && (
        <p className="quiet">
          {t('tasks.budget')} <BudgetLeft budget={row.budget} />
        </p>
      )}
      <SameDays row={row} />
      <Fault error={deed.error ?? fault} />
      {own && <p className="quiet">{t('tasks.own')}</p>}
      {!own && asked && (
        <ReasonForm
          title={t(`tasks.reason.${asked}`)}
          reasons={reasons[asked].map((reason) => t(reason))}
          verb={t(`requestAction.${asked}`)}
          busy={deed.busy}
          error={null}
          onDone={(reason) => void take(asked, reason)}
          onLeave={() => setAsked(null)}
        />
      )}
      {!own && !asked && (
        <div className="phone-buttons">
          {ratifies ? (
            <button type="button" className="phone-button phone-strong" onClick={() => setAsked('ratify')}>
              {t('requestAction.ratify')}
            </button>
          ) : (
            <>
              <button type="button" className="phone-button" onClick={() => setAsked('reject')}>
                {t('requestAction.reject')}
              </button>
              <button type="button" className="phone-button" onClick={() => setAsked('giveBack')}>
                {t('requestAction.giveBack')}
              </button>
              <button
                type="button"
                className="phone-button phone-strong"
                disabled={deed.busy}
                onClick={async () => {
                  if (await deed.run(approve)) onDone(t('tasks.done', { action: t('requestAction.approve'), to: row.to.name }))
                }}
              >
                {t('requestAction.approve')}
              </button>
            </>
          )}
        </div>
      )}
    </article>
  )
}

function Deadline({ row }: { row: RequestRow }) {
  const { t, locale } = useText()
  const now = useNow(30_000)
  const by = Date.parse(row.ratifyBy!)
  const late = now > by
  return (
    <p className={late ? 'phone-deadline phone-late' : 'phone-deadline'}>
      <strong>{t('requestKind.emergency')}</strong>{' '}
      {t(late ? 'tasks.late' : 'tasks.by', {
        time: `${formatDay(by, locale)} ${formatClock(by)}`,
        left: formatDuration(Math.abs(by - now), locale),
      })}
    </p>
  )
}
