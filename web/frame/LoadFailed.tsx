// Shown when a page could not start: the server was not reached, or a newer version replaced the files of this one.

import { ApiError } from '../api/client.ts'
import { useText } from '../i18n/i18n.ts'
import { ErrorState } from './State.tsx'

export function LoadFailed({ error }: { error: unknown }) {
  const { t } = useText()
  const replaced = !(error instanceof ApiError)
  return (
    <main>
      <ErrorState error={error} retry={() => window.location.reload()} />
      {replaced && <p className="state">{t('error.reload')}</p>}
    </main>
  )
}
