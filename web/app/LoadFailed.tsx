// Shown when a page could not start: the server was not reached, or a newer version replaced the files of this one.

import { ApiError } from '../kit/api/client.ts'
import { ErrorState } from '../kit/State.tsx'
import { useText } from './texts.ts'

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
