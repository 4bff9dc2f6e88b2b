// Monthly letters of supervision to units (监督月报): what was found in the month and told, what waits for an answer and until when, use and costs. Made once, kept, printed.
import { z } from 'zod'
import { exchangeLocales } from '../exchange.ts'
import { type Endpoint, id, instant, offset, page, pageSize } from './endpoint.ts'

const letterSchema = z.object({
  letterId: z.int(),
  organisation: z.object({ organisationId: z.int(), name: z.string() }),
  month: z.string(),
  /** 〔2026〕12 */
  number: z.string(),
  findings: z.int(),
  /** Of them, those that wait for an answer. */
  waiting: z.int(),
  madeBy: z.string(),
  madeAt: instant,
})
export type LetterRow = z.infer<typeof letterSchema>
const month = z.string().regex(/^\d{4}-\d{2}$/, '月份如 2026-11 / a month such as 2026-11')

export const lettersApi = {
  listLetters: {
    method: 'GET',
    path: '/letters',
    summary: 'Monthly letters to the organisations of the scope, the latest month first',
    access: 'letter.view',
    query: z.object({ organisationId: id.optional(), month: month.optional(), limit: pageSize, offset }),
    answer: page(letterSchema),
  },
  makeLetter: {
    method: 'POST',
    path: '/letters',
    summary: 'Makes the letter of an organisation and a month that is over: numbered and kept as it is now; one of each',
    access: 'letter.make',
    body: z.object({ organisationId: id, month }),
    answer: letterSchema,
  },
  downloadLetter: {
    method: 'GET',
    path: '/letters/:letterId/pdf',
    summary: 'The letter on paper; on record before it leaves. What has become sensitive since is not in it',
    access: 'letter.view',
    params: z.object({ letterId: id }),
    query: z.object({ locale: z.enum(exchangeLocales).default('zh-CN') }),
    download: true,
    answer: z.unknown(),
  },
} as const satisfies Record<string, Endpoint>
