// Lies over the page when the session ended while a form held something unsaved: nothing of the page can be read, and nothing is lost.
// The same person signs in again and goes on; leaving gives the form up.
import { Modal } from 'antd'
import { useState } from 'react'
import type { SignInStepAnswer } from '../../../services/contracts/api/identity.ts'
import { errorText } from '../../kit/api/errorText.ts'
import { giveUp, goOn, leaveStep, signIn, useAccount } from '../../kit/api/session.ts'
import { useText } from '../account/texts.ts'
import { PasswordField } from './PasswordField.tsx'
import { SignInSteps } from './SignInSteps.tsx'
import '../account/account.css'
import './signIn.css'

export function SignInAgain() {
  const { t, locale } = useText()
  const { username, displayName } = useAccount()
  const [password, setPassword] = useState('')
  const [step, setStep] = useState<SignInStepAnswer | null>(null)
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  async function proceed(work: () => Promise<SignInStepAnswer | null>) {
    setBusy(true)
    setError(null)
    try {
      setStep(await work())
    } catch (failure) {
      setError(failure)
    } finally {
      setBusy(false)
    }
  }
  const leave = () => void (step ? leaveStep().then(giveUp, setError) : giveUp())
  return (
    <Modal
      open
      title={t('again.title')}
      footer={null}
      closable={false}
      keyboard={false}
      mask={{ closable: false }}
      styles={{ mask: { background: 'var(--ground)' } }}
      zIndex={3000}
      width={440}
    >
      {step ? (
        <SignInSteps step={step} password={password} onMoved={(next) => void proceed(() => goOn(next))} onLeave={leave} />
      ) : (
        <form
          className="plain-form"
          onSubmit={(event) => {
            event.preventDefault()
            if (!busy) void proceed(() => signIn(username, password))
          }}
        >
          <p>{t('again.text', { name: displayName })}</p>
          <input type="text" name="username" autoComplete="username" value={username} readOnly hidden />
          <PasswordField value={password} onChange={setPassword} />
          <div role="alert">{error !== null && <p className="door-error">{errorText(error, t, locale)}</p>}</div>
          <button type="submit" className="door-submit" disabled={busy}>
            {busy ? t('signIn.busy') : t('signIn.submit')}
          </button>
          <button type="button" className="bare door-leave" onClick={leave}>
            {t('again.leave')}
          </button>
        </form>
      )}
    </Modal>
  )
}
