// What another system, the national direct reporting (国家直报) first of all, is given of a filing. Its real form is not published: whatever it will be, this file alone
// turns a filing into it. docs/filing.schema.json is the JSON schema, which the service answers too.
import { z } from 'zod'
import { type FilingState, filingStates } from './filings.ts'
import { type Snapshot, snapshotSchema } from './snapshot.ts'

const signature = z.object({ by: z.string(), at: z.string().meta({ format: 'date-time' }) }).nullable()
const directReportSchema = z
  .object({
    form: z.literal('morin-direct-report-1'),
    filingId: z.int(),
    round: z.int().describe('How often it was filled'),
    state: z.enum(filingStates),
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .describe('SHA-256 of `filed` as canonical JSON: keys sorted, no white space, UTF-8'),
    filled: signature,
    reviewed: signature,
    submitted: signature,
    explanations: z.array(z.object({ of: z.string(), text: z.string() })).describe('What was said of what the checks warned of'),
    filed: snapshotSchema,
  })
  .meta({ title: '公务用车统计填报 / Filing of official vehicle statistics' })
export type DirectReport = z.infer<typeof directReportSchema>

type Step = { action: string; at: string; by: string }
export type Reported = {
  filingId: number
  round: number
  state: FilingState
  sha256: string
  steps: readonly Step[]
  explanations: DirectReport['explanations']
  snapshot: Snapshot
}

export function directReportOf({ steps, snapshot, ...filing }: Reported): DirectReport {
  const last = (action: string) => {
    const step = steps.findLast((each) => each.action === action)
    return step ? { by: step.by, at: step.at } : null
  }
  return {
    form: 'morin-direct-report-1',
    ...filing,
    filled: last('fill'),
    reviewed: last('review'),
    submitted: last('submit'),
    filed: snapshot,
  }
}

/** JSON Schema 2020-12. */
export const directReportJsonSchema = (): Record<string, unknown> => z.toJSONSchema(directReportSchema) as Record<string, unknown>
