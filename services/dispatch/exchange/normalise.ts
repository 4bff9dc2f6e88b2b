// Cells as people type them: full-width letters and digits, spaces of every kind, characters one cannot see.
// What is left means the same; text that is only written differently is not a change.

/** U+FF01–FF5E are the ASCII characters in double width. In names and notes only letters and digits are narrowed: （） is Chinese there. */
const WIDE_WORD = /[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]/g
const WIDE_ANY = /[\uff01-\uff5e]/g
const SPACES = /[\s\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+/gu
// Controls, zero-width characters, direction marks, byte order marks, and halves of surrogate pairs.
const INVISIBLE = /[\p{Cc}\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]|\p{Cs}/gu

const narrow = (text: string, wide: RegExp): string =>
  text.replace(wide, (character) => String.fromCharCode(character.charCodeAt(0) - 0xfee0))

/** For names, notes and addresses. */
export const normaliseText = (text: string): string => narrow(text.replace(SPACES, ' ').replace(INVISIBLE, '').trim(), WIDE_WORD)

/** For numbers, codes, dates and words to choose from: no spaces, everything in single width. */
export const normaliseCode = (text: string): string => narrow(text.replace(SPACES, '').replace(INVISIBLE, ''), WIDE_ANY)
