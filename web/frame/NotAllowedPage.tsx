// Said when an address was opened that the role may not use: which page it is, and what the role is for.
import { Link } from '@tanstack/react-router'
import { useAccount } from '../api/session.ts'
import { useText } from '../i18n/i18n.ts'
import { useUrl } from '../useUrl.ts'
import { nameOfPage } from './pages.ts'
import { EmptyState } from './State.tsx'

export function NotAllowedPage() {
  const { t } = useText()
  const account = useAccount()
  const { url } = useUrl()
  const name = nameOfPage(url.page ?? '')
  const role = t(`role.${account.role}`)
  return (
    <EmptyState
      title={name ? t('notAllowed.title', { role, page: t(name) }) : t('notAllowed.plainTitle', { role })}
      text={t('notAllowed.text', { roleFor: t(`roleFor.${account.role}`) })}
      action={<Link to="/">{t('notFound.home')}</Link>}
    />
  )
}
