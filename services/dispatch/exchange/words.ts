// Sentences about cells, in both languages. They say what is wrong and what would be accepted.
import type { Words } from '../../contracts/exchange.ts'
import { type RefusalReason, type RefusalValues, refusalSentence } from '../../contracts/refusals.ts'
import { fieldWords } from '../../domain/fieldWords.ts'

export const words = (zh: string, en: string): Words => ({ zh, en })

/** What the pages and records call the field. Files are read by their headings: a word that changes there changes what files must say. */
export function called(field: keyof typeof fieldWords): Words {
  const [zh, en] = fieldWords[field]
  return words(zh, en)
}

/** The same sentence that the ledger's own pages refuse with. */
export const refused = (reason: RefusalReason, values: RefusalValues = {}): Words => ({
  zh: refusalSentence(reason, values, 'zh-CN')!,
  en: refusalSentence(reason, values, 'en')!,
})
