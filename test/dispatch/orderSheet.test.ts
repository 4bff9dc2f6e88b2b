// An order on paper: every character is inked on every page, nothing leaves its cell, and the code leads to the verification.
import { PDFiumLibrary } from '@hyzyla/pdfium'
import fc from 'fast-check'
import jsQR from 'jsqr'
import t from 'tap'
import type { OrderDetail } from '../../services/contracts/api/orders.ts'
import { type Sheet, sheetOf } from '../../services/dispatch/orders/sheet/lines.ts'
import { pdfOf } from '../../services/dispatch/orders/sheet/pdf.ts'
import { readSheetToken, sheetToken } from '../../services/dispatch/orders/sheet/token.ts'
import { fontBytes } from '../../services/platform/paper/font.ts'
import { wrap } from '../../services/platform/paper/wrap.ts'
import { NOW_MS } from './region.ts'

const DPI = 150
const pdfium = await PDFiumLibrary.init()
t.teardown(() => pdfium.destroy())

type Page = { width: number; height: number; grey: Uint8Array }
/** The pages as a scanner sees them: 150 dots an inch, grey. */
async function scan(file: Buffer): Promise<Page[]> {
  const document = await pdfium.loadDocument(file)
  const pages: Page[] = []
  for (const page of document.pages()) {
    const { width, height, data } = await page.render({ scale: DPI / 72, render: 'bitmap' })
    // Four channels a dot, all alike in print.
    pages.push({ width, height, grey: Uint8Array.from({ length: width * height }, (_, dot) => data[dot * 4]!) })
  }
  document.destroy()
  return pages
}

/** How many dots differ between two scans of the same page. */
const differ = (a: Page, b: Page): number => a.grey.reduce((sum, dot, n) => sum + (Math.abs(dot - b.grey[n]!) > 64 ? 1 : 0), 0)

function codeOn({ width, height, grey }: Page): string | undefined {
  const rgba = new Uint8ClampedArray(width * height * 4)
  grey.forEach((dot, n) => {
    rgba.set([dot, dot, dot, 255], n * 4)
  })
  return jsQR(rgba, width, height)?.data
}

const address = '内蒙古自治区呼和浩特市新城区成吉思汗东街与兴安北路交叉口东北侧集中办公区甲座七层七百零一室至七百零九室会议中心西侧门厅内'
/** As much of an order as a sheet looks at. */
const order = (changes: Partial<OrderDetail> = {}): OrderDetail =>
  ({
    number: '〔2026〕0012',
    state: 'ACCEPTED',
    unit: { organisationId: 20, name: '甲单位' },
    issuer: { organisationId: 4, name: '新城区机关事务服务中心' },
    applicant: { accountId: 1, name: '欧阳䶮' },
    vehicle: { vehicleId: 1, plate: '粤B示例7', plateColour: 'blue' },
    lease: null,
    driver: { driverId: 1, name: '示例司机' },
    purposeKind: 'meeting',
    purpose: '参加会议',
    from: { name: '甲地', lon: null, lat: null },
    to: { name: address, lon: null, lat: null },
    via: [],
    startsAt: new Date(NOW_MS).toISOString(),
    endsAt: new Date(NOW_MS + 3_600_000).toISOString(),
    passengers: 2,
    travellers: '欧阳䶮',
    contactName: '欧阳䶮',
    contactPhone: '13800000000',
    note: null,
    driverPhone: '13800000001',
    odometerOutKm: null,
    odometerBackKm: null,
    legs: [],
    changes: [],
    sharing: null,
    costs: [],
    totalFen: 0,
    ...changes,
  }) as unknown as OrderDetail
const cost = (costId: number, note: string) =>
  ({
    costId,
    kind: 'toll',
    fen: 3_500,
    at: new Date(NOW_MS).toISOString(),
    note,
    question: null,
    decision: null,
  }) as OrderDetail['costs'][number]
const LINK = 'https://cars.example/verify/c-1-abcdefghijklmnopqrstuv'

t.test(
  'three pages with a rare name, a plate and an address without a space: each page has its code, and each character its ink',
  async (t) => {
    t.equal([...address].length, 60)
    const long = order({ costs: Array.from({ length: 22 }, (_, n) => cost(n, `欧阳䶮 粤B·示例7 ${address}`)) })
    const sheet = sheetOf(long, 1, 'zh-CN', NOW_MS)
    const pages = await scan(await pdfOf(sheet, LINK, NOW_MS))
    t.equal(pages.length, 3)
    for (const page of pages) t.equal(codeOn(page), LINK)
    // With one character less a scan differs in about a character's ink, on every page where it stands.
    for (const character of ['䶮', '例', '·']) {
      const without: Sheet = {
        ...sheet,
        rows: sheet.rows.map(
          (row) => row.map(({ name, value }) => ({ name, value: value.replaceAll(character, '　') })) as unknown as Sheet['rows'][number],
        ),
      }
      const bare = await scan(await pdfOf(without, LINK, NOW_MS))
      pages.forEach((page, n) => {
        t.ok(differ(page, bare[n]!) > (character === '·' ? 4 : 30), `${character} is inked on page ${n + 1}`)
      })
    }
    // Beyond the frame of the table there is paper.
    for (const { width, height, grey } of pages) {
      const margin = Math.floor((40 / 72) * DPI)
      let ink = 0
      for (let y = 0; y < height; y++)
        for (const x of [...Array(margin).keys()]) if (grey[y * width + x]! < 128 || grey[y * width + width - 1 - x]! < 128) ink++
      t.equal(ink, 0, 'nothing is clipped or leaves its cell')
    }
  },
)

t.test('what the font lacks stands as a box with its number, and the font itself is embedded', async (t) => {
  const file = await pdfOf(sheetOf(order({ travellers: '𠮷🚗' }), 1, 'zh-CN', NOW_MS), LINK, NOW_MS)
  t.match(file.toString('latin1'), /\/FontFile2 /)
  t.ok(file.byteLength < 200_000, `${file.byteLength} bytes: a part of ${(await fontBytes()).byteLength}`)
  const [page] = await scan(file)
  const [bare] = await scan(await pdfOf(sheetOf(order({ travellers: '' }), 1, 'zh-CN', NOW_MS), LINK, NOW_MS))
  t.ok(differ(page!, bare!) > 100)
})

t.test('a voided order says so across the page; in English the sheet is English', async (t) => {
  const sheet = sheetOf(order({ state: 'VOIDED' }), 2, 'en', NOW_MS)
  t.match(sheet, { over: 'Voided', version: 'Version 2', title: 'Order for an official vehicle' })
  const [page] = await scan(await pdfOf(sheet, LINK, NOW_MS))
  t.equal(codeOn(page!), LINK)
})

t.test('lines: nothing is lost, nothing is wider than its cell, and no full stop begins one', (t) => {
  const widthOf = (character: string) => (/[ -~]/.test(character) ? 1 : 2)
  const width = (line: string) => [...line].reduce((sum, each) => sum + widthOf(each), 0)
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'车辆。，（）ab1 -，𠮷') }), fc.integer({ min: 4, max: 30 }), (text, most) => {
      const lines = wrap(text, widthOf, most)
      t.equal(lines.join('').replaceAll(' ', ''), text.replaceAll(' ', ''))
      for (const line of lines) if (width(line) > most) t.fail(`${line} in ${most}`)
    }),
  )
  t.same(wrap('前往会议中心。', widthOf, 12), ['前往会议中', '心。'])
  t.same(wrap('to the airport', widthOf, 8), ['to the', 'airport'])
  t.same(wrap('A'.repeat(20), widthOf, 8), ['AAAAAAAA', 'AAAAAAAA', 'AAAA'])
  t.end()
})

t.test('a link is of one order and one version, and of this installation', (t) => {
  const [key, other] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)]
  const token = sheetToken(key, { orderId: 12, version: 3 })
  t.match(token, /^[\w-]{26,40}$/)
  t.same(readSheetToken(key, token), { orderId: 12, version: 3 })
  t.equal(readSheetToken(other, token), undefined)
  t.equal(readSheetToken(key, token.replace(/^c-3/, 'c-4')), undefined)
  t.equal(readSheetToken(key, `${token}x`), undefined)
  t.end()
})
