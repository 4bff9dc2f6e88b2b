// What someone types to find something, as LIKE patterns: a piece of a name, of a plate, of pinyin.

/** Anything that holds `text`, whatever letters of a pattern are in it. */
export const contains = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`

/** As plates and search texts are stored: without the printed dot, blanks and hyphens. */
const bare = (q: string): string => q.replace(/[\s·•・‧.-]/gu, '')

/** For plates, which are stored in capitals: 蒙a·d12 finds 蒙AD1234. Null when nothing is left. */
export function platePattern(q: string): string | null {
  const plain = bare(q.toUpperCase())
  return plain === '' ? null : contains(plain)
}

/** For search texts, which hold pinyin and numbers in small letters. */
export const latinPattern = (q: string): string => contains(bare(q.toLowerCase()))
