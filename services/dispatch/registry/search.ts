// What someone types to find a vehicle, as LIKE patterns: a piece of a plate, of a unit's name, of a driver's name.

const contains = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`

/** For names: any case is ILIKE's work. */
export const namePattern = (q: string): string => contains(q)

/** For plates, which are stored without the printed dot and in capitals: 蒙a·d12 finds 蒙AD1234. Null when nothing is left. */
export function platePattern(q: string): string | null {
  const plain = q.toUpperCase().replace(/[\s·•・‧.-]/gu, '')
  return plain === '' ? null : contains(plain)
}
