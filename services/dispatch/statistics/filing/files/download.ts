// What was filed as a file that leaves the house: on record before it does.
import type { z } from 'zod'
import type { Api } from '../../../../contracts/api.ts'
import { Refusal } from '../../../../contracts/errors.ts'
import { refusal } from '../../../../contracts/refusals.ts'
import { directReportOf } from '../../../../domain/filing/directReport.ts'
import { tableCodes } from '../../../../domain/statistics/table.ts'
import type { Database } from '../../../../platform/db.ts'
import type { Download } from '../../../../platform/download.ts'
import { writeWorkbook } from '../../../../tables/write/xlsx.ts'
import { actorOf, type Who } from '../../../kernel/caller.ts'
import { recordAudit } from '../../../kernel/record.ts'
import { loadFiling, readSnapshot } from '../rows.ts'
import { maySee, tellFiling } from '../tell.ts'
import { pdfOf } from './pdf.ts'
import { paperOf } from './sheets.ts'

type Asked = z.output<Api['downloadFiling']['query']>
const mediaTypes = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pdf: 'application/pdf',
  json: 'application/json',
} as const

/** @throws Refusal NOT_FOUND; CONFLICT where nothing was filed; FORBIDDEN to whoever may not see each table, where the file has them all */
export async function downloadFiling(
  db: Database,
  who: Who,
  id: number,
  { round, format, locale }: Asked,
  nowMs: number,
): Promise<Download> {
  const filing = await loadFiling(db, who.reach, id)
  if (filing.round === 0) throw refusal('CONFLICT', 'query.round', 'filing.neverFilled')
  if (format === 'json' && !tableCodes.every((code) => maySee(who.caller, code))) throw new Refusal('FORBIDDEN')
  const filed = await readSnapshot(db, id, round ?? filing.round)
  const told = await tellFiling(db, who, filing, filed, nowMs)
  await recordAudit(db, {
    atMs: nowMs,
    actor: actorOf(who.caller),
    action: 'filing.export',
    subject: { type: 'filing', id },
    detail: { period: filing.period, round: filed.round, format, sha256: filed.sha256 },
  })
  const fileName = `${filed.snapshot.organisation.name} ${filing.period} ${filed.sha256.slice(0, 8)}.${format}`
  return { fileName, mediaType: mediaTypes[format], content: await content() }

  async function content(): Promise<Download['content']> {
    if (format === 'json') {
      const { state, period: _period, ...rest } = filing
      const explanations = told.checks.flatMap(({ key, explanation }) => (explanation === null ? [] : [{ of: key, text: explanation }]))
      const { round, sha256, snapshot } = filed
      return `${JSON.stringify(directReportOf({ filingId: rest.id, state, round, sha256, snapshot, steps: told.steps, explanations }), null, 1)}\n`
    }
    const paper = paperOf(told, locale)
    if (format === 'pdf') return pdfOf(paper, nowMs)
    const text = (heading: string) => ({ heading, width: 30, asText: true })
    return writeWorkbook([
      {
        name: locale === 'en' ? 'Filing' : '封面',
        columns: [text(paper.title), text('')],
        slices: [[...paper.facts.map((fact) => [...fact]), ...paper.signs.map((sign) => [sign])]],
      },
      ...paper.sheets.map(({ name, head, rows }) => ({
        name,
        columns: head.map((heading, at) => ({ heading, width: 18, asText: !rows.some((row) => typeof row[at] === 'number') })),
        slices: [rows],
      })),
    ])
  }
}
