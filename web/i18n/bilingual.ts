// Texts of one slice of the product, both languages side by side: a key that lacks one does not compile.

/** Splits `{ key: [中文, English] }` into the two dictionaries. */
export function bilingual<K extends string>(
  texts: Record<K, readonly [zh: string, en: string]>,
): { zh: Record<K, string>; en: Record<K, string> } {
  const entries = Object.entries(texts) as [K, readonly [string, string]][]
  const column = (index: 0 | 1) => Object.fromEntries(entries.map(([key, pair]) => [key, pair[index]])) as Record<K, string>
  return { zh: column(0), en: column(1) }
}
