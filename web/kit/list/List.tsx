// A declared list as a page: title, search, total, actions, filters, the rows, the pages, and a drawer beside them.
import { Button } from 'antd'
import { Fragment } from 'react'
import { type ExportSubject, exportLists } from '../../../services/contracts/exchange.ts'
import { formatCount } from '../format/number.ts'
import { useText } from '../texts.ts'
import { withEntries } from '../useUrl.ts'
import type { ListEndpoint, RowOf } from './declareList.ts'
import { ExportButton } from './ExportButton.tsx'
import { ListTable, type Ticks } from './ListTable.tsx'
import './list.css'
import { Pages } from './Pages.tsx'
import { SearchField } from './SearchField.tsx'
import { type ListState, PAGE_ROWS } from './useList.ts'
import { useRowKeys } from './useRowKeys.ts'

type Props<N extends ListEndpoint, K extends string, Id extends number | string> = {
  of: ListState<N, K, Id>
  /** For a look that only this list has. */
  className?: string
  /** Beside the title. */
  note?: React.ReactNode
  actions?: React.ReactNode
  /** Between the title and the filters. */
  lead?: React.ReactNode
  /** After the fields that are declared. */
  moreFilters?: React.ReactNode
  /** Between the filters and the rows. */
  above?: React.ReactNode
  ticks?: Ticks<RowOf<N>>
  /** What a row does, where it is not opened beside the list. */
  onOpen?: (row: RowOf<N>) => void
  /** What the rows stand in, where it is more than the table. */
  body?: (table: React.ReactNode) => React.ReactNode
  /** After the last row there is for now. */
  foot?: React.ReactNode
  drawer?: React.ReactNode
  /** What is seen cannot be exported just now. */
  unexported?: boolean
  /** Dialogs of the page. */
  children?: React.ReactNode
}

export function List<N extends ListEndpoint, K extends string, Id extends number | string>(props: Props<N, K, Id>) {
  const { of, className, note, actions, lead, moreFilters, above, body, foot, drawer, unexported = false, children } = props
  const { list, t, locale, page, total, fields, change, set, open } = of
  const { texts, exported } = list
  const listed = exported && !unexported
  useRowKeys(Boolean(drawer), () => open(null))
  const table = <Rows {...props} />
  return (
    <div className={['list-page', drawer ? 'list-open' : '', className ?? ''].filter(Boolean).join(' ')}>
      <div className="list-main">
        <header className="list-head">
          <h1>{t(texts.title)}</h1>
          {texts.search && <SearchField hint={t(texts.search)} />}
          {note}
          {texts.total && (
            <span className="quiet figure" aria-live="polite">
              {total === undefined ? '' : t(texts.total, { n: formatCount(total) })}
            </span>
          )}
          {(actions || listed) && (
            <span className="list-actions">
              {actions}
              {listed && (
                <ExportButton
                  subject={exportLists[exported] as ExportSubject}
                  list={exported}
                  filter={of.filter as Record<string, string>}
                />
              )}
            </span>
          )}
        </header>
        {lead}
        {(fields.length > 0 || moreFilters) && (
          <search className="list-filters">
            {fields.map(({ name, text, show }) => (
              <Fragment key={name}>{show({ t, locale, text, url: of.url, set: (next) => set({ [name]: next }) })}</Fragment>
            ))}
            {moreFilters}
          </search>
        )}
        {above}
        <div className="list-scroll" aria-busy={of.busy}>
          {body ? body(table) : table}
          {foot}
        </div>
        {!list.whole && (
          <Pages
            className="list-pages"
            page={page}
            size={PAGE_ROWS}
            total={total}
            onPage={(next) => change((old) => withEntries(old, { page: next === 1 ? undefined : String(next) }))}
          />
        )}
      </div>
      {drawer}
      {children}
    </div>
  )
}

/** The rows, or in their place why there are none. */
function Rows<N extends ListEndpoint, K extends string, Id extends number | string>({ of, ticks, onOpen }: Props<N, K, Id>) {
  const { t: own } = useText()
  const { list, t, narrowed } = of
  const { texts, idOf } = list
  const empty = narrowed
    ? {
        title: t(texts.noMatchTitle ?? texts.emptyTitle),
        text: texts.noMatchText ? t(texts.noMatchText) : own('kit.noMatch'),
        action: <Button onClick={of.clear}>{own('kit.clear')}</Button>,
      }
    : { title: t(texts.emptyTitle), text: t(texts.emptyText) }
  return (
    <ListTable
      name={t(texts.title)}
      said={of}
      columns={list.columns}
      ticks={ticks}
      rows={of.rows}
      idOf={idOf}
      selected={of.opened}
      onOpen={onOpen ?? ((row) => of.open(idOf(row)))}
      error={of.error}
      retry={of.retry}
      empty={of.next === null ? empty : undefined}
    />
  )
}
