// A phone's screens and the door before them, cut to the role.
import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { Account } from '../../services/contracts/api.ts'
import { may } from '../kit/api/session.ts'
import { ErrorState } from '../kit/State.tsx'
import { SignInPage } from '../parts/signIn/SignInPage.tsx'
import { BookScreen } from './book/BookScreen.tsx'
import { MeScreen } from './MeScreen.tsx'
import { keepAccount, phoneSessionQuery } from './outbox/lastAnswer.ts'
import { startOutbox } from './outbox/outbox.ts'
import { PhoneTop } from './PhoneTop.tsx'
import { registerAgain } from './push/push.ts'
import { StatusLine } from './StatusLine.tsx'
import './phone.css'
import { atMost99, useUnread } from './ToldScreen.tsx'
import { TasksScreen } from './tasks/TasksScreen.tsx'
import { useText } from './texts.ts'
import { Tracker } from './tracker/Tracker.tsx'
import { TripsScreen } from './trips/TripsScreen.tsx'
import { Guard } from './ui/Guard.tsx'
import { useHash } from './useHash.ts'

const tabs = [
  { name: 'book', may: (account: Account) => may(account, 'request.create'), Screen: BookScreen },
  {
    name: 'tasks',
    may: (account: Account) => may(account, 'request.approve') || may(account, 'leave.decide') || may(account, 'request.create'),
    Screen: TasksScreen,
  },
  { name: 'trips', may: (account: Account) => may(account, 'order.view') && may(account, 'order.drive'), Screen: TripsScreen },
  { name: 'me', may: () => true, Screen: MeScreen },
] as const

function UnreadMark() {
  const { t } = useText()
  const unread = useUnread()
  return unread > 0 ? <span className="phone-unread">{t('phone.unread', { n: atMost99(unread) })}</span> : null
}

export function Phone() {
  const { t } = useText()
  const [first, ...rest] = useHash()
  const { data: account, error, refetch } = useQuery(phoneSessionQuery)
  useEffect(() => {
    if (account === undefined || account?.csrfToken === '') return
    void keepAccount(account)
  }, [account])
  const username = account?.username
  useEffect(() => (username === undefined ? undefined : startOutbox()), [username])
  const signedIn = account !== undefined && account !== null && account.csrfToken !== ''
  useEffect(() => {
    if (signedIn) void registerAgain()
  }, [signedIn])
  useEffect(() => {
    const again = () => void refetch()
    window.addEventListener('online', again)
    return () => window.removeEventListener('online', again)
  }, [refetch])
  if (error && account === undefined) return <ErrorState error={error} retry={() => void refetch()} />
  if (account === undefined) return <div className="bone" aria-busy="true" />
  if (account === null) return <SignInPage to="/phone" />
  const mine = tabs.filter((tab) => tab.may(account))
  // Whoever approves begins with what waits for him.
  const here =
    mine.find(({ name }) => name === first) ?? ((may(account, 'request.approve') && mine.find(({ name }) => name === 'tasks')) || mine[0]!)
  const { Screen } = here
  return (
    <div className="phone">
      <div>
        {here.name === 'me' && <PhoneTop account={account} />}
        <StatusLine username={account.username} />
        {account.role === 'driver' && <Tracker username={account.username} />}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: whoever has only a keyboard scrolls it. */}
      <main className="phone-screen" tabIndex={0} key={`${here.name}/${rest.join('/')}`}>
        <Guard>
          <Screen account={account} rest={here.name === first ? rest : []} />
        </Guard>
      </main>
      {mine.length > 1 && (
        <nav className="phone-tabs" aria-label={t('shell.pages')}>
          {mine.map(({ name }) => (
            <a key={name} href={`#${name}`} aria-current={name === here.name ? 'page' : undefined}>
              {t(`tab.${name}`)}
              {name === 'me' && <UnreadMark />}
            </a>
          ))}
        </nav>
      )}
    </div>
  )
}
