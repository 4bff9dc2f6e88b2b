// Search over vehicles, people, terminals, units and places from anywhere: arrows move, Enter opens what was found on its page, Esc closes.
import { SearchOutlined } from '@ant-design/icons'
import { keepPreviousData, useQueries } from '@tanstack/react-query'
import { useLocation, useNavigate } from '@tanstack/react-router'
import { Modal } from 'antd'
import { useDeferredValue, useId, useState } from 'react'
import { useAccount } from '../kit/api/session.ts'
import { formatCount } from '../kit/format/number.ts'
import { ErrorState } from '../kit/State.tsx'
import type { UrlText } from '../kit/urlText.ts'
import { useSettled } from '../kit/useSettled.ts'
import { withEntries } from '../kit/useUrl.ts'
import { useOrganisations } from '../parts/organisation/organisations.ts'
import { sourcesOf } from './searchSources.tsx'
import { useText } from './texts.ts'

export function SearchPalette({ onClose }: { onClose: () => void }) {
  const { t } = useText()
  const navigate = useNavigate()
  const { pathname } = useLocation()
  const sources = sourcesOf(useAccount(), useOrganisations(), t)
  const listId = useId()
  const [text, setText] = useState('')
  /** The row that the arrows or the mouse are on; it stays so when others come before it. Without one it is the first. */
  const [chosen, setChosen] = useState<string>()
  // A plate is often typed as it is printed, with the middle dot.
  const q = useSettled(useDeferredValue(text).trim().replaceAll('·', ''), 150)
  const answers = useQueries({
    queries: sources.map(({ to, find }) => ({
      queryKey: ['search', to, q],
      enabled: q.length > 0,
      placeholderData: keepPreviousData,
      queryFn: ({ signal }: { signal: AbortSignal }) => find(q, signal),
    })),
  })
  const groups = sources.map((source, n) => ({ ...source, total: answers[n]?.data?.total ?? 0, hits: answers[n]?.data?.hits ?? [] }))
  const shown = q.length > 0 ? groups.filter(({ hits }) => hits.length > 0) : []
  const rows = shown.flatMap(({ to, hits }) => hits.map((hit) => ({ to, ...hit })))
  const current = Math.max(
    0,
    rows.findIndex(({ key }) => key === chosen),
  )
  const failed = answers.find(({ error, data }) => error && !data)
  const busy = answers.some(({ isFetching }) => isFetching)

  const open = ({ to, search }: { to: string; search: UrlText }) => {
    onClose()
    void navigate({
      to,
      // On the page itself the rest of its state stays; what would hide the found row goes.
      search: (old: unknown) =>
        to === pathname
          ? withEntries(old as UrlText, { at: undefined, page: undefined, q: undefined, list: undefined, ...search })
          : search,
    } as never)
  }
  const onKeyDown = (event: React.KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step && rows.length > 0) {
      event.preventDefault()
      const { key } = rows[(current + step + rows.length) % rows.length]!
      setChosen(key)
      document.getElementById(`${listId}-${key}`)?.scrollIntoView({ block: 'nearest' })
    }
    const row = rows[current]
    if (event.key === 'Enter' && row && !event.nativeEvent.isComposing) open(row)
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
          aria-activedescendant={rows[current] ? `${listId}-${rows[current].key}` : undefined}
          aria-label={t('search.open')}
          placeholder={sources.map(({ name }) => t(name)).join(t('search.comma'))}
          value={text}
          maxLength={64}
          onChange={(event) => {
            setText(event.target.value)
            setChosen(undefined)
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <div id={listId} role="listbox" aria-label={t('search.results')} className="search-results">
        {shown.map(({ to, name, total, hits }) => (
          // biome-ignore lint/a11y/useSemanticElements: a group of options, not of form fields
          <div key={to} role="group" aria-label={t(name)}>
            <p className="search-group quiet" aria-hidden="true">
              {t(name)} {total > hits.length && t('search.more', { n: formatCount(total), shown: hits.length })}
            </p>
            {hits.map(({ key, row, search }) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled by the combobox that owns this list
              // biome-ignore lint/a11y/useFocusableInteractive: focus stays in the combobox, which names the active option
              <div
                key={key}
                id={`${listId}-${key}`}
                role="option"
                aria-selected={rows[current]?.key === key}
                className="search-row"
                onMouseMove={() => setChosen(key)}
                onClick={() => open({ to, search })}
              >
                {row}
              </div>
            ))}
          </div>
        ))}
      </div>
      {failed ? (
        <ErrorState error={failed.error} retry={() => void failed.refetch()} />
      ) : (
        <p className="search-foot quiet" aria-live="polite">
          {q.length === 0
            ? t('search.hint')
            : rows.length > 0
              ? t('search.keys')
              : busy || q !== text.trim().replaceAll('·', '')
                ? t('search.busy')
                : t('search.none', { q })}
        </p>
      )}
    </Modal>
  )
}
