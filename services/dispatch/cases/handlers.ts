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
import { addExhibit, listExhibits, readExhibit, readExhibitFile, readNewExhibit } from './exhibits.ts'
import { addFindingPhoto, makeFindingPicture, readFindingPhoto } from './findingPhotos.ts'
import {
  actOnFinding,
  answerExplanation,
  changeFinding,
  listExplanations,
  listFindingAnswerers,
  listFindings,
  noteFinding,
} from './findings.ts'
import { listCaseLooks, listCaseReleases, listCases, tellCase } from './tell.ts'

export function createCasesHandlers(deps: EvidenceDeps & { onTripsChanged(): void }) {
  const { db, clock } = deps
  // Whoever is told of it hears of it at once.
  const telling = { ...deps, onDone: deps.onTripsChanged }
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
    listFindings: (call) => listFindings(db, call, call.params.caseId, call.query, clock.nowMs()),
    noteFinding: (call) => act(deps, call, (step) => noteFinding(step, call.params.caseId, call.body)),
    changeFinding: (call) => act(deps, call, (step) => changeFinding(step, call.params.findingId, call.body)),
    actOnFinding: (call) => act(telling, call, (step) => actOnFinding(step, call.params.findingId, call.body)),
    listFindingAnswerers: (call) => listFindingAnswerers(db, call, call.params.findingId, call.query.q),
    async addFindingPhoto(call) {
      const { findingId } = call.params
      const picture = await makeFindingPicture(db, call, findingId, call.body, clock.nowMs())
      return act(deps, call, (step) => addFindingPhoto(step, findingId, picture))
    },
    readFindingPhoto: (call) => readFindingPhoto(db, call, call.params.findingId, call.params.photoId, clock.nowMs()),
    listExplanations: (call) => listExplanations(db, call, call.query, clock.nowMs()),
    answerExplanation: ({ caller, reach: { vehicleId: _own, ...reach }, params, body }) =>
      act(telling, { caller, reach }, (step) => answerExplanation(step, params.findingId, body)),
    estimateEvidence: (call) => estimate(db, call, call.params.caseId, call.query, clock.nowMs()),
    makeEvidence: (call) => makeEvidence(deps, call, call.params.caseId, call.body),
    listEvidence: (call) => listEvidence(db, call, call.params.caseId, call.query),
    readEvidence: (call) => readEvidence(deps, call, call.params.packageId),
    listEvidenceKeys: () => listEvidenceKeys(deps.evidence),
    async addExhibit(call) {
      const { caseId } = call.params
      const track = await readNewExhibit(db, call, caseId, call.body)
      return act(deps, call, (step) => addExhibit(step, caseId, call.query, call.body, track))
    },
    listExhibits: (call) => listExhibits(db, call, call.params.caseId, call.query),
    readExhibit: (call) => readExhibit(db, call, call.params.exhibitId, clock.nowMs()),
    readExhibitFile: (call) => readExhibitFile(db, call, call.params.exhibitId, clock.nowMs()),
    listCaseLooks: (call) => listCaseLooks(db, call, call.params.caseId, call.query),
  } satisfies Partial<Handlers>
}
