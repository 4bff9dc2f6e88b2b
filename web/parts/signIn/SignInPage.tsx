// The door. Deliberately without the component library: this page must be there at once on a slow line.
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useEffect, useState } from 'react'
import type { SignInStepAnswer } from '../../../services/contracts/api/identity.ts'
import { errorText } from '../../kit/api/errorText.ts'
import { call, findStep, goOn, leaveStep, signIn } from '../../kit/api/session.ts'
import { Logo } from '../../kit/Logo.tsx'
import { useText } from '../account/texts.ts'
import { DemoAccounts } from './DemoAccounts.tsx'
import { PasswordField } from './PasswordField.tsx'
import { Preferences } from './Preferences.tsx'
import '../account/account.css'
import './signIn.css'

const SignInSteps = lazy(() => import('./SignInSteps.tsx').then((module) => ({ default: module.SignInSteps })))

const goals = ['product.goal.service', 'product.goal.cost', 'product.goal.order', 'product.goal.supervision'] as const

type Props = {
  /** Where single sign-on comes back to: a path of ours. */
  to: string
  /** What single sign-on answered. */
  oidc?: string | undefined
  onIn?: () => Promise<void>
}

export function SignInPage({ to, oidc, onIn }: Props) {
  const { t, locale } = useText()
  const [username, setUsername] = useState('')
  const [password, setPassword] = useState('')
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const [step, setStep] = useState<SignInStepAnswer | null>(null)
  const options = useQuery({ queryKey: ['sign-in-options'], queryFn: ({ signal }) => call('getSignInOptions', { signal }), retry: false })
  const demo = useQuery({ queryKey: ['demo-accounts'], queryFn: ({ signal }) => call('listDemoAccounts', { signal }), retry: false })

  /** Runs something that may leave a step to do, or open the house. */
  async function proceed(work: () => Promise<SignInStepAnswer | null>) {
    setBusy(true)
    setError(null)
    try {
      const next = await work()
      setStep(next)
      if (!next) await onIn?.()
    } catch (failure) {
      setError(failure)
    } finally {
      setBusy(false)
    }
  }
  const enter = (name: string, secret: string) => proceed(() => signIn(name, secret))

  useEffect(() => {
    findStep(oidc === 'step').then(
      (found) => found && setStep(found),
      (failure: unknown) => setError(failure),
    )
  }, [oidc])

  return (
    <div className="door">
      <aside className="door-face">
        <div className="door-name">
          <Logo size={44} />
          <span>
            莫林 <span lang="en">Morin</span>
          </span>
        </div>
        <div className="door-words">
          <p className="door-title">{t('product.title')}</p>
          <ul className="door-goal">
            {goals.map((goal) => (
              <li key={goal}>{t(goal)}</li>
            ))}
          </ul>
        </div>
        <svg className="door-steppe" viewBox="0 0 600 220" preserveAspectRatio="none" aria-hidden="true">
          <path d="M0 120C90 60 150 70 230 110s150 40 220-5 110-45 150-30v145H0Z" fill="#1b4636" />
          <path d="M0 160c80-35 170-30 260 0s190 30 340-30v90H0Z" fill="#215440" />
          <path
            d="M0 205c140-50 210-10 330-22 90-9 170-52 270-62"
            fill="none"
            stroke="#8fd3b4"
            strokeWidth="2"
            strokeDasharray="2 9"
            strokeLinecap="round"
          />
        </svg>
      </aside>
      <main className="door-main">
        <Preferences />
        {step ? (
          <Suspense fallback={<div className="door-form" aria-busy="true" />}>
            <SignInSteps
              step={step}
              password={password || undefined}
              onMoved={(next) => void proceed(() => goOn(next))}
              onLeave={() => {
                setPassword('')
                leaveStep().then(() => setStep(null), setError)
              }}
            />
          </Suspense>
        ) : (
          <form
            className="door-form"
            aria-label={t('signIn.title')}
            onSubmit={(event) => {
              event.preventDefault()
              if (!busy) void enter(username, password)
            }}
          >
            <h1>{t('signIn.title')}</h1>
            <label htmlFor="username">{t('signIn.username')}</label>
            <input
              id="username"
              name="username"
              autoComplete="username"
              autoCapitalize="none"
              spellCheck={false}
              required
              maxLength={64}
              value={username}
              onChange={(event) => setUsername(event.target.value)}
            />
            <PasswordField value={password} onChange={setPassword} />
            <div role="alert">
              {error !== null && <p className="door-error">{errorText(error, t, locale)}</p>}
              {error === null && (oidc === 'refused' || oidc === 'inactive' || oidc === 'unavailable') && (
                <p className="door-error">{t(`step.oidc.${oidc}`)}</p>
              )}
            </div>
            <button type="submit" className="door-submit" disabled={busy}>
              {busy ? t('signIn.busy') : t('signIn.submit')}
            </button>
            {options.data?.oidc && (
              <a className="door-alternative" href={`/api/oidc/start?to=${encodeURIComponent(to)}`}>
                {t('step.oidc')}
              </a>
            )}
          </form>
        )}
        {!step && demo.data && demo.data.accounts.length > 0 && (
          <DemoAccounts
            accounts={demo.data.accounts}
            busy={busy}
            onChoose={(name) => {
              setUsername(name)
              setPassword(demo.data.password ?? '')
              if (demo.data.password) void enter(name, demo.data.password)
            }}
          />
        )}
        <p className="door-foot">{t('signIn.notice')}</p>
      </main>
    </div>
  )
}
