import { Link } from '@tanstack/react-router'
import { EmptyState } from '../kit/State.tsx'
import { useText } from './texts.ts'

export function PageNotFound() {
  const { t } = useText()
  return (
    <main>
      <EmptyState title={t('notFound.title')} text={t('notFound.text')} action={<Link to="/">{t('notFound.home')}</Link>} />
    </main>
  )
}
