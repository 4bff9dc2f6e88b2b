// A change on the road that waits: somebody sits in the vehicle meanwhile, so it stands first.
import { useState } from 'react'
import type { RoadChangeRow } from '../../../services/contracts/api/travel.ts'
import { call } from '../../kit/api/session.ts'
import { ChangeText } from '../../parts/trip/ChangeText.tsx'
import { useText } from '../texts.ts'
import { Fault } from '../ui/Fault.tsx'
import { ReasonForm } from '../ui/ReasonForm.tsx'
import { useDeed } from '../useDeed.ts'

const reasons = ['tasks.why.plan', 'tasks.why.noNeed'] as const

export function ChangeTask({ row, onDone }: { row: RoadChangeRow; onDone: (said: string) => void }) {
  const { t } = useText()
  const deed = useDeed()
  const [refusing, setRefusing] = useState<'reject' | 'decline' | null>(null)
  const { changeId, version, mayAct } = row
  const take = async (action: 'approve' | 'reject' | 'make' | 'decline', reason = '') => {
    const done = await deed.run(() => call('actOnOrderChange', { params: { changeId }, body: { action, version, reason } }))
    if (done) onDone(t('tasks.done', { action: t(`changeAction.${action}`), to: row.applicant.name }))
  }
  return (
    <article className="phone-card" aria-label={`${t('change.title')} ${row.applicant.name}`}>
      <header className="phone-line">
        <span className="phone-state phone-state-warn">{t('change.title')}</span>
        <strong>{row.applicant.name}</strong>
        <span className="quiet">{row.unit.name}</span>
        <span className="quiet figure">{row.number}</span>
      </header>
      <ChangeText change={row} />
      <Fault error={deed.error} />
      {refusing ? (
        <ReasonForm
          title={t('tasks.reason.reject')}
          reasons={reasons.map((reason) => t(reason))}
          verb={t(`changeAction.${refusing}`)}
          busy={deed.busy}
          error={null}
          onDone={(reason) => void take(refusing, reason)}
          onLeave={() => setRefusing(null)}
        />
      ) : (
        <div className="phone-buttons">
          {(['reject', 'decline'] as const).map(
            (action) =>
              mayAct.includes(action) && (
                <button key={action} type="button" className="phone-button" onClick={() => setRefusing(action)}>
                  {t(`changeAction.${action}`)}
                </button>
              ),
          )}
          {(['approve', 'make'] as const).map(
            (action) =>
              mayAct.includes(action) && (
                <button
                  key={action}
                  type="button"
                  className="phone-button phone-strong"
                  disabled={deed.busy}
                  onClick={() => void take(action)}
                >
                  {t(`changeAction.${action}`)}
                </button>
              ),
          )}
        </div>
      )}
    </article>
  )
}
