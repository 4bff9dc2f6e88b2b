// The imports of the scope, newest first; one opens above the list.
import { useQuery } from '@tanstack/react-query'
import { call } from '../../kit/api/session.ts'
import { formatCount } from '../../kit/format/number.ts'
import { formatInstant } from '../../kit/format/time.ts'
import { EmptyState, ErrorState } from '../../kit/State.tsx'
import { useText } from './texts.ts'

export function ImportHistory({ chosen, onOpen }: { chosen: number | null; onOpen: (importId: number) => void }) {
  const { t } = useText()
  const { data, error, refetch } = useQuery({
    queryKey: ['imports'],
    queryFn: ({ signal }) => call('listImports', { query: { limit: 20 }, signal }),
  })
  return (
    <section className="card" aria-labelledby="import-history">
      <h2 id="import-history">{t('exchange.history')}</h2>
      {error && !data && <ErrorState error={error} retry={() => void refetch()} />}
      {!data && !error && <div className="bone" aria-hidden="true" />}
      {data?.total === 0 && <EmptyState title={t('exchange.historyEmptyTitle')} text={t('exchange.historyEmptyText')} />}
      {data && data.total > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a table that scrolls must be reached by keyboard
        <section className="exchange-scroll" tabIndex={0} aria-label={t('exchange.history')}>
          <table className="exchange-table">
            <thead>
              <tr>
                <th scope="col">{t('exchange.file')}</th>
                <th scope="col">{t('exchange.subject')}</th>
                <th scope="col">{t('exchange.result')}</th>
                <th scope="col">{t('exchange.created')}</th>
                <th scope="col">{t('exchange.changed')}</th>
                <th scope="col">{t('exchange.problems')}</th>
                <th scope="col">{t('exchange.who')}</th>
                <th scope="col">{t('exchange.when')}</th>
              </tr>
            </thead>
            <tbody>
              {data.rows.map((row) => (
                <tr key={row.importId} className={row.importId === chosen ? 'exchange-chosen' : undefined}>
                  <td>
                    <button type="button" className="bare exchange-open" onClick={() => onOpen(row.importId)}>
                      {row.fileName}
                    </button>
                  </td>
                  <td>{t(`exchange.subject.${row.subject}`)}</td>
                  <td className={row.state === 'refused' ? 'exchange-broken' : undefined}>{t(`exchange.state.${row.state}`)}</td>
                  <td className="figure">{formatCount(row.created)}</td>
                  <td className="figure">{formatCount(row.changed)}</td>
                  <td className="figure">{formatCount(row.problemCount)}</td>
                  <td>{row.by}</td>
                  <td className="figure">{formatInstant(Date.parse(row.createdAt))}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </section>
  )
}
