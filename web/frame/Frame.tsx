// The frame around every page of the desk: rail, top bar, what is wrong with the line, and the page itself.
// On a phone the rail is a bar at the bottom.
import { Link, Outlet, useLocation } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { useAccount } from '../api/session.ts'
import { useText } from '../i18n/i18n.ts'
import { PasswordNotice } from '../identity/PasswordNotice.tsx'
import { ConnectionBanner } from './ConnectionBanner.tsx'
import { Logo } from './Logo.tsx'
import { pagesOf } from './pages.ts'
import { TopBar } from './TopBar.tsx'
import './frame.css'

export function Frame() {
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
    <div className="frame">
      <a className="skip-link" href="#page">
        {t('frame.skip')}
      </a>
      <nav ref={rail} className="rail" aria-label={t('frame.pages')}>
        <Link to="/" className="rail-logo" aria-label={t('product.name')}>
          <Logo />
        </Link>
        {pages.map(({ path, name, icon: Icon }) => (
          <Link key={path} to={path} className="rail-page" activeProps={{ className: 'rail-page rail-here', 'aria-current': 'page' }}>
            <Icon />
            <span>{t(name)}</span>
          </Link>
        ))}
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
