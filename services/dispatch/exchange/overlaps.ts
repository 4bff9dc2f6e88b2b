// Days of a driver that may not overlap: leave with leave, loan with loan. Said by row before the database's own constraint would.
import type { Candidate, CheckContext, Complaint } from './sheet.ts'
import { refused, words } from './words.ts'

type Span = { id: number | null; row: number | null; driver: number; from: string; until: string }
const END_OF_TIME = '9999-12-31'

export async function judgeOverlaps(
  candidates: Candidate[],
  { db }: CheckContext,
  { table, id, reason }: { table: string; id: string; reason: 'driver.loanOverlap' | 'driver.leaveOverlap' },
): Promise<Complaint[]> {
  const complaints: Complaint[] = []
  const { rows } = await db.query<Span>(
    `SELECT ${id} AS id, NULL AS row, driver_id AS driver, from_day::text AS from, coalesce(until_day::text, '${END_OF_TIME}') AS until
     FROM ${table} WHERE driver_id = ANY($1::int[])`,
    [candidates.map(({ values }) => values.driver)],
  )
  const replaced = new Set(candidates.map(({ existing }) => existing?.id))
  const spans = new Map<number, Span[]>()
  const put = (span: Span) => spans.set(span.driver, [...(spans.get(span.driver) ?? []), span])
  for (const span of rows) if (!replaced.has(span.id!)) put(span)
  for (const { row, values } of candidates) {
    const span: Span = {
      id: null,
      row,
      driver: values.driver as number,
      from: values.fromDay as string,
      until: (values.untilDay as string | null) ?? END_OF_TIME,
    }
    if (span.until < span.from) complaints.push({ row, column: 'untilDay', message: refused('dates.until') })
    const other = spans.get(span.driver)?.find(({ from, until }) => from <= span.until && span.from <= until)
    if (other) {
      const said = refused(reason)
      const where = other.row === null ? words('', '') : words(`（第 ${other.row} 行）`, ` (row ${other.row})`)
      complaints.push({ row, column: 'fromDay', message: words(`${said.zh}${where.zh}`, `${said.en}${where.en}`) })
    }
    put(span)
  }
  return complaints
}
