// Messages that were acknowledged but not stored, with the reason and their bytes; they can be put through again.
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Input, Select } from 'antd'
import { type QuarantineReason, quarantineReasons } from '../../../services/contracts/position.ts'
import { TERMINAL_ID } from '../../../services/contracts/topics.ts'
import { call } from '../../kit/api/session.ts'
import { formatCount } from '../../kit/format/number.ts'
import { Pages } from '../../kit/list/Pages.tsx'
import { EmptyState, ErrorState } from '../../kit/State.tsx'
import { useUrl, withEntries } from '../../kit/useUrl.ts'
import { QuarantineRow } from './QuarantineRow.tsx'
import { useText } from './texts.ts'

const PAGE_SIZE = 20

export function QuarantinePart() {
  const { t } = useText()
  const { url, change } = useUrl()
  const reason = quarantineReasons.find((known) => known === url.reason)
  const terminalId = url.terminal && TERMINAL_ID.test(url.terminal) ? url.terminal : undefined
  const page = /^[1-9]\d{0,4}$/.test(url.page ?? '') ? Number(url.page) : 1
  const { data, error, refetch } = useQuery({
    queryKey: ['quarantine', reason, terminalId, page],
    placeholderData: keepPreviousData,
    refetchInterval: 15_000,
    queryFn: ({ signal }) =>
      call('listQuarantine', { query: { reason, terminalId, limit: PAGE_SIZE, offset: (page - 1) * PAGE_SIZE }, signal }),
  })
  return (
    <section className="card" aria-labelledby="quarantine-title">
      <div className="card-head">
        <h2 id="quarantine-title">
          {t('quarantine.title')} <span className="quiet figure">{data ? formatCount(data.total) : ''}</span>
        </h2>
        <Select
          className="quarantine-reason"
          allowClear
          aria-label={t('quarantine.reason')}
          placeholder={t('quarantine.reason')}
          value={reason}
          options={quarantineReasons.map((value: QuarantineReason) => ({ value, label: t(`reason.${value}`) }))}
          onChange={(value: QuarantineReason | undefined) => change((old) => withEntries(old, { reason: value, page: undefined }))}
        />
        <Input.Search
          className="quarantine-terminal"
          allowClear
          aria-label={t('quarantine.terminal')}
          placeholder={t('quarantine.terminal')}
          defaultValue={url.terminal}
          status={url.terminal && !terminalId ? 'error' : undefined}
          onSearch={(value) => change((old) => withEntries(old, { terminal: value.trim() || undefined, page: undefined }))}
        />
      </div>
      <p className="quiet">{t('quarantine.text')}</p>
      {error && !data && <ErrorState error={error} retry={() => void refetch()} />}
      {!data && !error && <div className="bone bone-card" aria-hidden="true" />}
      {data?.total === 0 && (
        <EmptyState
          title={t('quarantine.emptyTitle')}
          text={reason || terminalId ? t('quarantine.emptyFiltered') : t('quarantine.emptyText')}
        />
      )}
      <ul className="quarantine">
        {data?.rows.map((row) => (
          <QuarantineRow key={row.quarantineId} row={row} />
        ))}
      </ul>
      <Pages
        page={page}
        size={PAGE_SIZE}
        total={data?.total}
        onPage={(next) => change((old) => withEntries(old, { page: next === 1 ? undefined : String(next) }))}
      />
    </section>
  )
}
