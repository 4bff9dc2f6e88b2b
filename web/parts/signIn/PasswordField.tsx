// A password that can be shown, and that says when Caps Lock is on.
import { useState } from 'react'
import { useText } from '../account/texts.ts'

export function PasswordField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const { t } = useText()
  const [shown, setShown] = useState(false)
  const [capsLock, setCapsLock] = useState(false)
  const watchCaps = (event: React.KeyboardEvent) => setCapsLock(event.getModifierState('CapsLock'))
  return (
    <>
      <label htmlFor="password">{t('signIn.password')}</label>
      <div className="door-password">
        <input
          id="password"
          name="password"
          type={shown ? 'text' : 'password'}
          autoComplete="current-password"
          required
          maxLength={256}
          value={value}
          aria-describedby="caps-lock"
          onChange={(event) => onChange(event.target.value)}
          onKeyDown={watchCaps}
          onKeyUp={watchCaps}
          onBlur={() => setCapsLock(false)}
        />
        <button type="button" className="bare" aria-pressed={shown} onClick={() => setShown(!shown)}>
          {shown ? t('signIn.hidePassword') : t('signIn.showPassword')}
        </button>
      </div>
      <p id="caps-lock" className="door-hint" aria-live="polite">
        {capsLock ? t('signIn.capsLock') : ''}
      </p>
    </>
  )
}
