// 我的: one's account, and a driver's own file.
import { OwnAccount } from '../parts/account/OwnAccount.tsx'
import { OwnDriver } from '../parts/driver/OwnDriver.tsx'
import { LeaveScreen } from './leave/LeaveScreen.tsx'
import type { ScreenProps } from './screen.ts'
import { ToldScreen, useUnread } from './ToldScreen.tsx'
import { useText } from './texts.ts'
import { TrackingConsent } from './tracker/Tracker.tsx'

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
  own: { name: 'own.title', Part: OwnPart },
  account: { name: 'page.me', Part: OwnAccount },
} as const

export function MeScreen({ account, rest: [name] }: ScreenProps) {
  const { t } = useText()
  const unread = useUnread()
  const mine = (['told', 'own', 'leave', 'account'] as const).filter(
    (part) => (part !== 'own' && part !== 'leave') || account.role === 'driver',
  )
  const here = mine.find((part) => part === name) ?? (unread > 0 ? 'told' : mine[1]!)
  const { Part } = parts[here]
  return (
    <>
      <nav className="phone-parts" aria-label={t('tab.me')}>
        {mine.map((part) => (
          <a key={part} href={`#me/${part}`} aria-current={part === here ? 'page' : undefined}>
            {t(parts[part].name)}
            {part === 'told' && unread > 0 && ` ${t('phone.unread', { n: unread })}`}
          </a>
        ))}
      </nav>
      <Part account={account} />
    </>
  )
}
