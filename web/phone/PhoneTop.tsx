// Who is signed in, what the phone looks like, the way out, and the way to all pages.
import { useState } from 'react'
import type { Account } from '../../services/contracts/api.ts'
import { errorText } from '../kit/api/errorText.ts'
import { signOut } from '../kit/api/session.ts'
import { Preferences } from '../parts/signIn/Preferences.tsx'
import { forgetAnswers } from './outbox/lastAnswer.ts'
import { turnOff } from './push/push.ts'
import { useText } from './texts.ts'

export function PhoneTop({ account }: { account: Account }) {
  const { t, locale } = useText()
  const [error, setError] = useState<unknown>(null)
  // Whoever has left is not told on this phone: the next one to use it may be another.
  const leave = async () => {
    await turnOff().catch((fault: unknown) => console.warn(fault))
    await signOut().then(forgetAnswers, setError)
  }
  return (
    <header className="phone-top">
      <div>
        <strong>{account.displayName}</strong>
        <span className="quiet">
          {t(`role.${account.role}`)} · {account.organisation.name}
        </span>
      </div>
      <Preferences />
      <div className="phone-ways">
        <a href="/?pages=all">{t('phone.allPages')}</a>
        <button type="button" className="plain-button" onClick={() => void leave()}>
          {t('account.signOut')}
        </button>
      </div>
      <div role="alert">{error !== null && <p className="error-text">{errorText(error, t, locale)}</p>}</div>
    </header>
  )
}
