// How people type Chinese names on a Latin keyboard: the full spelling and the initials, for search columns.
import { pinyin } from 'pinyin-pro'

const spelled = new Map<string, string>()

/** One character at a time and remembered: names repeat their characters, and a seed spells forty thousand of them. */
function spell(character: string): string {
  let found = spelled.get(character)
  if (found === undefined) {
    found = /\p{Script=Han}/u.test(character) ? pinyin(character, { toneType: 'none', v: true }) : character.toLowerCase()
    spelled.set(character, found)
  }
  return found
}

/** "农牧局" → "nongmuju nmj"; empty for a text without Chinese. Spaces are left out. */
export function pinyinOf(text: string): string {
  if (!/\p{Script=Han}/u.test(text)) return ''
  const parts = [...text.replace(/\s/g, '')].map((character) => [character, spell(character)] as const)
  const initials = parts.map(([character, latin]) => (latin === character.toLowerCase() ? latin : latin[0]))
  return `${parts.map(([, latin]) => latin).join('')} ${initials.join('')}`
}
