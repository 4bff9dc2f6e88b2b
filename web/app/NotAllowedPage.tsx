// Said when an address was opened that the role may not use: which page it is, and what the role is for.
import { Link } from '@tanstack/react-router'
import { useAccount } from '../kit/api/session.ts'
import { EmptyState } from '../kit/State.tsx'
import { useUrl } from '../kit/useUrl.ts'
import { nameOfPage } from './pages.ts'
import { useText } from './texts.ts'

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
