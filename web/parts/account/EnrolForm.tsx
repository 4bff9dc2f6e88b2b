// Enrolling a second factor: the picture, one code as proof, and the recovery codes, which are shown this once. Plain controls.
import { useEffect, useState } from 'react'
import type { AnswerOf } from '../../../services/contracts/api.ts'
import { errorText } from '../../kit/api/errorText.ts'
import { call } from '../../kit/api/session.ts'
import { useText } from './texts.ts'
import './account.css'

type Begun = AnswerOf<'beginEnrolment'>
type Confirmed = AnswerOf<'confirmEnrolment'>
/** `proof`: outside a sign-in the password is asked for first, and a code where a device is enrolled. */
type Props = { proof: 'none' | 'password' | 'password-and-code'; onDone: (answer: Confirmed) => void }

export function EnrolForm({ proof, onDone }: Props) {
  const { t, locale } = useText()
  const [password, setPassword] = useState('')
  const [oldCode, setOldCode] = useState('')
  const [code, setCode] = useState('')
  const [begun, setBegun] = useState<Begun | null>(null)
  const [confirmed, setConfirmed] = useState<Confirmed | null>(null)
  const [error, setError] = useState<unknown>(null)

  const attempt = async (work: () => Promise<void>) => {
    setError(null)
    try {
      await work()
    } catch (failure) {
      setError(failure)
    }
  }
  const begin = () =>
    attempt(async () =>
      setBegun(
        await call('beginEnrolment', { body: { ...(password ? { password } : {}), ...(oldCode.trim() ? { code: oldCode.trim() } : {}) } }),
      ),
    )
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when nothing must be proven first
  useEffect(() => {
    if (proof === 'none') void begin()
  }, [])

  const alert = <div role="alert">{error !== null && <p className="door-error">{errorText(error, t, locale)}</p>}</div>
  if (confirmed)
    return (
      <div className="plain-form">
        <strong>{t('enrol.codesTitle')}</strong>
        <p className="quiet">{t('enrol.codesText')}</p>
        <ul className="recovery-codes">
          {confirmed.recoveryCodes.map((each) => (
            <li key={each}>{each}</li>
          ))}
        </ul>
        <button type="button" className="door-submit" onClick={() => onDone(confirmed)}>
          {t('enrol.codesKept')}
        </button>
      </div>
    )
  if (!begun)
    return proof === 'none' ? (
      <div className="plain-form">{alert}</div>
    ) : (
      <form
        className="plain-form"
        onSubmit={(event) => {
          event.preventDefault()
          void begin()
        }}
      >
        <label htmlFor="enrol-password">{t('password.current')}</label>
        <input
          id="enrol-password"
          type="password"
          required
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        {proof === 'password-and-code' && (
          <>
            <label htmlFor="enrol-old">{t('enrol.oldCode')}</label>
            <input
              id="enrol-old"
              required
              autoComplete="one-time-code"
              value={oldCode}
              onChange={(event) => setOldCode(event.target.value)}
            />
          </>
        )}
        {alert}
        <button type="submit" className="door-submit">
          {t('enrol.begin')}
        </button>
      </form>
    )
  return (
    <form
      className="plain-form"
      onSubmit={(event) => {
        event.preventDefault()
        void attempt(async () => setConfirmed(await call('confirmEnrolment', { body: { code: code.trim() } })))
      }}
    >
      <img className="enrol-qr" alt={t('enrol.qr')} src={`data:image/svg+xml;utf8,${encodeURIComponent(begun.qrSvg)}`} />
      <span className="quiet">{t('enrol.secret')}</span>
      <code className="enrol-secret">{begun.secret}</code>
      <label htmlFor="enrol-code">{t('enrol.code')}</label>
      <input
        id="enrol-code"
        className="code-input"
        inputMode="numeric"
        pattern="\d{6}"
        maxLength={6}
        required
        autoComplete="one-time-code"
        value={code}
        onChange={(event) => setCode(event.target.value)}
      />
      {alert}
      <button type="submit" className="door-submit">
        {t('step.confirm')}
      </button>
    </form>
  )
}
