// A phone's two screens and the door before them. The screen is in the address, so that the way back of the phone works.
import { useQuery } from '@tanstack/react-query'
import { useSyncExternalStore } from 'react'
import type { Account } from '../../services/contracts/api.ts'
import { sessionQuery } from '../kit/api/session.ts'
import { ErrorState } from '../kit/State.tsx'
import { OwnAccount } from '../parts/account/OwnAccount.tsx'
import { OwnDriver } from '../parts/driver/OwnDriver.tsx'
import { SignInPage } from '../parts/signIn/SignInPage.tsx'
import { PhoneTop } from './PhoneTop.tsx'
import './phone.css'
import { useText } from './texts.ts'

const screens = { own: { name: 'own.title', Screen: OwnDriver }, me: { name: 'page.me', Screen: OwnAccount } } as const
type ScreenName = keyof typeof screens

const screensOf = (account: Account): ScreenName[] => (account.role === 'driver' ? ['own', 'me'] : ['me'])

function useHash(): string {
  return useSyncExternalStore(
    (changed) => {
      window.addEventListener('hashchange', changed)
      return () => window.removeEventListener('hashchange', changed)
    },
    () => window.location.hash.slice(1),
  )
}

export function Phone() {
  const { t } = useText()
  const hash = useHash()
  const { data: account, error, refetch } = useQuery(sessionQuery)
  if (error) return <ErrorState error={error} retry={() => void refetch()} />
  if (account === undefined) return <div className="bone" aria-busy="true" />
  if (account === null) return <SignInPage to="/phone" />
  const mine = screensOf(account)
  const here = mine.find((name) => name === hash) ?? mine[0]!
  const { Screen } = screens[here]
  return (
    <div className="phone">
      <PhoneTop account={account} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: whoever has only a keyboard scrolls it. */}
      <main className="phone-screen" tabIndex={0}>
        <Screen />
      </main>
      {mine.length > 1 && (
        <nav className="phone-tabs" aria-label={t('shell.pages')}>
          {mine.map((name) => (
            <a key={name} href={`#${name}`} aria-current={name === here ? 'page' : undefined}>
              {t(screens[name].name)}
            </a>
          ))}
        </nav>
      )}
    </div>
  )
}
