// What an error says to a person: the reason of a refusal or the sentence of the catalogue in their language, and the wait where one is known.
import { BOTH_LANGUAGES, errorCatalogue, type Issue } from '../../../services/contracts/errors.ts'
import { refusalSentence } from '../../../services/contracts/refusals.ts'
import type { Locale } from '../format/time.ts'
import type { Text } from '../texts.ts'
import { ApiError } from './client.ts'

export function errorText(error: unknown, t: Text, locale: Locale): string {
  if (!(error instanceof ApiError)) return t('error.unexpected')
  if (error.code === 'OFFLINE') return t('error.offline')
  if (error.code === 'RATE_LIMITED' && error.retryAfterS) return t('error.retryAfter', { seconds: Math.ceil(error.retryAfterS) })
  const why = error.issues[0] && issueText(error.issues[0], locale)
  if (why) return why
  const sentence = errorCatalogue[error.code]
  return locale === 'en' ? sentence.en : sentence.zh
}

/** What one issue says; undefined where it has no sentence for people. */
export function issueText({ reason, values, message }: Issue, locale: Locale): string | undefined {
  const why = reason && refusalSentence(reason, values, locale)
  if (why) return why
  // A schema's own sentence in both languages: 中文 / English.
  const both = BOTH_LANGUAGES.exec(message)
  return both ? (locale === 'en' ? both[2]! : both[1]!) : undefined
}
