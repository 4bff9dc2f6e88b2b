// Files for the tests of import: workbooks by exceljs, text by hand, and zips that lie.
import { deflateRawSync } from 'node:zlib'
import exceljs from 'exceljs'
import type { Import } from '../../services/contracts/exchange.ts'
import type { Signed, World } from '../dispatch/world.ts'

export const VEHICLE_HEADINGS = [
  '号牌号码',
  '号牌颜色',
  '车辆分类',
  '编制类别',
  '能源类型',
  '品牌',
  '型号',
  '座位数',
  '排量（毫升）',
  '登记日期',
  '产权单位',
  '使用单位',
]
export const vehicleRow = (plate: string, unit = '甲单位', more: Record<number, unknown> = {}): unknown[] => {
  const row: unknown[] = [plate, '蓝', '公务用车', '应急保障用车', '汽油', '红旗', 'H5', 5, 1498, '2024-05-01', unit, unit]
  for (const [at, value] of Object.entries(more)) row[Number(at)] = value
  return row
}

export const csv = (...rows: unknown[][]): Buffer => Buffer.from(rows.map((row) => row.join(',')).join('\r\n'))

export async function workbook(rows: unknown[][], change?: (sheet: exceljs.Worksheet, book: exceljs.Workbook) => void): Promise<Buffer> {
  const book = new exceljs.Workbook()
  const sheet = book.addWorksheet('车辆')
  sheet.addRows(rows)
  change?.(sheet, book)
  return Buffer.from(await book.xlsx.writeBuffer())
}

/** A zip of these entries. `claim` is what the directory says about the inflated size. */
export function zip(entries: { name: string; content: Buffer; claim?: number }[]): Buffer {
  const locals: Buffer[] = []
  const central: Buffer[] = []
  let offset = 0
  for (const { name, content, claim } of entries) {
    const packed = deflateRawSync(content, { level: 9 })
    const nameBytes = Buffer.from(name)
    const local = Buffer.alloc(30)
    local.writeUInt32LE(0x04034b50, 0)
    local.writeUInt16LE(8, 8)
    local.writeUInt32LE(packed.length, 18)
    local.writeUInt32LE(claim ?? content.length, 22)
    local.writeUInt16LE(nameBytes.length, 26)
    const entry = Buffer.alloc(46)
    entry.writeUInt32LE(0x02014b50, 0)
    entry.writeUInt16LE(8, 10)
    entry.writeUInt32LE(packed.length, 20)
    entry.writeUInt32LE(claim ?? content.length, 24)
    entry.writeUInt16LE(nameBytes.length, 28)
    entry.writeUInt32LE(offset, 42)
    locals.push(local, nameBytes, packed)
    central.push(entry, nameBytes)
    offset += 30 + nameBytes.length + packed.length
  }
  const directory = Buffer.concat(central)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...locals, directory, end])
}

const part = (name: string, xml: string) => ({ name, content: Buffer.from(xml) })
/** The smallest workbook around one sheet's XML. */
export const bareWorkbook = (sheetXml: string | Buffer): { name: string; content: Buffer }[] => [
  part('_rels/.rels', '<Relationships><Relationship Id="a" Type="http://x/officeDocument" Target="xl/workbook.xml"/></Relationships>'),
  part('xl/workbook.xml', '<workbook><sheets><sheet name="车辆" sheetId="1" r:id="b"/></sheets></workbook>'),
  part(
    'xl/_rels/workbook.xml.rels',
    '<Relationships><Relationship Id="b" Type="http://x/worksheet" Target="worksheets/s.xml"/></Relationships>',
  ),
  { name: 'xl/worksheets/s.xml', content: Buffer.from(sheetXml as string) },
]

export async function upload({ app }: Pick<World, 'app'>, signed: Signed, subject: string, bytes: Buffer, fileName = 'test.xlsx') {
  const answer = await app.inject({
    method: 'POST',
    url: '/api/v1/imports',
    query: { subject, fileName },
    headers: { ...signed.headers, 'content-type': 'application/octet-stream' },
    payload: bytes,
  })
  return { status: answer.statusCode, body: answer.body, json: () => answer.json() as Import }
}

/** Uploads, and applies when there is nothing wrong. */
export async function importFile(world: Pick<World, 'app'>, signed: Signed, subject: string, bytes: Buffer): Promise<Import> {
  const checked = await upload(world, signed, subject, bytes)
  if (checked.status !== 200) throw new Error(checked.body)
  const { importId, token, problems } = checked.json()
  if (!token) throw new Error(JSON.stringify(problems.slice(0, 5)))
  const answer = await applyImport(world, signed, importId, token)
  if (answer.statusCode !== 200) throw new Error(answer.body)
  return answer.json() as Import
}

export const applyImport = ({ app }: Pick<World, 'app'>, signed: Signed, importId: number, token: string) =>
  app.inject({
    method: 'POST',
    url: `/api/v1/imports/${importId}/apply`,
    headers: signed.headers,
    payload: { token, reason: '按核定台账导入' },
  })

export async function exportFile(
  { app }: Pick<World, 'app'>,
  signed: Signed,
  subject: string,
  query: Record<string, string> = {},
): Promise<Buffer> {
  const answer = await app.inject({ method: 'GET', url: `/api/v1/exports/${subject}`, query, headers: signed.headers })
  if (answer.statusCode !== 200) throw new Error(answer.body)
  return answer.rawPayload
}
