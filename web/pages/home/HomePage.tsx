// For roles that have no page yet: what the role is for, honestly, and what it will find here.
import { useAccount } from '../../kit/api/session.ts'
import { useText } from './texts.ts'
import './home.css'

export function HomePage() {
  const { t } = useText()
  const account = useAccount()
  return (
    <div className="home">
      <h1>{t('home.greeting', { name: account.displayName })}</h1>
      <p className="quiet">
        {t(`role.${account.role}`)} · {account.organisation.name}
      </p>
      <h2>{t('home.forTitle')}</h2>
      <p>{t(`roleFor.${account.role}`)}</p>
      <h2>{t('home.noPageTitle')}</h2>
      <p>{t('home.noPageText')}</p>
    </div>
  )
}
