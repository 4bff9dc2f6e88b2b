// Search over plates, units and drivers from anywhere: arrows move, Enter opens the vehicle on the map, Esc closes.
import { SearchOutlined } from '@ant-design/icons'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Modal } from 'antd'
import { useDeferredValue, useId, useState } from 'react'
import { call } from '../api/session.ts'
import { formatCount } from '../format/number.ts'
import { useText } from '../i18n/i18n.ts'
import { StatusWord } from '../marks/Marks.tsx'
import { Plate } from '../marks/Plate.tsx'
import type { UrlText } from '../urlText.ts'
import { withEntries } from '../useUrl.ts'
import { ErrorState } from './State.tsx'
import { useSettled } from './useSettled.ts'

const LIMIT = 12

export function SearchPalette({ onClose }: { onClose: () => void }) {
  const { t } = useText()
  const navigate = useNavigate()
  const listId = useId()
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  // A plate is often typed as it is printed, with the middle dot.
  const q = useSettled(useDeferredValue(text).trim().replaceAll('·', ''), 150)
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ['search', q],
    enabled: q.length > 0,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => call('listVehicles', { query: { q, limit: LIMIT }, signal }),
  })
  const rows = q.length > 0 ? (data?.rows ?? []).filter((row) => row.seen === 'whole') : []
  const current = Math.min(at, rows.length - 1)

  const open = (vehicleId: number) => {
    onClose()
    void navigate({
      to: '/live',
      search: (old: unknown) => withEntries(old as UrlText, { v: String(vehicleId), at: undefined, page: undefined, q: undefined }),
    } as never)
  }
  const onKeyDown = (event: React.KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step && rows.length > 0) {
      event.preventDefault()
      setAt((current + step + rows.length) % rows.length)
    }
    const row = rows[current]
    if (event.key === 'Enter' && row && !event.nativeEvent.isComposing) open(row.vehicleId)
  }

  return (
    <Modal
      open
      onCancel={onClose}
      footer={null}
      closable={false}
      title={<span className="visually-hidden">{t('search.open')}</span>}
      styles={{ header: { margin: 0 } }}
      width={620}
      style={{ top: 72 }}
      className="search-palette"
    >
      <div className="search-field">
        <SearchOutlined />
        <input
          // biome-ignore lint/a11y/noAutofocus: the dialog was opened to type
          autoFocus
          role="combobox"
          aria-expanded={rows.length > 0}
          aria-controls={listId}
          aria-autocomplete="list"
          aria-activedescendant={rows[current] ? `${listId}-${rows[current].vehicleId}` : undefined}
          aria-label={t('search.placeholder')}
          placeholder={t('search.placeholder')}
          value={text}
          maxLength={64}
          onChange={(event) => {
            setText(event.target.value)
            setAt(0)
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <div id={listId} role="listbox" aria-label={t('search.results')} className="search-results">
        {rows.map((row, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled by the combobox that owns this list
          // biome-ignore lint/a11y/useFocusableInteractive: focus stays in the combobox, which names the active option
          <div
            key={row.vehicleId}
            id={`${listId}-${row.vehicleId}`}
            role="option"
            aria-selected={index === current}
            className="search-row"
            onMouseMove={() => setAt(index)}
            onClick={() => open(row.vehicleId)}
          >
            <Plate plate={row.plate} colour={row.plateColour} />
            <span className="search-unit">
              {row.userUnit.name}
              {row.driverName && <span className="quiet"> · {row.driverName}</span>}
            </span>
            <StatusWord status={row.status} />
          </div>
        ))}
      </div>
      {error ? (
        <ErrorState error={error} retry={() => void refetch()} />
      ) : (
        <p className="search-foot quiet" aria-live="polite">
          {q.length === 0
            ? t('search.hint')
            : isFetching && !data
              ? t('search.busy')
              : data && data.total > 0
                ? t('search.total', { n: formatCount(data.total), shown: rows.length })
                : t('search.none', { q })}
        </p>
      )}
    </Modal>
  )
}
