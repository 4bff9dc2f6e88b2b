// The rows of the API table for statistics.
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db.ts'
import type { Handlers } from '../routes.ts'
import { readBoard } from './boards.ts'
import { listStatisticsFacts } from './listFacts.ts'
import { readStatistics } from './read.ts'

export function createStatisticsHandlers({ db, clock }: { db: Database; clock: Clock }) {
  return {
    readStatistics: (call) => readStatistics(db, call, call.params.table, call.query, clock.nowMs()),
    readBoard: (call) => readBoard(db, call, call.query, clock.nowMs()),
    listStatisticsFacts: (call) => listStatisticsFacts(db, call, call.params.table, call.query, clock.nowMs()),
  } satisfies Partial<Handlers>
}
