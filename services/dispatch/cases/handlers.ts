// The rows of the API table for cases.
import { act } from '../kernel/act.ts'
import type { Handlers } from '../routes.ts'
import {
  actOnCase,
  actOnCaseVehicle,
  addCaseMember,
  addCaseVehicles,
  changeCase,
  endCaseMember,
  listCaseNameable,
  openCase,
} from './changes.ts'
import { type EvidenceDeps, estimate, listEvidence, listEvidenceKeys, makeEvidence, readEvidence } from './evidence/ask.ts'
import { listCaseLooks, listCaseReleases, listCases, tellCase } from './tell.ts'

export function createCasesHandlers(deps: EvidenceDeps) {
  const { db, clock } = deps
  return {
    listCases: (call) => listCases(db, call, call.query, clock.nowMs()),
    openCase: (call) => act(deps, call, (step) => openCase(step, call.body)),
    getCase: (call) => tellCase(db, call, call.params.caseId, clock.nowMs()),
    changeCase: (call) => act(deps, call, (step) => changeCase(step, call.params.caseId, call.body)),
    actOnCase: (call) => act(deps, call, (step) => actOnCase(step, call.params.caseId, call.body)),
    addCaseVehicles: (call) => act(deps, call, (step) => addCaseVehicles(step, call.params.caseId, call.body)),
    actOnCaseVehicle: (call) => act(deps, call, (step) => actOnCaseVehicle(step, call.params.caseVehicleId, call.body)),
    listCaseReleases: (call) => listCaseReleases(db, call, call.query, clock.nowMs()),
    listCaseNameable: ({ caller, params, query }) => listCaseNameable(db, caller.accountId, params.caseId, query.q),
    addCaseMember: (call) => act(deps, call, (step) => addCaseMember(step, call.params.caseId, call.body)),
    endCaseMember: (call) => act(deps, call, (step) => endCaseMember(step, call.params.caseId, call.params.memberId, call.body.reason)),
    estimateEvidence: (call) => estimate(db, call, call.params.caseId, call.query, clock.nowMs()),
    makeEvidence: (call) => makeEvidence(deps, call, call.params.caseId, call.body),
    listEvidence: (call) => listEvidence(db, call, call.params.caseId, call.query),
    readEvidence: (call) => readEvidence(deps, call, call.params.packageId),
    listEvidenceKeys: () => listEvidenceKeys(deps.evidence),
    listCaseLooks: (call) => listCaseLooks(db, call, call.params.caseId, call.query),
  } satisfies Partial<Handlers>
}
