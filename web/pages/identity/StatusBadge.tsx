// How an account stands: its state, whether somebody must still let it in, and until when it is locked.
import type { AccountRow } from '../../../services/contracts/api/identity.ts'
import { formatInstant } from '../../kit/format/time.ts'
import { useText } from './texts.ts'

export function StatusBadge({ account }: { account: AccountRow }) {
  const { t } = useText()
  return (
    <>
      <span className={`account-badge account-${account.status}`}>{t(`account.status.${account.status}`)}</span>
      {account.entry !== 'none' && (
        <>
          {' '}
          <span className="account-badge account-pending">{t(`account.entry.${account.entry}`)}</span>
        </>
      )}
      {account.lockedUntil && (
        <span className="alarm"> {t('account.locked', { time: formatInstant(Date.parse(account.lockedUntil)).slice(0, 16) })}</span>
      )}
    </>
  )
}
