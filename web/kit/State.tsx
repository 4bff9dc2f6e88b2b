// The three ways a page can have nothing to show: nothing there, something went wrong, a page that does not exist.

import type { ErrorCode } from '../../services/contracts/errors.ts'
import { ApiError } from './api/client.ts'
import { errorText } from './api/errorText.ts'
import { useText } from './texts.ts'

export function EmptyState({ title, text, action }: { title: string; text: string; action?: React.ReactNode }) {
  return (
    <div className="state">
      <svg viewBox="0 0 32 32" fill="none" stroke="currentColor" strokeWidth="1.6" aria-hidden="true">
        <path d="M4 21c5-7 8-7 12-3s7 3 12-4" strokeLinecap="round" />
        <path d="M4 26h24" strokeLinecap="round" />
      </svg>
      <strong>{title}</strong>
      <p>{text}</p>
      {action}
    </div>
  )
}

/** The same asked again is refused again. */
const final: readonly ErrorCode[] = ['VALIDATION_FAILED', 'FORBIDDEN', 'NOT_FOUND', 'TOO_LARGE']

/** What happened, and the way on. Nothing is lost by reading, so reading again is always safe, and offered where it may answer otherwise. */
export function ErrorState({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t, locale } = useText()
  return (
    <div className="state" role="alert">
      <strong>{t('error.title')}</strong>
      <p>{errorText(error, t, locale)}</p>
      {retry && !(error instanceof ApiError && final.some((code) => code === error.code)) && (
        <button type="button" className="plain-button" onClick={retry}>
          {t('action.retry')}
        </button>
      )}
    </div>
  )
}
