// Work that the system owes: what was given up first, then what is tried again, then what comes next.
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import { Button, Segmented } from 'antd'
import { useState } from 'react'
import type { JobRow } from '../../../services/contracts/api.ts'
import { errorText } from '../../kit/api/errorText.ts'
import { call, may, queryClient, useAccount } from '../../kit/api/session.ts'
import { formatCount } from '../../kit/format/number.ts'
import { formatInstant } from '../../kit/format/time.ts'
import { Pages } from '../../kit/list/Pages.tsx'
import { ErrorState } from '../../kit/State.tsx'
import { useText } from './texts.ts'

const PAGE_SIZE = 10
const views = ['owed', 'done'] as const

export function JobsPart() {
  const { t } = useText()
  const [view, setView] = useState<(typeof views)[number]>('owed')
  const [page, setPage] = useState(1)
  const { data, error, refetch } = useQuery({
    queryKey: ['jobs', view, page],
    placeholderData: keepPreviousData,
    refetchInterval: 10_000,
    queryFn: ({ signal }) =>
      call('listJobs', {
        query: { state: view === 'done' ? 'done' : undefined, limit: PAGE_SIZE, offset: (page - 1) * PAGE_SIZE },
        signal,
      }),
  })
  return (
    <section className="card" aria-labelledby="jobs-title">
      <div className="card-head">
        <h2 id="jobs-title">
          {t('jobs.title')} <span className="quiet figure">{data ? formatCount(data.total) : ''}</span>
        </h2>
        <Segmented
          aria-label={t('jobs.view')}
          value={view}
          onChange={(value) => {
            setView(value)
            setPage(1)
          }}
          options={views.map((value) => ({ value, label: t(`jobs.${value}`) }))}
        />
      </div>
      {error && !data && <ErrorState error={error} retry={() => void refetch()} />}
      {data?.rows.length === 0 && <p className="quiet">{t(view === 'done' ? 'jobs.noneDone' : 'jobs.none')}</p>}
      <ul className="quarantine-list">
        {data?.rows.map((row) => (
          <JobLine key={row.jobId} row={row} />
        ))}
      </ul>
      <Pages small page={page} size={PAGE_SIZE} total={data?.total} onPage={setPage} />
    </section>
  )
}

function JobLine({ row }: { row: JobRow }) {
  const { t, locale } = useText()
  const account = useAccount()
  const retry = useMutation({
    mutationFn: () => call('retryJob', { params: { jobId: row.jobId } }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['jobs'] }),
  })
  const bad = row.state === 'given-up' || row.state === 'failing'
  return (
    <li className="quarantine-row">
      <div className="quarantine-head job-head">
        <strong>{nameOf(row.kind, t)}</strong>
        <span className={bad ? 'alarm' : 'quiet'}>{t(`jobs.state.${row.state}`)}</span>
        <span className="quiet figure">
          {row.endedAt ? formatInstant(Date.parse(row.endedAt)) : t('jobs.due', { time: formatInstant(Date.parse(row.runAt)) })}
          {row.attempts > 1 && ` · ${t('jobs.attempts', { n: formatCount(row.attempts) })}`}
        </span>
        {row.key !== 'clock' && <span className="quiet">{row.key}</span>}
        {row.state === 'given-up' && may(account, 'operations.act') && (
          <Button loading={retry.isPending} onClick={() => retry.mutate()}>
            {t('jobs.retry')}
          </Button>
        )}
      </div>
      {row.lastError && bad && (
        <p className="alarm" lang="en">
          {row.lastError}
        </p>
      )}
      {retry.error && (
        <p className="alarm" role="alert">
          {errorText(retry.error, t, locale)}
        </p>
      )}
    </li>
  )
}

const named = ['unmaskings.end', 'seats.settle', 'jobs.forget'] as const

/** A kind of a later release that this page does not know yet shows its name as it stands. */
function nameOf(kind: string, t: ReturnType<typeof useText>['t']): string {
  const known = named.find((name) => name === kind)
  return known ? t(`jobs.kind.${known}`) : kind
}
