// 监督说明: what is suspected and waits for one's answer, as a driver or for one's unit; one of them with its answer, which may be given without a network.
import { useQuery } from '@tanstack/react-query'
import type { FindingRow } from '../../../services/contracts/api/supervision.ts'
import type { Account } from '../../../services/contracts/api.ts'
import { isVerified } from '../../../services/domain/supervision/findings.ts'
import { EmptyState, ErrorState } from '../../kit/State.tsx'
import { figureOf, noteOf } from '../../parts/supervision/figure.ts'
import { instantInWords } from '../../parts/trip/when.ts'
import { isAnswer } from '../outbox/entries.ts'
import { callOrLast } from '../outbox/lastAnswer.ts'
import { useEntries } from '../outbox/outbox.ts'
import { useText } from '../texts.ts'
import { AsideEntry } from '../trips/AsideEntry.tsx'

export function FindingsScreen({ account }: { account: Account }) {
  const { t } = useText()
  const { data, error, refetch } = useQuery({
    queryKey: ['phone', 'findings'],
    queryFn: () => callOrLast(account.username, 'listSupervisionFindings', { query: { limit: 50 } }),
    refetchInterval: 30_000,
  })
  const own = useEntries().filter((entry) => isAnswer(entry) && entry.username === account.username)
  return (
    <div className="phone-page">
      <h1>{t('finding.title')}</h1>
      {own.map((entry) => entry.aside && <AsideEntry key={entry.id} entry={entry} />)}
      {!data && (error ? <ErrorState error={error} retry={() => void refetch()} /> : <div className="bone" aria-busy="true" />)}
      {data?.rows.length === 0 && <EmptyState title={t('finding.none')} text={t('finding.noneText')} />}
      <div className="phone-cards">
        {data?.rows.map((row) => (
          <FindingCard key={row.findingId} row={row} />
        ))}
      </div>
    </div>
  )
}

/** Nobody is called anything but suspected before it was verified. */
export function FindingTitle({ row }: { row: Pick<FindingRow, 'rule' | 'state'> }) {
  const { t } = useText()
  const rule = t(`rule.${row.rule}`)
  return <>{isVerified(row.state) ? rule : t('finding.suspected', { rule })}</>
}

function FindingCard({ row }: { row: FindingRow }) {
  const { t, locale } = useText()
  const asked = row.mayAct.includes('explain')
  return (
    <a className="phone-card phone-open" href={`#me/findings/${row.findingId}`}>
      <span className="phone-line">
        <strong>
          <FindingTitle row={row} />
        </strong>
        <span className={`phone-state phone-state-${asked ? 'warn' : 'good'}`}>{t(`supervisionState.${row.state}`)}</span>
      </span>
      <span className="phone-line quiet">
        <span className="figure">{row.vehicle.plate}</span>
        <span className="figure">{instantInWords(row.from, locale)}</span>
        <span className="figure">
          {figureOf(row, locale)} {noteOf(row.note, locale)}
        </span>
      </span>
      {asked && row.dueAt && <span className="quiet">{t('finding.by', { time: instantInWords(row.dueAt, locale) })}</span>}
    </a>
  )
}
