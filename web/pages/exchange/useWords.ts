// A sentence that the server gives in both languages, in the reader's.
import type { Words } from '../../../services/contracts/exchange.ts'
import { useText } from './texts.ts'

export function useWords(): (words: Words) => string {
  const { locale } = useText()
  return ({ zh, en }) => (locale === 'en' ? en : zh)
}
