// Requests from the scope: what was asked for means this; approve for the hours asked or fewer, refuse, or end. Never one's own.
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, InputNumber, Segmented } from 'antd'
import { useState } from 'react'
import type { DecidableUnmasking } from '../../../services/contracts/api/secrecy.ts'
import { call } from '../../kit/api/session.ts'
import { ReasonDialog } from '../../kit/form/ReasonDialog.tsx'
import { formatInstant } from '../../kit/format/time.ts'
import { EmptyState, ErrorState } from '../../kit/State.tsx'
import { useUrl, withEntries } from '../../kit/useUrl.ts'
import { nameOf } from './OwnPart.tsx'
import { StateWord, useStateNow } from './StateWord.tsx'
import { useText } from './texts.ts'

const views = ['pending', 'running', 'over'] as const
type Act = { row: DecidableUnmasking; kind: 'approve' | 'refuse' | 'end' }

export function DecidePart() {
  const { t } = useText()
  const { url, change } = useUrl()
  const queries = useQueryClient()
  const only = views.find((view) => view === url.only) ?? 'pending'
  const [act, setAct] = useState<Act | null>(null)
  const [hours, setHours] = useState(1)
  const { data, error, refetch } = useQuery({
    queryKey: ['unmaskings', 'decide', only],
    placeholderData: keepPreviousData,
    refetchInterval: 10_000,
    queryFn: ({ signal }) => call('listUnmaskings', { query: { only, limit: 100 }, signal }),
  })
  return (
    <section className="secrecy-part">
      <header className="secrecy-head">
        <Segmented
          value={only}
          options={views.map((view) => ({ value: view, label: t(`secrecy.only.${view}`) }))}
          onChange={(view) => change((old) => withEntries(old, { only: view === 'pending' ? undefined : view }))}
        />
      </header>
      {error && !data ? <ErrorState error={error} retry={() => void refetch()} /> : null}
      {!data && !error && <div className="bone" />}
      {data?.rows.length === 0 && <EmptyState title={t(`secrecy.none.${only}`)} text={t('secrecy.noneText')} />}
      <ul className="secrecy-list">
        {data?.rows.map((row) => (
          <DecideRow
            key={row.unmaskingId}
            row={row}
            onAct={(kind) => {
              setHours(Math.min(row.hours, row.maxHours))
              setAct({ row, kind })
            }}
          />
        ))}
      </ul>
      {act && (
        <ReasonDialog
          title={t(`secrecy.${act.kind}`)}
          text={t('secrecy.decideText', { who: act.row.askedBy.displayName, vehicle: nameOf(act.row.asked) })}
          danger={act.kind !== 'approve'}
          onClose={() => setAct(null)}
          onSubmit={async (reason) => {
            const params = { unmaskingId: act.row.unmaskingId }
            if (act.kind === 'approve') await call('approveUnmasking', { params, body: { hours, reason } })
            else await call(act.kind === 'refuse' ? 'refuseUnmasking' : 'endUnmasking', { params, body: { reason } })
            setAct(null)
            void queries.invalidateQueries({ queryKey: ['unmaskings'] })
          }}
        >
          {act.kind === 'approve' && (
            // biome-ignore lint/a11y/noLabelWithoutControl: the input is the control inside
            <label>
              {t('secrecy.hours', { max: Math.min(act.row.hours, act.row.maxHours) })}
              <InputNumber
                min={1}
                max={Math.min(act.row.hours, act.row.maxHours)}
                precision={0}
                value={hours}
                onChange={(value) => setHours(value ?? 1)}
              />
            </label>
          )}
        </ReasonDialog>
      )}
    </section>
  )
}

function DecideRow({ row, onAct }: { row: DecidableUnmasking; onAct: (kind: Act['kind']) => void }) {
  const { t } = useText()
  const state = useStateNow(row)
  return (
    <li>
      <div className="secrecy-row">
        <strong>{nameOf(row.asked)}</strong>
        <StateWord state={row.state} until={row.until} />
      </div>
      <p>{row.purpose}</p>
      <p className="quiet">
        {t('kit.aside', { what: row.askedBy.displayName, aside: row.askedBy.organisation })}{' '}
        <span className="figure">
          {t('secrecy.askedAt', { n: row.unmaskingId, at: formatInstant(Date.parse(row.askedAt)).slice(0, 16), hours: row.hours })}
        </span>
      </p>
      <p className={row.finding === 'secret' ? 'secrecy-finding' : 'secrecy-finding quiet'}>
        {row.finding === 'secret'
          ? t('secrecy.finding.secret', { no: row.secretNo!, unit: row.unit!.name })
          : t(`secrecy.finding.${row.finding ?? 'own'}`)}
      </p>
      {row.decided && <p className="quiet">{t('secrecy.decided', { who: row.decided.by.displayName, reason: row.decided.reason })}</p>}
      {row.ended?.reason && (
        <p className="quiet">{t('secrecy.endedBy', { who: row.ended.by?.displayName ?? '', reason: row.ended.reason })}</p>
      )}
      <div className="secrecy-actions">
        {state === 'pending' && row.mayDecide && (
          <>
            <Button size="small" type="primary" disabled={row.finding !== 'secret'} onClick={() => onAct('approve')}>
              {t('secrecy.approve')}
            </Button>
            <Button size="small" onClick={() => onAct('refuse')}>
              {t('secrecy.refuse')}
            </Button>
          </>
        )}
        {state === 'approved' && (
          <Button size="small" danger onClick={() => onAct('end')}>
            {t('secrecy.end')}
          </Button>
        )}
      </div>
    </li>
  )
}
