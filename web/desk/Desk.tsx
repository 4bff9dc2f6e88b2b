// The layout of a list on the desk: title, search, filters, the rows, the pages, and a drawer beside them. What is shown is in the URL.
import { SearchOutlined } from '@ant-design/icons'
import { Input, Pagination } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { ExportButton } from '../exchange/ExportButton.tsx'
import '../fleet/fleet.css'
import { useSettled } from '../frame/useSettled.ts'
import { usePhone } from '../theme/media.ts'
import type { UrlText } from '../urlText.ts'
import { useUrl, withEntries } from '../useUrl.ts'
import './desk.css'
import { useRowKeys } from './useRowKeys.ts'

export const DESK_PAGE = 50

/** The page number and search of a list's URL, and the way to change them. A new search or filter begins at page one. */
export function useDesk() {
  const { url, change } = useUrl()
  const page = /^[1-9]\d{0,4}$/.test(url.page ?? '') ? Number(url.page) : 1
  const set = (entries: Record<string, string | undefined>) => change((old: UrlText) => withEntries(old, { page: undefined, ...entries }))
  const open = (id: number | null) =>
    change((old: UrlText) => withEntries(old, { id: id === null ? undefined : String(id), tab: undefined }))
  const id = /^[1-9]\d{0,9}$/.test(url.id ?? '') ? Number(url.id) : null
  return { url, change, page, offset: (page - 1) * DESK_PAGE, q: url.q ?? '', set, open, id }
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

export function Desk({ title, searchHint, total, count, busy, actions, exported, filters, above, drawer, onCloseDrawer, children }: Props) {
  const { q, page, change, open } = useDesk()
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
    <div className={drawer ? 'fleet fleet-open desk' : 'fleet desk'}>
      <div className="fleet-main">
        <header className="fleet-head">
          <h1>{title}</h1>
          <Input
            className="fleet-search"
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
            <span className="desk-actions">
              {actions}
              {exported && <ExportButton {...exported} />}
            </span>
          )}
        </header>
        {filters && <div className="filters">{filters}</div>}
        {above}
        <div className="fleet-scroll" aria-busy={busy}>
          {children}
        </div>
        {count !== undefined && count > DESK_PAGE && (
          <Pagination
            className="fleet-pages"
            current={page}
            pageSize={DESK_PAGE}
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
