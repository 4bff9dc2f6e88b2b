// Characters that nobody sees, and the formulas of CSV files.
import fc from 'fast-check'
import t from 'tap'
import { findHidden, withoutHidden } from '../../services/domain/text.ts'
import { guardFormula, unguardFormula } from '../../services/tables/formulaGuard.ts'

t.test('a character that nobody sees is found by its number, whichever it is', async (t) => {
  for (const code of [
    0, 0x1b, 0x7f, 0xad, 0x34f, 0x61c, 0x180e, 0x200b, 0x200c, 0x200d, 0x200e, 0x200f, 0x202a, 0x202e, 0x2028, 0x2060, 0x2066, 0x2069,
    0x3164, 0xfeff, 0xfe0f, 0xe0041, 0xd800,
  ]) {
    const text = `蒙A${String.fromCodePoint(code)}B`
    t.equal(findHidden(text), `U+${code.toString(16).toUpperCase().padStart(4, '0')}`)
    t.equal(withoutHidden(text), '蒙AB')
  }
})

t.test('marks that a script needs are text: Mongolian, rare characters, signs', async (t) => {
  for (const text of [
    'ᠮᠣᠷᠢᠨ ᠤ',
    'ᠠ\u180e',
    'ᠭ\u180bᠠ\u180e',
    'ᠮ\u202fᠤᠨ',
    'ᠠ\u200dᠠ',
    '\u200dᠠ',
    '葛\u{e0100}',
    '车❤\ufe0f',
    'line\nline\ttab',
    '（甲）　乙',
  ])
    t.same([findHidden(text), withoutHidden(text)], [undefined, text])
})

t.test('a text that a spreadsheet would run is guarded, and comes back as it was', async (t) => {
  for (const text of [
    '=1',
    '+1',
    '-1',
    '@A',
    '＝1',
    '＋1',
    '－1',
    '＠A',
    '\u200b=1',
    ' =1',
    "'=1",
    '\ufeff\u202e＝1',
    '\t=1',
    '\tx',
    '\rx',
  ])
    t.equal(guardFormula(text), `'${text}`, JSON.stringify(text))
  const sign = fc.constantFrom('=', '+', '-', '@', '＝', '＋', '－', '＠', "'", ' ', '\u200b', '\t', '\r', '\n', 'a', '甲', '\ufeff')
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(sign).map((signs) => signs.join('')),
      ),
      (text) => unguardFormula(guardFormula(text)) === text,
    ),
    { numRuns: 2000 },
  )
})
