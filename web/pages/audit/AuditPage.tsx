// 审计日志: who did what, when and why; a record opens beside the list; the chain is verified from here.
import { DownloadOutlined } from '@ant-design/icons'
import { useInfiniteQuery, useMutation } from '@tanstack/react-query'
import { Button } from 'antd'
import { errorText } from '../../kit/api/errorText.ts'
import { saveFile } from '../../kit/api/saveFile.ts'
import { call, may, useAccount } from '../../kit/api/session.ts'
import { formatInstant } from '../../kit/format/time.ts'
import { useRowKeys } from '../../kit/list/useRowKeys.ts'
import { EmptyState, ErrorState } from '../../kit/State.tsx'
import { useUrl, withEntries } from '../../kit/useUrl.ts'
import { AuditFilters } from './AuditFilters.tsx'
import { AuditTable } from './AuditTable.tsx'
import { useText } from './texts.ts'
import '../../kit/list/list.css'
import '../../kit/panel/cards.css'
import './audit.css'
import { type FilterKey, filterKeys, isFiltered, readFilter } from './filterUrl.ts'
import { RecordPanel } from './RecordPanel.tsx'
import { VerifyPanel } from './VerifyPanel.tsx'

export function AuditPage() {
  const { t, locale } = useText()
  const account = useAccount()
  const { url, change } = useUrl()
  const filter = readFilter(url)
  const seq = /^[1-9]\d{0,15}$/.test(url.record ?? '') ? Number(url.record) : null
  const own = account.permissions['audit.view'].reach === 'self'
  const { data, error, isFetching, fetchNextPage, hasNextPage, refetch } = useInfiniteQuery({
    queryKey: ['audit', filter],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => call('listAudit', { query: { ...filter, cursor: pageParam }, signal }),
    getNextPageParam: ({ next }) => next ?? undefined,
  })
  const save = useMutation({ mutationFn: () => saveFile('exportAudit', { query: filter }) })
  const rows = data?.pages.flatMap((page) => page.rows)
  const searchedTo = data?.pages.at(-1)?.searchedTo

  const open = (next: number | null) => change((old) => withEntries(old, { record: next === null ? undefined : String(next) }))
  const narrow = (entries: Partial<Record<FilterKey, string | undefined>>) => change((old) => withEntries(old, entries))
  useRowKeys(seq !== null, () => open(null))

  return (
    <div className={seq === null ? 'audit' : 'audit audit-open'}>
      <div className="audit-main">
        <header className="audit-head">
          <h1>{t('audit.title')}</h1>
          {own && <span className="quiet">{t('audit.ownOnly')}</span>}
          {may(account, 'audit.export') && (
            <Button icon={<DownloadOutlined />} title={t('audit.exportText')} loading={save.isPending} onClick={() => save.mutate()}>
              {t('audit.export')}
            </Button>
          )}
        </header>
        {save.error && (
          <p className="audit-broken" role="alert">
            {errorText(save.error, t, locale)}
          </p>
        )}
        {may(account, 'audit.export') && <VerifyPanel />}
        <AuditFilters
          url={url}
          own={own}
          onChange={narrow}
          onClear={() => change((old) => withEntries(old, Object.fromEntries(filterKeys.map((key) => [key, undefined]))))}
        />
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must be reached by keyboard */}
        <section className="audit-scroll" aria-label={t('audit.title')} aria-busy={isFetching} tabIndex={0}>
          {error && !data ? (
            <ErrorState error={error} retry={() => void refetch()} />
          ) : rows?.length === 0 && !hasNextPage ? (
            <EmptyState title={t('audit.emptyTitle')} text={isFiltered(url) ? t('audit.emptyFiltered') : t('audit.emptyText')} />
          ) : (
            <AuditTable rows={rows} selected={seq} onOpen={open} />
          )}
          {data && hasNextPage && (
            <div className="audit-more">
              {searchedTo && <span className="quiet">{t('audit.searchedTo', { time: formatInstant(Date.parse(searchedTo)) })}</span>}
              <Button loading={isFetching} onClick={() => void fetchNextPage()}>
                {t('audit.more')}
              </Button>
            </div>
          )}
        </section>
      </div>
      {seq !== null && <RecordPanel key={seq} seq={seq} onClose={() => open(null)} />}
    </div>
  )
}
