// The shell around every page of the desk: rail, top bar, what is wrong with the line, and the page itself.
// On a phone the rail is a bar at the bottom.
import { Link, Outlet, useLocation } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { useAccount } from '../kit/api/session.ts'
import { Logo } from '../kit/Logo.tsx'
import { PasswordNotice } from '../parts/account/PasswordNotice.tsx'
import { ConnectionBanner } from '../parts/connection/ConnectionBanner.tsx'
import { pagesOf } from './pages.ts'
import { railIcons } from './railIcons.ts'
import { TopBar } from './TopBar.tsx'
import { useText } from './texts.ts'
import './shell.css'

export function Shell() {
  const { t } = useText()
  const pages = pagesOf(useAccount())
  const rail = useRef<HTMLElement>(null)
  const { pathname } = useLocation()
  // On a phone the rail may be longer than the screen is wide.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the page is what changes which link is the current one
  useEffect(() => {
    void rail.current?.querySelector('.rail-here')?.scrollIntoView({ inline: 'center', block: 'nearest' })
  }, [pathname])
  return (
    <div className="shell">
      <a className="skip-link" href="#page">
        {t('shell.skip')}
      </a>
      <nav ref={rail} className="rail" aria-label={t('shell.pages')}>
        <Link to="/" className="rail-logo" aria-label={t('product.name')}>
          <Logo />
        </Link>
        {pages.map(({ path, name }) => {
          const Icon = railIcons[path]
          return (
            <Link key={path} to={path} className="rail-page" activeProps={{ className: 'rail-page rail-here', 'aria-current': 'page' }}>
              <Icon />
              <span>{t(name)}</span>
            </Link>
          )
        })}
      </nav>
      <TopBar />
      <div className="page-column">
        <ConnectionBanner />
        <PasswordNotice />
        <main id="page" className="page" tabIndex={-1}>
          <Outlet />
        </main>
      </div>
    </div>
  )
}
