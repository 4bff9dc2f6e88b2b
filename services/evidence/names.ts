// Names of entries. Some systems keep an é as one letter, others as two: whoever carries a package from one to the other changes no content.

/** The one form in which names are compared. */
export const normalName = (name: string): string => name.normalize('NFC')

/** Two of the names that are one in that form; undefined where there are none. */
export function findAlike(names: readonly string[]): [string, string] | undefined {
  const seen = new Map<string, string>()
  for (const name of names) {
    const before = seen.get(normalName(name))
    if (before !== undefined) return [before, name]
    seen.set(normalName(name), name)
  }
  return undefined
}
