// 我的: one's account, and a driver's own file.

import { useRef } from 'react'
import { may } from '../kit/api/session.ts'
import { OwnAccount } from '../parts/account/OwnAccount.tsx'
import { OwnDriver } from '../parts/driver/OwnDriver.tsx'
import { FavouritesScreen } from './book/FavouritesScreen.tsx'
import { FindingScreen } from './findings/FindingScreen.tsx'
import { FindingsScreen } from './findings/FindingsScreen.tsx'
import { LeaveScreen } from './leave/LeaveScreen.tsx'
import { MishapsScreen } from './mishaps/MishapsScreen.tsx'
import type { ScreenProps } from './screen.ts'
import { SealingScreen } from './sealing/SealingScreen.tsx'
import { ShiftsScreen } from './shifts/ShiftsScreen.tsx'
import { atMost99, ToldScreen, useUnread } from './ToldScreen.tsx'
import { useText } from './texts.ts'
import { TrackingConsent } from './tracker/Tracker.tsx'
import { FollowScreen } from './travel/FollowScreen.tsx'
import { Riding } from './travel/Riding.tsx'

function OwnPart({ account }: Pick<ScreenProps, 'account'>) {
  return (
    <>
      <OwnDriver />
      <div className="phone-page">
        <TrackingConsent username={account.username} />
      </div>
    </>
  )
}

const parts = {
  told: { name: 'tab.told', Part: ToldScreen },
  leave: { name: 'leave.title', Part: LeaveScreen },
  shifts: { name: 'shift.title', Part: ShiftsScreen },
  sealing: { name: 'stand.title', Part: SealingScreen },
  findings: { name: 'finding.title', Part: FindingsScreen },
  own: { name: 'own.title', Part: OwnPart },
  mishaps: { name: 'ownMishaps.title', Part: MishapsScreen },
  rides: { name: 'rides.title', Part: RidesScreen },
  favourites: { name: 'fav.title', Part: FavouritesScreen },
  account: { name: 'page.me', Part: OwnAccount },
} as const

const order = ['told', 'own', 'leave', 'shifts', 'sealing', 'findings', 'mishaps', 'rides', 'favourites', 'account'] as const

function RidesScreen() {
  const { t } = useText()
  return (
    <div className="phone-page">
      <h1>{t('rides.title')}</h1>
      <Riding home="me" none={t('rides.none')} />
    </div>
  )
}

export function MeScreen({ account, rest: [name, id] }: ScreenProps) {
  const { t } = useText()
  const unread = useUnread()
  // Whoever marks all as read stays where he is.
  const toldFirst = useRef(false)
  toldFirst.current ||= unread > 0
  const asks = may(account, 'request.create')
  const shown: Partial<Record<keyof typeof parts, boolean>> = {
    own: account.role === 'driver',
    leave: account.role === 'driver',
    shifts: may(account, 'order.drive'),
    sealing: may(account, 'ledger.draft') && account.role === 'fleet_manager',
    findings: may(account, 'finding.explain'),
    mishaps: account.role === 'driver',
    favourites: asks,
    // Whoever asks for vehicles has his trips where he does.
    rides: !asks && account.role !== 'driver' && may(account, 'order.view'),
  }
  const mine = order.filter((part) => shown[part] ?? true)
  if (name === 'findings' && id && shown.findings) return <FindingScreen account={account} findingId={Number(id)} />
  if (name === 'follow' && id) return <FollowScreen orderId={Number(id)} back="#me/rides" />
  const here = mine.find((part) => part === name) ?? (toldFirst.current ? 'told' : account.role === 'driver' ? 'own' : 'account')
  const { Part } = parts[here]
  return (
    <>
      <nav className="phone-parts" aria-label={t('tab.me')}>
        {mine.map((part) => (
          <a key={part} href={`#me/${part}`} aria-current={part === here ? 'page' : undefined}>
            {t(parts[part].name)}
            {part === 'told' && unread > 0 && ` ${t('phone.unread', { n: atMost99(unread) })}`}
          </a>
        ))}
      </nav>
      <Part account={account} />
    </>
  )
}
