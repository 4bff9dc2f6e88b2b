// The layout of a list: title, search, filters, the rows, the pages, and a drawer beside them. What is shown is in the URL.
import { SearchOutlined } from '@ant-design/icons'
import { Input, Pagination } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { usePhone } from '../theme/media.ts'
import type { UrlText } from '../urlText.ts'
import { useSettled } from '../useSettled.ts'
import { useUrl, withEntries } from '../useUrl.ts'
import { ExportButton } from './ExportButton.tsx'
import './list.css'
import { useRowKeys } from './useRowKeys.ts'

export const PAGE_ROWS = 50

/** The page number and search of a list's URL, and the way to change them. A new search or filter begins at page one. */
export function useListUrl() {
  const { url, change } = useUrl()
  const page = /^[1-9]\d{0,4}$/.test(url.page ?? '') ? Number(url.page) : 1
  const set = (entries: Record<string, string | undefined>) => change((old: UrlText) => withEntries(old, { page: undefined, ...entries }))
  const open = (id: number | string | null) =>
    change((old: UrlText) => withEntries(old, { id: id === null ? undefined : String(id), tab: undefined }))
  const id = /^[1-9]\d{0,9}$/.test(url.id ?? '') ? Number(url.id) : null
  return { url, change, page, offset: (page - 1) * PAGE_ROWS, q: url.q ?? '', set, open, id }
}

type Props = {
  title: string
  searchHint: string
  total: string
  /** How many rows there are in all; undefined while unknown. */
  count: number | undefined
  busy: boolean
  actions?: React.ReactNode
  /** What the list is exported as: its own filter, without page and size. Roles that may not export see no button. */
  exported?: React.ComponentProps<typeof ExportButton>
  filters?: React.ReactNode
  above?: React.ReactNode
  drawer?: React.ReactNode
  /** How the drawer is closed, where it is not the row `id` of the address. */
  onCloseDrawer?: () => void
  children: React.ReactNode
}

export function ListPage({
  title,
  searchHint,
  total,
  count,
  busy,
  actions,
  exported,
  filters,
  above,
  drawer,
  onCloseDrawer,
  children,
}: Props) {
  const { q, page, change, open } = useListUrl()
  const phone = usePhone()
  const [typed, setTyped] = useState(q)
  const settled = useSettled(typed, 250)
  /** The search as this field last put it into the address. */
  const written = useRef(q)
  useEffect(() => {
    written.current = settled
    change((old) => ((old.q ?? '') === settled ? old : withEntries(old, { q: settled || undefined, page: undefined })), 'follow')
  }, [settled, change])
  // A search that came from elsewhere (a link, clearing the filters) is shown; what is being typed is not taken back.
  useEffect(() => {
    if (written.current !== q) setTyped(q)
    written.current = q
  }, [q])
  useRowKeys(drawer !== undefined && drawer !== null && drawer !== false, onCloseDrawer ?? (() => open(null)))
  return (
    <div className={drawer ? 'list-page list-open' : 'list-page'}>
      <div className="list-main">
        <header className="list-head">
          <h1>{title}</h1>
          <Input
            className="list-search"
            prefix={<SearchOutlined />}
            allowClear
            maxLength={64}
            value={typed}
            aria-label={searchHint}
            placeholder={searchHint}
            onChange={(event) => setTyped(event.target.value)}
          />
          <span className="quiet figure" aria-live="polite">
            {total}
          </span>
          {(actions || exported) && (
            <span className="list-actions">
              {actions}
              {exported && <ExportButton {...exported} />}
            </span>
          )}
        </header>
        {filters && <div className="filters">{filters}</div>}
        {above}
        <div className="list-scroll" aria-busy={busy}>
          {children}
        </div>
        {count !== undefined && count > PAGE_ROWS && (
          <Pagination
            className="list-pages"
            current={page}
            pageSize={PAGE_ROWS}
            total={count}
            showSizeChanger={false}
            simple={phone && { readOnly: true }}
            onChange={(next) => change((old) => withEntries(old, { page: next === 1 ? undefined : String(next) }))}
          />
        )}
      </div>
      {drawer}
    </div>
  )
}
