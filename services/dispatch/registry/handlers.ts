// Endpoint → function for the ledger and its quota. Nothing is decided here but which transaction a call runs in.
import { dayAt } from '../../domain/days.ts'
import type { HandlerDeps } from '../deps.ts'
import { type Act, type ActDeps, changeLedger } from '../kernel/act.ts'
import type { Sight, Who } from '../kernel/caller.ts'
import { historyOf } from '../kernel/history.ts'
import { recordLook } from '../kernel/look.ts'
import type { UsedFor } from '../kernel/use.ts'
import type { Handlers } from '../routes.ts'
import { addFile, readFile, removeFile } from './attachments.ts'
import { applyBulk, previewBulk } from './bulkChange.ts'
import { bindTerminal } from './fitting.ts'
import { actOnFlow, listFlows, readFlow, startFlow } from './flows.ts'
import { listLedger } from './ledgerList.ts'
import { listLedgerOrganisations, listOrganisationsAsOf, previewOrganisation } from './ledgerOrganisations.ts'
import { changeOrganisation, closeOrganisation, createOrganisation, moveOrganisation } from './organisationChange.ts'
import { mergeOrganisation } from './organisationMerge.ts'
import { actOnQuota, changeQuota, draftQuota, listApplications, readApplication } from './quotaApplications.ts'
import { listQuotas } from './quotaList.ts'
import { changeCompound, changePool, createCompound, createPool, listSharedPlaces } from './sharedPlaces.ts'
import { addStandardLimit, listStandards, setLedgerPolicy } from './standardsChange.ts'
import { getUnit } from './units.ts'
import { vehicleAsOf } from './vehicleAsOf.ts'
import { actOnVehicle, changeVehicle, createVehicle } from './vehicleChange.ts'
import { fileAnswer, getVehicleFile } from './vehicleFile.ts'

export function createRegistryHandlers({ db, clock, feed }: HandlerDeps) {
  const deps: ActDeps = { db, clock, onDone: () => feed.checkLedger() }
  const today = () => dayAt(clock.nowMs())
  const change = <T>(who: Who, work: (change: Act) => Promise<T>) => changeLedger(deps, who, work)
  const file = async (reach: Sight, vehicleId: number) => fileAnswer(await getVehicleFile(db, reach, vehicleId, clock.nowMs()))
  /** The file for whoever has just written it, who knows what it says even where he made a sensitive vehicle of it. */
  const written = async ({ client, scope, nowMs }: Act, vehicleId: number) =>
    fileAnswer(await getVehicleFile(client, { ...scope, cleared: [...scope.cleared, vehicleId] }, vehicleId, nowMs))
  /** A look at a file under an unmasking is recorded with its number; any other look is not. */
  const recordUse = ({ caller, reach }: Who, vehicleId: number, part: UsedFor) =>
    recordLook(db, { caller, reach: { ...reach, vehicleId: null }, vehicleId, action: undefined, part, atMs: clock.nowMs() })
  /** Changes a vehicle and answers its file as it then is: still in scope or, after a transfer, perhaps not. */
  const changed = (who: Who, vehicleId: number, work: (change: Act) => Promise<void>) =>
    change(who, async (running) => {
      await work(running)
      return written(running, vehicleId)
    })
  return {
    async listLedgerOrganisations({ reach, query }) {
      const rows = query.asOf
        ? await listOrganisationsAsOf(db, reach, new Date(query.asOf))
        : await listLedgerOrganisations(db, reach, query.closed === 'true')
      return { rows }
    },
    async getOrganisationHistory({ caller, reach, params, query }) {
      await getUnit(db, reach, params.organisationId)
      return historyOf({ db }, { caller, reach }, 'organisation', params.organisationId, query.beforeSeq)
    },
    previewOrganisation: ({ reach, params, query }) =>
      previewOrganisation(db, reach, params.organisationId, query.action, query.targetId, today()),
    createOrganisation: (call) => change(call, (running) => createOrganisation(running, call.body)),
    changeOrganisation: (call) => change(call, (running) => changeOrganisation(running, call.params.organisationId, call.body)),
    moveOrganisation: (call) => change(call, (running) => moveOrganisation(running, call.params.organisationId, call.body)),
    mergeOrganisation: (call) => change(call, (running) => mergeOrganisation(running, call.params.organisationId, call.body)),
    closeOrganisation: (call) => change(call, (running) => closeOrganisation(running, call.params.organisationId, call.body)),
    listSharedPlaces: ({ reach }) => listSharedPlaces(db, reach),
    createCompound: (call) => change(call, (running) => createCompound(running, call.body)),
    changeCompound: (call) => change(call, (running) => changeCompound(running, call.params.compoundId, call.body)),
    createPool: (call) => change(call, (running) => createPool(running, call.body)),
    changePool: (call) => change(call, (running) => changePool(running, call.params.poolId, call.body)),
    listLedger: ({ reach, query }) => listLedger(db, reach, query, clock.nowMs()),
    async getVehicleFile({ caller, reach, params, query }) {
      const { vehicleId } = params
      await recordUse({ caller, reach }, vehicleId, 'file')
      return query.asOf ? vehicleAsOf(db, reach, vehicleId, new Date(query.asOf)) : file(reach, vehicleId)
    },
    async getVehicleHistory({ caller, reach, params, query }) {
      await recordUse({ caller, reach }, params.vehicleId, 'history')
      return historyOf({ db }, { caller, reach }, 'vehicle', params.vehicleId, query.beforeSeq)
    },
    createVehicle: (call) =>
      change(call, async (running) => {
        const vehicleId = await createVehicle(running, call.body)
        return written(running, vehicleId)
      }),
    changeVehicle: (call) => changed(call, call.params.vehicleId, (running) => changeVehicle(running, call.params.vehicleId, call.body)),
    actOnVehicle: (call) => changed(call, call.params.vehicleId, (running) => actOnVehicle(running, call.params.vehicleId, call.body)),
    bindTerminal: (call) => changed(call, call.params.vehicleId, (running) => bindTerminal(running, call.params.vehicleId, call.body)),
    addVehicleFile: (call) => change(call, (running) => addFile(running, call.params.vehicleId, { ...call.query, content: call.body })),
    async removeVehicleFile({ caller, reach, params, query }) {
      await change({ caller, reach }, (running) => removeFile(running, params.vehicleId, params.fileId, query.reason))
      return {}
    },
    readVehicleFile: ({ caller, reach, params }) => readFile({ db, clock }, { caller, reach }, params.vehicleId, params.fileId),
    previewBulk: (call) => previewBulk((work) => change(call, work), call.body, call.body.set),
    applyBulk: async (call) => ({
      changes: await change(call, (running) => applyBulk(running, call.body, call.body)),
    }),
    listFlows: ({ reach, query }) => listFlows(db, reach, query),
    getFlow: (call) => readFlow(db, call, call.params.flowId, clock.nowMs()),
    startFlow: (call) => change(call, (running) => startFlow(running, call.body)),
    actOnFlow: (call) => change(call, (running) => actOnFlow(running, call.params.flowId, call.body)),
    listQuotas: ({ reach, query }) => listQuotas(db, reach, query, today()),
    getQuota: (call) => readApplication(db, call, call.params.quotaId, clock.nowMs()),
    async getQuotaHistory({ caller, reach, query }) {
      await getUnit(db, reach, query.unitId)
      const applications = await listApplications(db, { caller, reach }, query.unitId, query.category, clock.nowMs())
      const histories = await Promise.all(
        applications.slice(0, 5).map(({ quotaId }) => historyOf({ db }, { caller, reach }, 'quota', quotaId)),
      )
      return { applications, history: histories.flatMap(({ rows }) => rows).sort((a, b) => b.seq - a.seq) }
    },
    draftQuota: (call) => change(call, (running) => draftQuota(running, call.body)),
    changeQuota: (call) => change(call, (running) => changeQuota(running, call.params.quotaId, call.body)),
    actOnQuota: (call) => change(call, (running) => actOnQuota(running, call.params.quotaId, call.body)),
    listStandards: ({ reach }) => listStandards(db, reach, today()),
    addStandardLimit: (call) => change(call, (running) => addStandardLimit(running, call.body)),
    async setLedgerPolicy(call) {
      await change(call, (running) => setLedgerPolicy(running, call.body))
      return {}
    },
  } satisfies Partial<Handlers>
}
