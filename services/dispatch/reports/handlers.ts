// The rows of the API table for scheduled reports.
import { act } from '../kernel/act.ts'
import type { Who } from '../kernel/caller.ts'
import type { Handlers } from '../routes.ts'
import type { ReportDeps } from './deps.ts'
import { leaveReport } from './leaving.ts'
import { listOwnReports, readOwnReport, setMailAddress } from './own.ts'
import { changeReport, listReportReaders, listReports, makeReport, sendReport } from './plans.ts'
import { listDeliveries, loadPlan } from './rows.ts'

export function createReportHandlers(deps: ReportDeps) {
  const { db } = deps
  return {
    listReports: ({ reach, query }) => listReports(db, reach, query),
    async makeReport(call) {
      await deps.requireList(call, call.body.list, call.body.filter)
      return act(deps, call, (step) => makeReport(step, call.body))
    },
    async changeReport(call) {
      await loadPlan(db, call.reach, call.params.reportId)
      await deps.requireList(call, call.body.list, call.body.filter)
      return act(deps, call, (step) => changeReport(step, call.params.reportId, call.body))
    },
    sendReport: (call) => act(deps, call, (step) => sendReport(step, call.params.reportId)),
    async listReportDeliveries({ reach, params: { reportId }, query }) {
      await loadPlan(db, reach, reportId)
      return listDeliveries(db, { reportId }, query)
    },
    listReportReaders: (call) => listReportReaders(db, call, call.query),
    listOwnReports: ({ caller, query }) => listOwnReports(deps, caller, query),
    readOwnReport: ({ caller, params }) => readOwnReport(deps, caller, params.deliveryId),
    async leaveReport(call) {
      await act(deps, call as unknown as Who, (step) => leaveReport(step, call.params.reportId, call.body.on))
      return {}
    },
    setMailAddress: (call) => act(deps, call as unknown as Who, (step) => setMailAddress(step, call.body.address)),
  } satisfies Partial<Handlers>
}
