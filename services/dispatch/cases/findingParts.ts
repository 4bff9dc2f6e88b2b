// What a case found, as its evidence package holds it: for the report in words, as a file with every step and earlier text, and the photos.
import type { Finding } from '../../contracts/api/findings.ts'
import { plateAsPrinted } from '../../domain/vehicle.ts'
import { wordOf } from '../../domain/words.ts'
import { regionalOf } from '../../evidence/tracks/track.ts'
import type { Queryable } from '../../platform/db.ts'
import type { ReportFinding } from './evidence/report.ts'
import type { PartSource } from './evidence/write.ts'
import { findFindings, type StoredFinding, tellFindings } from './findingRows.ts'

type Language = 'zh-CN' | 'en'

const texts = {
  file: ['疑点与核实.json', 'findings.json'],
  photos: ['照片', 'photos'],
  asked: ['要求 {} 说明：{}（期限 {}）', '{} was asked: {} (by {})'],
  answer: ['说明（{}{}）：{}', 'Answer ({}{}): {}'],
  late: ['，逾期', ', late'],
  conclusion: ['核实结论：{}', 'Conclusion: {}'],
} as const
const say = (language: Language, key: keyof typeof texts, ...values: string[]): string =>
  values.reduce<string>((text, value) => text.replace('{}', () => value), texts[key][language === 'en' ? 1 : 0])
const minute = (instant: string): string => regionalOf(Date.parse(instant)).slice(0, 16)

/** Of a case; of vehicles that whoever asked for the package (`accountId`) does not see there are none. */
export async function findingParts(
  db: Queryable,
  { caseId, accountId, cleared, language }: { caseId: number; accountId: number; cleared: readonly number[]; language: Language },
  nowMs: number,
): Promise<{ report: ReportFinding[]; parts: PartSource[] }> {
  const who = { caller: { accountId }, reach: { cleared } } as Parameters<typeof findFindings>[1]
  const found = (await findFindings(db, who, 'f.case_id = $3', [caseId], 'ORDER BY f.nth')).filter(({ vehicle }) => vehicle !== null)
  if (found.length === 0) return { report: [], parts: [] }
  const told = await tellFindings(
    db,
    found,
    found.map(() => []),
    nowMs,
  )
  const kept = told.map(({ mayAct: _mayAct, version: _version, findingId: _finding, caseId: _case, ...each }) => each)
  const parts: PartSource[] = [
    { name: say(language, 'file'), mediaType: 'application/json', content: Buffer.from(`${JSON.stringify(kept, null, 1)}\n`) },
  ]
  for (const finding of told)
    for (const { photoId } of finding.photos) {
      const { rows } = await db.query<{ content: Buffer }>('SELECT content FROM case_finding_photos WHERE photo_id = $1', [photoId])
      parts.push({ name: `${say(language, 'photos')}/${finding.nth}-${photoId}.jpg`, mediaType: 'image/jpeg', content: rows[0]!.content })
    }
  return { report: told.map((finding, n) => linesOf(finding, found[n]!, language)), parts }
}

function linesOf(finding: Finding, { vehicle }: StoredFinding, language: Language): ReportFinding {
  const { nth, state, from, until, text, asked, answer, conclusion, notedBy } = finding
  const span = from === until ? minute(from) : `${minute(from)} – ${minute(until)}`
  return {
    title: `${nth}. ${wordOf('findingState', state, language)}  ${plateAsPrinted(vehicle!.plate)}  ${span}`,
    lines: [
      `${text} (${notedBy})`,
      ...(asked ? [say(language, 'asked', asked.displayName, asked.question, minute(asked.dueAt))] : []),
      ...(answer ? [say(language, 'answer', minute(answer.at), answer.late ? say(language, 'late') : '', answer.text)] : []),
      ...(conclusion === null ? [] : [say(language, 'conclusion', conclusion)]),
    ],
  }
}
