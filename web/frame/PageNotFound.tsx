import { Link } from '@tanstack/react-router'
import { useText } from '../i18n/i18n.ts'
import { EmptyState } from './State.tsx'

export function PageNotFound() {
  const { t } = useText()
  return (
    <main>
      <EmptyState title={t('notFound.title')} text={t('notFound.text')} action={<Link to="/">{t('notFound.home')}</Link>} />
    </main>
  )
}
