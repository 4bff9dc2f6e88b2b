// What the value of a dimension is called, in a language: on the page, and in files that go out.
import { wordLists } from '../words.ts'
import { type BandName, bands } from './bands.ts'
import { type Dimension, wordsOfDimension } from './table.ts'

/** What has no value of a dimension, where it is not that nobody recorded one: seals are of no rule, and findings of no holiday. */
const sealing = ['（封存停驶）', '(sealing)'] as const
const without: Partial<Record<Dimension, readonly [string, string]>> = {
  ...{ league: ['（自治区本级）', '(the region itself)'], banner: ['（盟市本级）', '(the league itself)'] },
  ...{ rule: sealing, severity: sealing, supervisionState: sealing, holiday: ['（监督线索）', '(findings)'] },
}

/** @param name of an organisation, a compound, a pool; null: the key is a word */
export function sayValue(dimension: Dimension, key: string | null, name: string | null, locale: 'zh-CN' | 'en'): string {
  const column = locale === 'en' ? 1 : 0
  if (name !== null) return name
  if (key === null) return (without[dimension] ?? (['（未登记）', '(not recorded)'] as const))[column]
  const list = wordsOfDimension[dimension]
  if (list === null) return key
  if (list in bands) return bands[list as BandName].find((band) => band.key === key)?.words[column] ?? key
  return (wordLists as Record<string, Record<string, readonly string[]>>)[list]?.[key]?.[column] ?? key
}
