// What comes after the password: a code, a new password, enrolling, the notice. One at a time, in the order the server names.
import { useState } from 'react'
import type { SignInStepAnswer } from '../../services/contracts/api/identity.ts'
import { errorText } from '../api/errorText.ts'
import { call } from '../api/session.ts'
import { useText } from '../i18n/i18n.ts'
import { EnrolForm } from '../identity/EnrolForm.tsx'
import { PasswordForm } from '../identity/PasswordForm.tsx'

type Props = {
  step: SignInStepAnswer
  /** The password just typed; undefined after a reload. */
  password: string | undefined
  onMoved: (next: SignInStepAnswer) => void
  onLeave: () => void
}

export function SignInSteps({ step, password, onMoved, onLeave }: Props) {
  const { t, locale } = useText()
  const title =
    step.step === 'notice'
      ? step.notice?.[locale === 'en' ? 'titleEn' : 'titleZh']
      : t(step.step === 'totp' ? 'step.totp.title' : step.step === 'password' ? 'step.password.title' : 'step.enrol.title')
  return (
    <section className="door-form" aria-label={title}>
      <h1>{title}</h1>
      <p className="quiet">{t('step.of', { name: step.displayName })}</p>
      {step.step === 'totp' && <CodeStep onMoved={onMoved} />}
      {step.step === 'password' && (
        <>
          <p>{t('step.password.text')}</p>
          <PasswordForm username={step.username} rules={step.passwordRules} {...(password ? { current: password } : {})} onDone={onMoved} />
        </>
      )}
      {step.step === 'enrol' && (
        <>
          <p>{t('step.enrol.text')}</p>
          <EnrolForm proof="none" onDone={onMoved} />
        </>
      )}
      {step.step === 'notice' && <NoticeStep step={step} onMoved={onMoved} />}
      <button type="button" className="bare door-leave" onClick={onLeave}>
        {t('step.cancel')}
      </button>
    </section>
  )
}

function CodeStep({ onMoved }: Pick<Props, 'onMoved'>) {
  const { t, locale } = useText()
  const [recovery, setRecovery] = useState(false)
  const [code, setCode] = useState('')
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  async function submit() {
    setBusy(true)
    setError(null)
    try {
      onMoved(await call('passSecondFactor', { body: { code: code.trim() } }))
    } catch (failure) {
      setError(failure)
      setCode('')
    } finally {
      setBusy(false)
    }
  }
  return (
    <form
      className="plain-form"
      onSubmit={(event) => {
        event.preventDefault()
        if (!busy) void submit()
      }}
    >
      {!recovery && <p>{t('step.totp.text')}</p>}
      <label htmlFor="code">{t(recovery ? 'step.totp.recovery' : 'step.totp.code')}</label>
      <input
        id="code"
        // biome-ignore lint/a11y/noAutofocus: the one thing to do on this page
        autoFocus
        className="code-input"
        inputMode={recovery ? 'text' : 'numeric'}
        pattern={recovery ? '[A-Za-z2-7]{4}(-?[A-Za-z2-7]{4}){3}' : '\\d{6}'}
        maxLength={recovery ? 19 : 6}
        required
        autoComplete="one-time-code"
        autoCapitalize="characters"
        value={code}
        onChange={(event) => setCode(event.target.value)}
      />
      <div role="alert">{error !== null && <p className="door-error">{errorText(error, t, locale)}</p>}</div>
      <button type="submit" className="door-submit" disabled={busy}>
        {t('step.confirm')}
      </button>
      <button
        type="button"
        className="bare door-leave"
        onClick={() => {
          setRecovery(!recovery)
          setCode('')
        }}
      >
        {t(recovery ? 'step.totp.useCode' : 'step.totp.useRecovery')}
      </button>
    </form>
  )
}

function NoticeStep({ step, onMoved }: Pick<Props, 'step' | 'onMoved'>) {
  const { t, locale } = useText()
  const [error, setError] = useState<unknown>(null)
  const { notice } = step
  if (!notice) return null
  return (
    <div className="plain-form">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a text that scrolls must be reachable by keyboard */}
      <div className="notice-text" tabIndex={0}>
        {locale === 'en' ? notice.textEn : notice.textZh}
      </div>
      <div role="alert">{error !== null && <p className="door-error">{errorText(error, t, locale)}</p>}</div>
      <button
        type="button"
        className="door-submit"
        onClick={() => call('acknowledgeNotice', { body: { noticeId: notice.noticeId } }).then(onMoved, setError)}
      >
        {t('step.notice.accept')}
      </button>
    </div>
  )
}
