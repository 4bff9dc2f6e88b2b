// The shape of every error answer.
import { z } from 'zod'
import { type ErrorCode, errorCatalogue, type Issue } from './errors.ts'

export const issueSchema: z.ZodType<Issue> = z.object({
  path: z.string(),
  message: z.string(),
  reason: z.string().optional(),
  values: z.record(z.string(), z.string().or(z.number())).optional(),
})

export const errorSchema = z.object({
  error: z.object({
    code: z.enum(Object.keys(errorCatalogue) as [ErrorCode, ...ErrorCode[]]),
    message: z.string(),
    /** Where the input was wrong, path by path. `reason` and `values` name a sentence of contracts/refusals.ts. */
    issues: z.array(issueSchema).optional(),
    requestId: z.string(),
  }),
})
export type ErrorAnswer = z.infer<typeof errorSchema>
