// A new password, judged while it is typed by the rules that the server judges by. Plain controls: the door uses it too.
import { useState } from 'react'
import type { SignInStepAnswer } from '../../../services/contracts/api/identity.ts'
import { faultsOf, passwordFaults } from '../../../services/domain/passwords.ts'
import { ApiError } from '../../kit/api/client.ts'
import { errorText } from '../../kit/api/errorText.ts'
import { call } from '../../kit/api/session.ts'
import { useText } from './texts.ts'
import './account.css'

type Props = {
  username: string
  rules: SignInStepAnswer['passwordRules']
  /** The password just used to sign in, so that it need not be typed again. */
  current?: string
  onDone: (answer: SignInStepAnswer) => void
}

export function PasswordForm({ username, rules, current, onDone }: Props) {
  const { t, locale } = useText()
  const [old, setOld] = useState(current ?? '')
  const [next, setNext] = useState('')
  const [again, setAgain] = useState('')
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const refused = error instanceof ApiError ? error.issues.map(({ message }) => message) : []
  const faults: string[] = [...(next ? faultsOf(next, username, rules) : []), ...refused]
  const differs = again !== '' && again !== next
  const count = { 'too-short': rules.minLength, 'too-few-classes': rules.classes, 'used-before': rules.history } as Record<string, number>

  async function submit() {
    setBusy(true)
    setError(null)
    try {
      onDone(await call('changePassword', { body: { currentPassword: old, newPassword: next } }))
    } catch (failure) {
      setError(failure)
    } finally {
      setBusy(false)
    }
  }

  const field = (id: string, label: string, value: string, onChange: (value: string) => void, autoComplete: string) => (
    <>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="password"
        required
        maxLength={256}
        autoComplete={autoComplete}
        value={value}
        aria-describedby={id === 'new-password' ? 'password-rules' : undefined}
        onChange={(event) => {
          setError(null)
          onChange(event.target.value)
        }}
      />
    </>
  )
  return (
    <form
      className="plain-form"
      aria-label={t('step.password.title')}
      onSubmit={(event) => {
        event.preventDefault()
        if (!busy && faults.length === 0 && next === again) void submit()
      }}
    >
      <input type="text" name="username" autoComplete="username" value={username} readOnly hidden />
      {current === undefined && field('current-password', t('password.current'), old, setOld, 'current-password')}
      {field('new-password', t('password.next'), next, setNext, 'new-password')}
      <ul id="password-rules" className="fault-list">
        {passwordFaults.map((fault) => {
          const unmet = faults.includes(fault)
          const known = next !== '' && (fault !== 'used-before' || unmet)
          return (
            <li key={fault} className={unmet ? 'fault-unmet' : known ? 'fault-met' : ''}>
              {t(`password.fault.${fault}`, { n: count[fault] ?? 0 })}
            </li>
          )
        })}
      </ul>
      {field('again-password', t('password.again'), again, setAgain, 'new-password')}
      <div role="alert">
        {differs && <p className="door-error">{t('password.differs')}</p>}
        {error !== null && refused.length === 0 && <p className="door-error">{errorText(error, t, locale)}</p>}
      </div>
      <button type="submit" className="door-submit" disabled={busy || next === '' || faults.length > 0 || next !== again}>
        {t('password.submit')}
      </button>
    </form>
  )
}
