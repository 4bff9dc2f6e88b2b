// Says in the last days that the password must be changed, with the way there.
import { Link } from '@tanstack/react-router'
import { useAccount } from '../../kit/api/session.ts'
import { formatInstant } from '../../kit/format/time.ts'
import { useText } from './texts.ts'
import './account.css'

export function PasswordNotice() {
  const { t } = useText()
  const { passwordEndsAt } = useAccount()
  if (!passwordEndsAt) return null
  return (
    <p className="password-notice" role="status">
      {t('password.endsAt', { time: formatInstant(Date.parse(passwordEndsAt)).slice(0, 16) })}{' '}
      <Link to={'/me' as never}>{t('page.me')}</Link>
    </p>
  )
}
