// Cells as people type them: full-width letters and digits, spaces of every kind, characters one cannot see.
// What is left means the same; text that is only written differently is not a change.

import { withoutHidden } from '../../domain/text.ts'

/** U+FF01–FF5E are the ASCII characters in double width. In names and notes only letters and digits are narrowed: （） is Chinese there. */
const WIDE_WORD = /[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]/g
const WIDE_ANY = /[\uff01-\uff5e]/g
// U+202F joins a suffix to a Mongolian word.
const SPACES = /(?:[\s\u00a0\u1680\u2000-\u200a\u205f\u3000]|(?<![\u1807-\u18aa\u200c\u200d])\u202f|\u202f(?![\u1807-\u18aa]))+/gu

const narrow = (text: string, wide: RegExp): string =>
  text.replace(wide, (character) => String.fromCharCode(character.charCodeAt(0) - 0xfee0))

/** Single spaces: once more when what nobody sees between two of them is gone. */
const spaced = (text: string): string => withoutHidden(text.replace(SPACES, ' ')).replace(SPACES, ' ').trim()

/** For names, notes and addresses. */
export const normaliseText = (text: string): string => narrow(spaced(text), WIDE_WORD)

/** For numbers, codes, dates and words to choose from: no spaces, everything in single width. */
export const normaliseCode = (text: string): string => narrow(withoutHidden(text.replace(SPACES, '')), WIDE_ANY)

/** For days and instants: single width, single spaces. */
export const normaliseTime = (text: string): string => narrow(spaced(text), WIDE_ANY)
