// What an error says to a person: the reason of a refusal or the sentence of the catalogue in their language, and the wait where one is known.
import { errorCatalogue } from '../../services/contracts/errors.ts'
import { refusalSentence } from '../../services/contracts/refusals.ts'
import type { Locale } from '../format/time.ts'
import type { Text } from '../i18n/i18n.ts'
import { ApiError } from './client.ts'

export function errorText(error: unknown, t: Text, locale: Locale): string {
  if (!(error instanceof ApiError)) return t('error.unexpected')
  if (error.code === 'OFFLINE') return t('error.offline')
  if (error.code === 'RATE_LIMITED' && error.retryAfterS) return t('error.retryAfter', { seconds: Math.ceil(error.retryAfterS) })
  const issue = error.issues[0]
  const why = issue?.reason && refusalSentence(issue.reason, issue.values, locale)
  if (why) return why
  // A schema's own sentence in both languages: 中文 / English.
  const both = /^(\p{Script=Han}.*) \/ (.*)$/u.exec(issue?.message ?? '')
  if (both) return locale === 'en' ? both[2]! : both[1]!
  const sentence = errorCatalogue[error.code]
  return locale === 'en' ? sentence.en : sentence.zh
}
