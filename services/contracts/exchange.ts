// What can be imported and exported, and the words a dry run answers with.
import { z } from 'zod'

/** In the order they must be imported into an empty ledger: what a later one names, an earlier one brings. */
export const exchangeSubjects = [
  'organisations',
  'organisationPast',
  'places',
  'compounds',
  'pools',
  'standards',
  'policies',
  'quotas',
  'suppliers',
  'vehicles',
  'pastPlates',
  'terminals',
  'drivers',
  'driverLoans',
  'driverShifts',
  'driverDutyDays',
  'driverLeaves',
  'drivingLimits',
  'fuelCards',
  'calendarYears',
  'calendarDays',
  'workingHours',
] as const
export type ExchangeSubject = (typeof exchangeSubjects)[number]
export const exchangeSubjectSchema = z.enum(exchangeSubjects)

/** Lists that are computed or are procedures: they go out and do not come back. */
export const reportSubjects = [
  'quotaStanding',
  'flows',
  'costSums',
  'costEntries',
  'costBills',
  'maintenanceDue',
  'workOrders',
  'renewals',
  'mishaps',
  'statistics',
  'findings',
  'seals',
  'handovers',
  'boards',
  'requests',
  'orders',
  'leaveRequests',
  'vehicleLoans',
  'costMonths',
  'budgets',
] as const
export type ReportSubject = (typeof reportSubjects)[number]
export type ExportSubject = ExchangeSubject | ReportSubject
export const exportSubjectSchema = z.enum([...exchangeSubjects, ...reportSubjects])

/** The lists that pages show and that can be exported as seen; `all` is everything of the subject in the scope. */
export const exportLists = {
  all: null,
  fleet: 'vehicles',
  ledger: 'vehicles',
  drivers: 'drivers',
  suppliers: 'suppliers',
  fuelCards: 'fuelCards',
  terminals: 'terminals',
  places: 'places',
  organisations: 'organisations',
  quotas: 'quotaStanding',
  flows: 'flows',
  costs: 'costSums',
  costEntries: 'costEntries',
  costBills: 'costBills',
  maintenanceDue: 'maintenanceDue',
  workOrders: 'workOrders',
  renewals: 'renewals',
  mishaps: 'mishaps',
  statistics: 'statistics',
  findings: 'findings',
  seals: 'seals',
  handovers: 'handovers',
  boards: 'boards',
  requests: 'requests',
  orders: 'orders',
  leaves: 'leaveRequests',
  loans: 'vehicleLoans',
  costMonths: 'costMonths',
  budgets: 'budgets',
} as const satisfies Record<string, ExportSubject | null>
export type ExportListName = keyof typeof exportLists
export const exportListNames = Object.keys(exportLists) as [ExportListName, ...ExportListName[]]

/** Lists that scheduled reports may be of. */
export type SeenListName = Exclude<ExportListName, 'all'>
/** And monthly letters, on paper. */
export type ReportListName = SeenListName | 'letters'
export const reportLists: [ReportListName, ...ReportListName[]] = ['letters', ...exportListNames.filter((list) => list !== 'all')]

export const fileFormats = ['xlsx', 'csv'] as const
export const exchangeLocales = ['zh-CN', 'en'] as const
export type ExchangeLocale = (typeof exchangeLocales)[number]

export const MAX_IMPORT_BYTES = 16 * 1024 * 1024
export const MAX_IMPORT_ROWS = 60_000
/** Problems that an answer lists; all are counted, and the annotated file holds each. */
export const MAX_LISTED_PROBLEMS = 1_000
export const MAX_LISTED_NOTES = 200

/** One sentence in the two languages of the product. */
const wordsSchema = z.object({ zh: z.string(), en: z.string() })
export type Words = z.infer<typeof wordsSchema>

/** Where in the file (row as a spreadsheet counts it; 1 = the first), what was there, and what is said about it. */
const remarkSchema = z.object({
  row: z.int(),
  /** Key of the column; null when the row or the file as a whole is meant. */
  column: z.string().nullable(),
  /** Heading of the column in the two languages. */
  heading: wordsSchema.nullable(),
  value: z.string(),
  message: wordsSchema,
})
export type Remark = z.infer<typeof remarkSchema>

const changeSchema = z.object({ heading: wordsSchema, before: z.string(), after: z.string() })
const sampleSchema = z.object({ row: z.int(), key: z.string(), kind: z.enum(['create', 'change']), changes: z.array(changeSchema) })
export type Sample = z.infer<typeof sampleSchema>

export const importStates = ['checking', 'refused', 'checked', 'applied'] as const
export const importSchema = z.object({
  importId: z.int(),
  subject: exchangeSubjectSchema,
  fileName: z.string(),
  by: z.string(),
  createdAt: z.iso.datetime(),
  appliedAt: z.iso.datetime().nullable(),
  /** `refused`: the file has problems and cannot be applied. `checked`: it can, with the token. */
  state: z.enum(importStates),
  rows: z.int(),
  created: z.int(),
  changed: z.int(),
  unchanged: z.int(),
  problemCount: z.int(),
  /** Problems by column, the most frequent first. */
  problemsByColumn: z.array(z.object({ column: z.string().nullable(), heading: wordsSchema.nullable(), count: z.int() })),
  problems: z.array(remarkSchema),
  noteCount: z.int(),
  notes: z.array(remarkSchema),
  samples: z.array(sampleSchema),
  /** Names this file against this state of the ledger; null while there is nothing to apply. */
  token: z.string().nullable(),
})
export type Import = z.infer<typeof importSchema>
