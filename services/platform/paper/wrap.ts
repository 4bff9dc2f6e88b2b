// Breaks text into lines. Chinese breaks between any two characters but for what may not begin or end a line; words of letters and digits
// stay whole where they fit. What has no place to break, however long, is broken where the line ends: nothing leaves its cell.

const NOT_FIRST = /^[，。、；：？！）》」』】〕”’％,.;:?!)\]}%]$/u
const NOT_LAST = /^[（《「『【〔“‘([{]$/u
const IN_WORD = /^[\p{Script=Latin}\p{Nd}\p{M}'@_./:+-]$/u

/** What stays together: a word, or one character with the marks that hang on it. */
function* piecesOf(text: string): Generator<string> {
  let word = ''
  for (const character of text) {
    if (IN_WORD.test(character)) word += character
    else {
      if (word) yield word
      word = ''
      yield character
    }
  }
  if (word) yield word
}

/** @param widthOf the width of one character (code point), in the unit of `width` */
export function wrap(text: string, widthOf: (character: string) => number, width: number): string[] {
  const lines: string[] = []
  for (const paragraph of text.split(/\r\n|\r|\n/)) {
    let line: string[] = []
    let used = 0
    const put = (character: string) => {
      line.push(character)
      used += widthOf(character)
    }
    const end = () => {
      lines.push(line.join('').trimEnd())
      line = []
      used = 0
    }
    for (const piece of piecesOf(paragraph)) {
      const characters = [...piece]
      const needed = characters.reduce((sum, each) => sum + widthOf(each), 0)
      if (used + needed > width && line.length > 0 && needed <= width) {
        if (piece === ' ') continue
        // What may not end this line, or begin the next, goes down together with its neighbour.
        const carried: string[] = []
        if (NOT_FIRST.test(piece) && line.length > 1) carried.unshift(line.pop()!)
        while (line.length > 1 && NOT_LAST.test(line.at(-1)!)) carried.unshift(line.pop()!)
        end()
        for (const each of carried) put(each)
      }
      for (const each of characters) {
        if (used + widthOf(each) > width && line.length > 0) end()
        put(each)
      }
    }
    end()
  }
  return lines
}
