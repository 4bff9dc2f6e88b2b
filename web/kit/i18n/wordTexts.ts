// The words of enumerations and fields as texts: `vehicleState.RESERVED`, `field.plate`.
import { type FieldKey, fieldWords } from '../../../services/domain/fieldWords.ts'
import { type Word, type WordKey, wordLists } from '../../../services/domain/words.ts'
import type { Pair } from './i18n.ts'

const words = Object.entries(wordLists).flatMap(([list, words]) =>
  Object.entries(words as Record<string, Word>).map(([value, word]) => [`${list}.${value}`, word] as const),
)
const fields = Object.entries(fieldWords).map(([name, pair]) => [`field.${name}`, pair] as const)
export const wordTexts = Object.fromEntries([...words, ...fields]) as Record<WordKey | FieldKey, Pair>
