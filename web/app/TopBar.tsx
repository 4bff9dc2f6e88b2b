// Scope, search, language, theme, and who I am.
import { SearchOutlined } from '@ant-design/icons'
import { useCallback, useEffect, useState } from 'react'
import { useAccount } from '../kit/api/session.ts'
import { Bell } from './Bell.tsx'
import { Scope } from './Scope.tsx'
import { SearchPalette } from './SearchPalette.tsx'
import { maySearch } from './searchSources.tsx'
import { AccountMenu, LanguageSwitch, ThemeMenu } from './TopMenus.tsx'
import { useText } from './texts.ts'

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))

export function TopBar() {
  const { t } = useText()
  const account = useAccount()
  const searchable = maySearch(account)
  const [searching, setSearching] = useState(false)
  const close = useCallback(() => setSearching(false), [])

  useEffect(() => {
    if (!searchable) return
    const onKey = (event: KeyboardEvent) => {
      const shortcut =
        (event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey)) || (event.key === '/' && !isTyping(event.target))
      if (!shortcut) return
      event.preventDefault()
      setSearching(true)
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [searchable])

  return (
    <header className="top-bar">
      <Scope />
      {searchable && (
        <button type="button" className="search-opener" onClick={() => setSearching(true)}>
          <SearchOutlined />
          <span>{t('search.open')}</span>
          <kbd>Ctrl K</kbd>
        </button>
      )}
      <div className="top-menus">
        <Bell />
        <LanguageSwitch />
        <ThemeMenu />
        <AccountMenu />
      </div>
      {searching && <SearchPalette onClose={close} />}
    </header>
  )
}
