// What comes after the password: a code, the code of another administrator, a new password, enrolling, the notice. One at a time, in the order the server names.
import { type FormEvent, useState } from 'react'
import type { SignInStep, SignInStepAnswer } from '../../../services/contracts/api/identity.ts'
import { errorText } from '../../kit/api/errorText.ts'
import { call } from '../../kit/api/session.ts'
import { EnrolForm } from '../account/EnrolForm.tsx'
import { PasswordForm } from '../account/PasswordForm.tsx'
import { useText } from '../account/texts.ts'

type Props = {
  step: SignInStepAnswer
  /** The password just typed; undefined after a reload. */
  password: string | undefined
  onMoved: (next: SignInStepAnswer) => void
  onLeave: () => void
}

const titles = {
  totp: 'step.totp.title',
  entry: 'step.entry.title',
  password: 'step.password.title',
  enrol: 'step.enrol.title',
} as const satisfies Partial<Record<SignInStep, string>>

export function SignInSteps({ step, password, onMoved, onLeave }: Props) {
  const { t, locale } = useText()
  const title =
    step.step === 'notice' ? step.notice?.[locale === 'en' ? 'titleEn' : 'titleZh'] : t(titles[step.step as keyof typeof titles])
  return (
    <section className="door-form" aria-label={title}>
      <h1>{title}</h1>
      <p className="quiet">{t('step.of', { name: step.displayName })}</p>
      {step.step === 'totp' && <CodeStep onMoved={onMoved} />}
      {step.step === 'entry' && <EntryStep onMoved={onMoved} />}
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

/** A code that is asked for until it is right. */
function useCode(pass: (code: string) => Promise<SignInStepAnswer>, onMoved: Props['onMoved']) {
  const [code, setCode] = useState('')
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  async function submit() {
    setBusy(true)
    setError(null)
    try {
      onMoved(await pass(code.trim()))
    } catch (failure) {
      setError(failure)
      setCode('')
    } finally {
      setBusy(false)
    }
  }
  return {
    code,
    setCode,
    error,
    busy,
    onSubmit(event: FormEvent) {
      event.preventDefault()
      if (!busy) void submit()
    },
  }
}

function EntryStep({ onMoved }: Pick<Props, 'onMoved'>) {
  const { t, locale } = useText()
  const { code, setCode, error, busy, onSubmit } = useCode((given) => call('passEntryCode', { body: { code: given } }), onMoved)
  return (
    <form className="plain-form" onSubmit={onSubmit}>
      <p>{t('step.entry.text')}</p>
      <label htmlFor="entry-code">{t('step.entry.code')}</label>
      <input
        id="entry-code"
        // biome-ignore lint/a11y/noAutofocus: the one thing to do on this page
        autoFocus
        className="code-input"
        pattern="[A-Za-z0-8]{4}(-?[A-Za-z0-8]{4}){3}"
        maxLength={19}
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
    </form>
  )
}

function CodeStep({ onMoved }: Pick<Props, 'onMoved'>) {
  const { t, locale } = useText()
  const [recovery, setRecovery] = useState(false)
  const { code, setCode, error, busy, onSubmit } = useCode((given) => call('passSecondFactor', { body: { code: given } }), onMoved)
  return (
    <form className="plain-form" onSubmit={onSubmit}>
      {!recovery && <p>{t('step.totp.text')}</p>}
      <label htmlFor="code">{t(recovery ? 'step.totp.recovery' : 'step.totp.code')}</label>
      <input
        id="code"
        // biome-ignore lint/a11y/noAutofocus: the one thing to do on this page
        autoFocus
        className="code-input"
        inputMode={recovery ? 'text' : 'numeric'}
        pattern={recovery ? '[A-Za-z0-8]{4}(-?[A-Za-z0-8]{4}){3}' : '\\d{6}'}
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
