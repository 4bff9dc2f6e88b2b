// The layout of a list on the desk: title, search, filters, the rows, the pages, and a drawer beside them. What is shown is in the URL.
import { SearchOutlined } from '@ant-design/icons'
import { Input, Pagination } from 'antd'
import { useEffect, useState } from 'react'
import { ExportButton } from '../exchange/ExportButton.tsx'
import '../fleet/fleet.css'
import { useSettled } from '../frame/useSettled.ts'
import type { UrlText } from '../urlText.ts'
import { useUrl, withEntries } from '../useUrl.ts'
import './desk.css'

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
  children: React.ReactNode
}

export function Desk({ title, searchHint, total, count, busy, actions, exported, filters, above, drawer, children }: Props) {
  const { q, page, change, open, id } = useDesk()
  const [typed, setTyped] = useState(q)
  const settled = useSettled(typed, 250)
  useEffect(() => {
    change((old) => ((old.q ?? '') === settled ? old : withEntries(old, { q: settled || undefined, page: undefined })), 'follow')
  }, [settled, change])
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && id !== null && !document.querySelector('.ant-modal-wrap, .ant-popover:not(.ant-popover-hidden)'))
        open(null)
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  })
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
            onChange={(next) => change((old) => withEntries(old, { page: next === 1 ? undefined : String(next) }))}
          />
        )}
      </div>
      {drawer}
    </div>
  )
}
