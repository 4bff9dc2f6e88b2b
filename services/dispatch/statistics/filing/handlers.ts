// The rows of the API table for filings.
import { directReportJsonSchema } from '../../../domain/filing/directReport.ts'
import { type ActDeps, act } from '../../kernel/act.ts'
import type { Handlers } from '../../routes.ts'
import { actOnFiling, beginFilings } from './change.ts'
import { compareFiling } from './compareFilings.ts'
import { downloadFiling } from './files/download.ts'
import { listFilings, readFiling } from './tell.ts'

export function createFilingHandlers(deps: ActDeps) {
  const { db, clock } = deps
  return {
    listFilings: (call) => listFilings(db, call, call.query, clock.nowMs()),
    readFiling: (call) => readFiling(db, call, call.params.filingId, call.query.round, clock.nowMs()),
    compareFiling: (call) => compareFiling(db, call, call.params.filingId, call.query, clock.nowMs()),
    downloadFiling: (call) => downloadFiling(db, call, call.params.filingId, call.query, clock.nowMs()),
    readFilingSchema: async () => directReportJsonSchema(),
    beginFilings: (call) => act(deps, call, (step) => beginFilings(step, call.body)),
    actOnFiling: (call) => actOnFiling(deps, call, call.params.filingId, call.body),
  } satisfies Partial<Handlers>
}
