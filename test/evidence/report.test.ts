// The report as a reader has it: what was written is there as ink and as text, whatever stood before it; what no font has stops the work and is named.
import { PDFiumLibrary } from '@hyzyla/pdfium'
import t from 'tap'
import { type Report, reportOf } from '../../services/dispatch/cases/evidence/report.ts'
import { ed25519Signer, manifestBy } from './packages.ts'

const pdfium = await PDFiumLibrary.init()
t.teardown(() => pdfium.destroy())
const { vehicles: _, parts: files, ...about } = manifestBy(ed25519Signer())([])
const report = (purpose: string, lines: string[]): Report => ({
  about: { ...about, case: { ...about.case, purpose } },
  ...{ language: 'zh-CN', vehicles: [], orders: [], findings: [{ title: '疑点', lines }], auditRecords: 3, files },
})
async function read(file: Buffer): Promise<{ text: string; ink: number }> {
  const document = await pdfium.loadDocument(file)
  let [text, ink] = ['', 0]
  for (const page of document.pages()) {
    text += page.getText()
    const { data } = await page.render({ scale: 1.5, render: 'bitmap' })
    for (let dot = 0; dot < data.length; dot += 4) if (data[dot]! < 128) ink++
  }
  document.destroy()
  return { text: text.normalize('NFC'), ink }
}

const said = ['间。楼', '𠮷野家', 'Nguyễn Văn Ấn', '80 km/h ↗ 90 km/h', '测Ａ00001（备用）']

t.test('every character is inked and read again, in any order and twice', async (t) => {
  for (const lines of [said, [...said].reverse(), [...said, ...said]]) {
    const { text } = await read(await reportOf(report(lines[0]!, lines)))
    for (const line of lines) {
      const times = lines.filter((each) => each === line).length + (line === lines[0] ? 1 : 0)
      t.equal(text.split(line.normalize('NFC')).length - 1, times, `${line} stands ${times} times in ${lines.join(' | ')}`)
    }
  }
  const bare = await read(await reportOf(report('核查', ['　'])))
  for (const character of new Set(said.join('').replaceAll(' ', ''))) {
    const { ink } = await read(await reportOf(report('核查', [character.repeat(12)])))
    t.ok(ink > bare.ink + 6, `${character}: ${ink - bare.ink} dots`)
  }
})

t.test('a character that no font has stops the work, with its number and where it stands', async (t) => {
  const why = async (purpose: string, lines: string[]) => reportOf(report(purpose, lines)).catch((error: unknown) => error)
  t.match(await why('核查', ['行驶\u{10FFFD}线索']), {
    reason: 'evidence.glyph',
    values: { character: '\u{10FFFD}', code: 'U+10FFFD', part: '行驶\u{10FFFD}线索' },
  })
  t.match(await why('🚗', []), { reason: 'evidence.glyph', values: { code: 'U+1F697' } })
})
