// What an error says to a person: the sentence of the catalogue in their language, and the wait where one is known.
import { errorCatalogue } from '../../services/contracts/errors.ts'
import type { Locale } from '../format/time.ts'
import type { Text } from '../i18n/i18n.ts'
import { ApiError } from './client.ts'

export function errorText(error: unknown, t: Text, locale: Locale): string {
  if (!(error instanceof ApiError)) return t('error.unexpected')
  if (error.code === 'OFFLINE') return t('error.offline')
  if (error.code === 'RATE_LIMITED' && error.retryAfterS) return t('error.retryAfter', { seconds: Math.ceil(error.retryAfterS) })
  const sentence = errorCatalogue[error.code]
  return locale === 'en' ? sentence.en : sentence.zh
}
