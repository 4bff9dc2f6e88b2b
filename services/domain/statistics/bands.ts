// Bands by which vehicles are counted: of age in years, of displacement in millilitres, of price in yuan. A value belongs to the last band that it reaches.
import type { Word } from '../words.ts'

type Band = { key: string; from: number; words: Word }

/** @param say an edge as it is read, in Chinese and in English, with its unit */
function bandsOf(edges: readonly number[], say: (edge: number) => Word): Band[] {
  return [0, ...edges].map((from, at) => {
    const next = edges[at]
    if (next === undefined) return { key: `${from}+`, from, words: [`${say(from)[0]}及以上`, `${say(from)[1]} and more`] }
    const [until, untilEn] = say(next)
    return {
      key: `${from}-${next}`,
      from,
      words: from === 0 ? [`不满${until}`, `below ${untilEn}`] : [`${say(from)[0]}至不满${until}`, `${say(from)[1]} to below ${untilEn}`],
    }
  })
}

export const bands = {
  ageBand: bandsOf([3, 5, 8], (years) => [`${years}年`, `${years} years`]),
  displacementBand: bandsOf([1600, 1800, 2000, 3000], (ml) => [`${(ml / 1000).toFixed(1)}升`, `${(ml / 1000).toFixed(1)} l`]),
  priceBand: bandsOf([120_000, 180_000, 250_000], (yuan) => [`${yuan / 10_000}万元`, `${yuan.toLocaleString('en')} yuan`]),
} as const satisfies Record<string, readonly Band[]>
export type BandName = keyof typeof bands

/** The band of a value; null for none, and for what is below nothing. */
export const bandOf = (name: BandName, value: number | null): string | null =>
  (value === null ? undefined : bands[name].findLast(({ from }) => value >= from)?.key) ?? null
