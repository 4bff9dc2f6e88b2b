// Endpoint → function for the ledger and its quota. Nothing is decided here but which transaction a call runs in.
import type { LedgerHistory } from '../../contracts/api/ledger.ts'
import type { Caller } from '../audit/caller.ts'
import { listHistory } from '../audit/record.ts'
import { recordUse, type UsedFor } from '../audit/use.ts'
import type { HandlerDeps } from '../handlers.ts'
import type { Handlers } from '../routes.ts'
import { addFile, readFile, removeFile } from './attachments.ts'
import { applyBulk, previewBulk } from './bulkChange.ts'
import { actOnFlow, listFlows, readFlow, startFlow } from './flows.ts'
import { changeLedger, dayOf, type LedgerChange, type LedgerDeps } from './ledgerChange.ts'
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
import { actOnVehicle, bindTerminal, changeVehicle, createVehicle } from './vehicleChange.ts'
import { fileAnswer, getVehicleFile } from './vehicleFile.ts'

const HISTORY_PAGE = 100

async function historyOf(deps: Pick<HandlerDeps, 'db'>, type: string, id: number, beforeSeq?: number): Promise<LedgerHistory> {
  const rows = await listHistory(deps.db, { type, id }, { limit: HISTORY_PAGE, ...(beforeSeq ? { beforeSeq } : {}) })
  return {
    rows: rows.map(({ seq, at, username, action, before, after, purpose }) => ({
      seq,
      at,
      username,
      action,
      before: (before as Record<string, unknown> | undefined) ?? null,
      after: (after as Record<string, unknown> | undefined) ?? null,
      reason: purpose ?? null,
    })),
  }
}

export function createRegistryHandlers({ db, clock, feed }: HandlerDeps) {
  const deps: LedgerDeps = { db, clock, onChanged: () => feed.checkLedger() }
  const today = () => dayOf(clock.nowMs())
  const change = <T>(caller: Caller, work: (change: LedgerChange) => Promise<T>) => changeLedger(deps, caller, work)
  const file = async (caller: Caller, vehicleId: number) => fileAnswer(await getVehicleFile(db, caller.scope, vehicleId))
  /** The file for whoever has just written it, who knows what it says even where he made a sensitive vehicle of it. */
  const written = async ({ client, scope }: LedgerChange, vehicleId: number) =>
    fileAnswer(await getVehicleFile(client, { ...scope, cleared: [...scope.cleared, vehicleId] }, vehicleId))
  /** A look at a file under an unmasking is recorded with its number; any other look is not. */
  const recordLook = (caller: Caller, vehicleId: number, part: UsedFor) => recordUse(db, caller, [vehicleId], part, clock.nowMs())
  /** Changes a vehicle and answers its file as it then is: still in scope or, after a transfer, perhaps not. */
  const changed = (caller: Caller, vehicleId: number, work: (change: LedgerChange) => Promise<void>) =>
    change(caller, async (running) => {
      await work(running)
      return written(running, vehicleId)
    })
  return {
    async listLedgerOrganisations({ caller, query }) {
      const rows = query.asOf
        ? await listOrganisationsAsOf(db, caller.scope, new Date(query.asOf))
        : await listLedgerOrganisations(db, caller.scope, query.closed === 'true')
      return { rows }
    },
    async getOrganisationHistory({ caller, params, query }) {
      await getUnit(db, caller.scope, params.organisationId)
      return historyOf({ db }, 'organisation', params.organisationId, query.beforeSeq)
    },
    previewOrganisation: ({ caller, params, query }) =>
      previewOrganisation(db, caller.scope, params.organisationId, query.action, query.targetId),
    createOrganisation: ({ caller, body }) => change(caller, (running) => createOrganisation(running, body)),
    changeOrganisation: ({ caller, params, body }) => change(caller, (running) => changeOrganisation(running, params.organisationId, body)),
    moveOrganisation: ({ caller, params, body }) => change(caller, (running) => moveOrganisation(running, params.organisationId, body)),
    mergeOrganisation: ({ caller, params, body }) => change(caller, (running) => mergeOrganisation(running, params.organisationId, body)),
    closeOrganisation: ({ caller, params, body }) => change(caller, (running) => closeOrganisation(running, params.organisationId, body)),
    listSharedPlaces: ({ caller }) => listSharedPlaces(db, caller.scope),
    createCompound: ({ caller, body }) => change(caller, (running) => createCompound(running, body)),
    changeCompound: ({ caller, params, body }) => change(caller, (running) => changeCompound(running, params.compoundId, body)),
    createPool: ({ caller, body }) => change(caller, (running) => createPool(running, body)),
    changePool: ({ caller, params, body }) => change(caller, (running) => changePool(running, params.poolId, body)),
    listLedger: ({ caller, query }) => listLedger(db, caller.scope, query, clock.nowMs()),
    async getVehicleFile({ caller, params, query }) {
      const { vehicleId } = params
      const found = query.asOf ? await vehicleAsOf(db, caller.scope, vehicleId, new Date(query.asOf)) : await file(caller, vehicleId)
      await recordLook(caller, vehicleId, 'file')
      return found
    },
    async getVehicleHistory({ caller, params, query }) {
      await getVehicleFile(db, caller.scope, params.vehicleId)
      await recordLook(caller, params.vehicleId, 'history')
      return historyOf({ db }, 'vehicle', params.vehicleId, query.beforeSeq)
    },
    createVehicle: ({ caller, body }) =>
      change(caller, async (running) => {
        const vehicleId = await createVehicle(running, body)
        return written(running, vehicleId)
      }),
    changeVehicle: ({ caller, params, body }) =>
      changed(caller, params.vehicleId, (running) => changeVehicle(running, params.vehicleId, body)),
    actOnVehicle: ({ caller, params, body }) =>
      changed(caller, params.vehicleId, (running) => actOnVehicle(running, params.vehicleId, body)),
    bindTerminal: ({ caller, params, body }) =>
      changed(caller, params.vehicleId, (running) => bindTerminal(running, params.vehicleId, body)),
    addVehicleFile: ({ caller, params, query, body }) =>
      change(caller, (running) => addFile(running, params.vehicleId, { ...query, content: body })),
    async removeVehicleFile({ caller, params, query }) {
      await change(caller, (running) => removeFile(running, params.vehicleId, params.fileId, query.reason))
      return {}
    },
    async readVehicleFile({ caller, params }) {
      const found = await readFile({ db, clock }, caller, params.vehicleId, params.fileId)
      await recordLook(caller, params.vehicleId, 'attachment')
      return found
    },
    previewBulk: ({ caller, body }) => previewBulk((work) => change(caller, work), body, body.set),
    applyBulk: async ({ caller, body }) => ({
      changes: await change(caller, (running) => applyBulk(running, body, body)),
    }),
    listFlows: ({ caller, query }) => listFlows(db, caller.scope, query),
    getFlow: ({ caller, params }) => readFlow(db, caller.scope, caller, params.flowId),
    startFlow: ({ caller, body }) => change(caller, (running) => startFlow(running, body)),
    actOnFlow: ({ caller, params, body }) => change(caller, (running) => actOnFlow(running, params.flowId, body)),
    listQuotas: ({ caller, query }) => listQuotas(db, caller.scope, query, today()),
    getQuota: ({ caller, params }) => readApplication(db, caller, params.quotaId),
    async getQuotaHistory({ caller, query }) {
      await getUnit(db, caller.scope, query.unitId)
      const applications = await listApplications(db, caller, query.unitId, query.category)
      const histories = await Promise.all(applications.slice(0, 5).map(({ quotaId }) => historyOf({ db }, 'quota', quotaId)))
      return { applications, history: histories.flatMap(({ rows }) => rows).sort((a, b) => b.seq - a.seq) }
    },
    draftQuota: ({ caller, body }) => change(caller, (running) => draftQuota(running, body)),
    changeQuota: ({ caller, params, body }) => change(caller, (running) => changeQuota(running, params.quotaId, body)),
    actOnQuota: ({ caller, params, body }) => change(caller, (running) => actOnQuota(running, params.quotaId, body)),
    listStandards: ({ caller }) => listStandards(db, caller.scope, today()),
    addStandardLimit: ({ caller, body }) => change(caller, (running) => addStandardLimit(running, body)),
    async setLedgerPolicy({ caller, body }) {
      await change(caller, (running) => setLedgerPolicy(running, body))
      return {}
    },
  } satisfies Partial<Handlers>
}
