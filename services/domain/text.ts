// What a text may hold. Characters that nobody sees change what a text means to a machine and not to its reader: a plate that is not found, a
// name that reads backwards, a formula behind a space without width. They are refused at the door, by name; files are read without them.

/** Letters of the Mongolian script, which has use for marks without width between and behind them. */
const MONGOLIAN = String.raw`[\u1807\u180A\u1820-\u18AA]`
/** Free variation selectors, vowel separator, joiners; U+202F joins a suffix. */
const MONGOLIAN_MARKS = String.raw`[\u180B-\u180F\u200C\u200D\u202F]`
/** What belongs to the letter before it: marks of Mongolian, a variant of a Chinese character, the picture form of a sign. */
const LEGITIMATE = String.raw`(?<=${MONGOLIAN}${MONGOLIAN_MARKS}*)${MONGOLIAN_MARKS}|${MONGOLIAN_MARKS}(?=${MONGOLIAN_MARKS}*${MONGOLIAN})|(?<=\p{Ideographic})[\uFE00-\uFE0F\u{E0100}-\u{E01EF}]|(?<=\p{Extended_Pictographic})[\uFE0E\uFE0F]`
/** Controls but tabs and line ends, halves of surrogate pairs, noncharacters' kin, direction marks, and all that has no width. */
const HIDDEN = String.raw`(?![\t\n\r])\p{Cc}|\p{Cs}|\p{Bidi_Control}|\p{Default_Ignorable_Code_Point}|[\u2028\u2029\uFFF9-\uFFFB]`
const pattern = new RegExp(`${LEGITIMATE}|(?<hidden>${HIDDEN})`, 'gu')

/** The first character of a text that nobody sees and that no script needs there, as U+200B; undefined when there is none. */
export function findHidden(text: string): string | undefined {
  for (const { groups, 0: character } of text.matchAll(pattern))
    if (groups?.hidden) return `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`
  return undefined
}

/** The text without them. */
export const withoutHidden = (text: string): string =>
  text.replace(pattern, (all, ...rest) => ((rest.at(-1) as { hidden?: string }).hidden ? '' : all))
