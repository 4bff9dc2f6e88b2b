// Import and export of the ledger by Excel and CSV.
import { z } from 'zod'
import {
  exchangeLocales,
  exchangeSubjectSchema,
  exportListNames,
  exportSubjectSchema,
  fileFormats,
  importSchema,
  importStates,
  MAX_IMPORT_BYTES,
} from '../exchange.ts'
import { type Endpoint, id, offset, page, pageSize, purposeSchema } from './endpoint.ts'

const file = { format: z.enum(fileFormats).default('xlsx'), locale: z.enum(exchangeLocales).default('zh-CN') }
const subject = z.object({ subject: exchangeSubjectSchema })
const importId = z.object({ importId: id })

/** What finance and audit offices take away by month. */
export const bulkSubjects = ['costs', 'trips', 'findings'] as const
export type BulkSubject = (typeof bulkSubjects)[number]
const month = z.string().regex(/^\d{4}-\d{2}$/, '月份如 2026-11 / a month such as 2026-11')
/** So many months at once. */
export const MOST_MONTHS = 24

export const exchangeApi = {
  exportBulk: {
    method: 'GET',
    path: '/bulk/:subject',
    summary:
      'Costs, trips or findings of months as CSV, sent while it is read, in the order of their numbers month by month; nothing of sensitive vehicles, no names of persons. On record before it leaves',
    access: 'bulk.export',
    params: z.object({ subject: z.enum(bulkSubjects) }),
    query: z.object({ from: month, until: month, organisationId: id.optional(), locale: z.enum(exchangeLocales).default('zh-CN') }),
    download: true,
    answer: z.unknown(),
  },
  getImportTemplate: {
    method: 'GET',
    path: '/import-templates/:subject',
    summary: 'An empty file to fill in, with notes, words to choose from and one example row',
    access: 'ledger.import',
    params: subject,
    query: z.object(file),
    download: true,
    answer: z.unknown(),
  },
  checkImport: {
    method: 'POST',
    path: '/imports',
    summary: 'Upload a spreadsheet or CSV and run it dry: what is wrong, what would change. Nothing is written to the ledger',
    access: 'ledger.import',
    query: z.object({ subject: exchangeSubjectSchema, fileName: z.string().trim().min(1).max(200).default('import') }),
    upload: { maxBytes: MAX_IMPORT_BYTES },
    answer: importSchema,
  },
  listImports: {
    method: 'GET',
    path: '/imports',
    summary: 'Imports of the scope, newest first',
    access: 'ledger.import',
    query: z.object({ limit: pageSize, offset }),
    answer: page(
      importSchema
        .pick({ importId: true, subject: true, fileName: true, by: true, createdAt: true, appliedAt: true, rows: true, created: true })
        .extend({ changed: z.int(), problemCount: z.int(), state: z.enum(importStates) }),
    ),
  },
  getImport: {
    method: 'GET',
    path: '/imports/:importId',
    summary: 'One import: what its dry run found and what became of it',
    access: 'ledger.import',
    params: importId,
    answer: importSchema,
  },
  getAnnotatedImport: {
    method: 'GET',
    path: '/imports/:importId/annotated',
    summary: 'The uploaded rows again, with what is wrong written beside each',
    access: 'ledger.import',
    params: importId,
    query: z.object(file),
    download: true,
    answer: z.unknown(),
  },
  applyImport: {
    method: 'POST',
    path: '/imports/:importId/apply',
    summary: 'Write what the dry run showed, all or nothing; CHANGED_MEANWHILE when the ledger has moved on since',
    access: 'ledger.import',
    params: importId,
    body: z.object({ token: z.string().regex(/^[0-9a-f]{64}$/), reason: purposeSchema }),
    answer: importSchema,
  },
  exportList: {
    method: 'GET',
    path: '/exports/:subject',
    summary: 'A list as seen, with its filter, as a file; recorded',
    access: 'ledger.export',
    params: z.object({ subject: exportSubjectSchema }),
    query: z
      .object({ ...file, list: z.enum(exportListNames).default('all') })
      // The list's own filter, as the list's endpoint takes it, and judged by it.
      .catchall(z.string().max(200)),
    download: true,
    answer: z.unknown(),
  },
} as const satisfies Record<string, Endpoint>
