// The shell around every page of the desk: rail, top bar, what is wrong with the line, and the page itself.
// On a phone the rail is a bar at the bottom.
import { Outlet } from '@tanstack/react-router'
import { may, useAccount } from '../kit/api/session.ts'
import { usePhone } from '../kit/theme/media.ts'
import { PasswordNotice } from '../parts/account/PasswordNotice.tsx'
import { ConnectionBanner } from '../parts/connection/ConnectionBanner.tsx'
import { useTripNews } from '../parts/trip/tripNews.ts'
import { Rail } from './Rail.tsx'
import { RailBar } from './RailBar.tsx'
import { TopBar } from './TopBar.tsx'
import { useText } from './texts.ts'
import './shell.css'
import './rail.css'

export function Shell() {
  const { t } = useText()
  const phone = usePhone()
  useTripNews(may(useAccount(), 'order.view'))
  return (
    <div className="shell">
      <a className="skip-link" href="#page">
        {t('shell.skip')}
      </a>
      {phone ? <RailBar /> : <Rail />}
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
