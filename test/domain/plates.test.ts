// Number plates: which forms the ledger keeps, what it says of the others, and that writing one differently makes no other plate.
import fc from 'fast-check'
import t from 'tap'
import { refusalSentence } from '../../services/contracts/refusals.ts'
import { findPlateProblem, plateAsPrinted, plateAsStored, plateColours, plateFits } from '../../services/domain/vehicle.ts'

const coloursOf = (plate: string) => plateColours.filter((colour) => plateFits(plate, colour)).join(' ')

t.test('plates of each form are kept and carry the colours of their form', async (t) => {
  for (const plate of ['蒙A12345', '蒙AA1234', '蒙A1234Z', '蒙AAB123', '蒙MA12B3'])
    t.same([findPlateProblem(plate), coloursOf(plate)], [null, 'blue yellow'], plate)
  for (const letter of 'ABCDEFGHJK')
    for (const plate of [`蒙A${letter}12345`, `蒙A${letter}Z2345`, `蒙A12345${letter}`])
      t.same([findPlateProblem(plate), coloursOf(plate)], [null, 'green'], plate)
  for (const plate of ['蒙A1234警', '蒙O0001警', '蒙AA234警', '蒙X1234应急', '蒙S0001应急'])
    t.same([findPlateProblem(plate), coloursOf(plate)], [null, 'white'], plate)
})

t.test('what the ledger does not keep is refused with a sentence that says what it keeps', async (t) => {
  const wanted: Record<string, string[]> = {
    'plate.form': [
      '蒙AI2345',
      '蒙A1234',
      '蒙A123456',
      '蒙AABC12',
      '蒙AL12345',
      '蒙A12345L',
      '蒙AAB2345A',
      '蒙A1234应急',
      '蒙12345',
      '蒙I12345',
      '',
    ],
    'plate.kind': ['蒙A1234学', '蒙A1234挂', '蒙A1234领', '粤Z1234港', '使014578', '蒙A1234试', '蒙A临1234', 'WJ蒙12345', 'VA12345'],
    'plate.province': ['京A12345', '冀BD12345', '京X1234应急'],
  }
  for (const [reason, plates] of Object.entries(wanted))
    for (const plate of plates) {
      t.equal(findPlateProblem(plate), reason, plate)
      t.equal(coloursOf(plate), '', plate)
    }
  // Every example of the sentences is a plate that would be accepted.
  for (const locale of ['zh-CN', 'en'] as const) {
    const examples = refusalSentence('plate.form', { plate: '' }, locale)!.match(/蒙[A-Z]·[0-9A-Z]+(警|应急)?/g)!
    t.equal(examples.length, locale === 'en' ? 7 : 7)
    for (const example of examples) t.equal(findPlateProblem(plateAsStored(example)), null, example)
  }
})

t.test('a plate is the same however it is typed: with dots, dashes, spaces, in double width, in small letters', async () => {
  const plate = fc.constantFrom('蒙A12345', '蒙AD12345', '蒙AB1234Z', '蒙B1234警', '蒙X1234应急')
  const between = fc.constantFrom('', '·', '•', '・', '･', '.', '．', '-', '－', '—', ' ', '\u3000', '\u200b', '∙')
  const styles = [
    (text: string) => text,
    (text: string) => text.toLowerCase(),
    (text: string) => text.replace(/[!-~]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0)),
  ]
  fc.assert(
    fc.property(plate, between, between, fc.constantFrom(...styles), (stored, dot, edge, style) => {
      const typed = `${edge}${style(stored.slice(0, 2))}${dot}${style(stored.slice(2))}${edge}`
      return plateAsStored(typed) === stored && plateAsStored(plateAsPrinted(stored)) === stored
    }),
    { numRuns: 500 },
  )
})
