// The rows of the API table for requests and orders.

import type { DecisionOutcome } from '../../contracts/api/requests.ts'
import { Refusal } from '../../contracts/errors.ts'
import { refusal } from '../../contracts/refusals.ts'
import { sha256 } from '../../platform/crypto.ts'
import { type Act, act } from '../kernel/act.ts'
import type { Reachable, Who } from '../kernel/caller.ts'
import type { Handlers } from '../routes.ts'
import { compareOrder } from './againstTrack.ts'
import { listApprovalRules, setApprovalRules } from './approvalRules.ts'
import { readBoard } from './board.ts'
import { listBudgets, setBudget } from './budgets.ts'
import { listCandidates, listExcluded } from './candidates.ts'
import { listOpenChanges } from './changeRows.ts'
import { actOnOrderChange, askOrderChange, changeProcedure } from './changes.ts'
import { cancelRequest, changeRequest } from './changing.ts'
import { addCost, correctOdometer, decideCost } from './costs.ts'
import { endDeputy, listDeputies, listFitDeputies, nameDeputy } from './deputies.ts'
import type { OrdersDeps } from './drivers.ts'
import { addFavourite, listColleagues, listFavourites, removeFavourite, renameFavourite } from './favourites.ts'
import { listFeeds, makeFeed, renewFeed, revokeFeed } from './feeds/feeds.ts'
import { Followings, followVehicle, listFollowed } from './following.ts'
import { actOnIncident, reportIncident } from './incidents.ts'
import { actOnLeave, askLeave, listLeaveRequests } from './leaves.ts'
import { actOnVehicleLoan, addLoanAgreement, askVehicleLoan, listLendable, listLoanAgreements, listVehicleLoans } from './loans.ts'
import { listOrders } from './orderRows.ts'
import { actOnOrder, dispatchRequest, moveOrder, previewOrderShares, readOrder, settleDueOrders, swapOrder } from './orders.ts'
import { asSight, ownFor, whoOf } from './own.ts'
import { addPhoto, makePicture, readPhoto } from './photos.ts'
import { chooseGreen, previewRequest } from './preview.ts'
import { rateOrder } from './ratings.ts'
import { listRequests } from './requestRows.ts'
import { actOnRequest, createRequest, ratifyRequest, readerOf, readRequest, unitFor } from './requests.ts'
import { cancelSeries, changeSeries, createSeries } from './series.ts'
import { StaleWays } from './sharing/fit.ts'
import { actOnRide, endRideWithoutRoom, hasNoRoom, idsOfRide, type Known, listRides, proposeRide, settleDueRides } from './sharing/rides.ts'
import { idsOfTrip, isAsked } from './sharing/rows.ts'
import { knowWays, listRideSuggestions, requireOffer, wishRide } from './sharing/suggest.ts'
import { printOrder } from './sheet/print.ts'
import { findStops } from './stops.ts'
import { addTariff, listTariffs } from './tariffs.ts'
import { readConsent, sendFixes, setConsent } from './tracker.ts'

/** What two asked for at once one has: the other tries once more, and is told who was faster and from when it is free. */
async function onceMore<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const { code } = error as { code?: string }
    if (code !== '23P01' && code !== '23505') throw error
    return work()
  }
}

const STALE_ATTEMPTS = 5

/** Why it was refused; null when it was done. What is no refusal is thrown. */
async function refusalOf(work: () => Promise<unknown>): Promise<DecisionOutcome['error']> {
  try {
    await work()
    return null
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const { code, message, issues } = error
    return { code, message, ...(issues && { issues }) }
  }
}

export function createOrdersHandlers(deps: OrdersDeps) {
  const { db, clock, listDrivers } = deps
  const following = new Followings()
  const change = <T>(call: Who<Reachable>, work: (step: Act) => Promise<T>) => onceMore(() => act(deps, whoOf(call), work))
  // Whoever asks what is free asks at his own instant: what the clock has let go by then is written down first, whether or not the job came by.
  // What cannot be written down the job tells of.
  const upToNow = async <T>(work: () => Promise<T>): Promise<T> => {
    await settleDueOrders(deps).catch(() => undefined)
    await settleDueRides(deps).catch(() => undefined)
    return work()
  }
  /** Ways are found before the transaction; where the trip has become another meanwhile, once more. */
  async function whileStale<T>(idsOf: () => Promise<number[]>, work: (known: Known) => Promise<T>): Promise<T> {
    for (let n = 1; ; n++) {
      try {
        return await work(await knowWays(deps, await idsOf()))
      } catch (error) {
        if (!(error instanceof StaleWays) || n === STALE_ATTEMPTS) throw error
      }
    }
  }
  const changed = (call: Who<Reachable>, orderId: number, work: (step: Act) => Promise<void>) =>
    change(call, async (step) => {
      await work(step)
      return readOrder(step.client, { caller: step.caller, reach: step.scope }, orderId, step.nowMs)
    })
  return {
    compareOrder: (call) =>
      compareOrder(deps, { ...call, orderId: call.params.orderId, caseId: call.query.caseId, purpose: call.query.purpose }),
    listRequests: ({ caller, reach, query }) => listRequests(db, asSight(reach), readerOf(caller, clock.nowMs()), query),
    getRequest: (call) => readRequest(db, whoOf(call), call.params.requestId, clock.nowMs()),
    async createRequest(call) {
      const { shareWith, draft } = call.body
      if (shareWith === undefined) return change(call, (step) => createRequest(step, call.body))
      if (draft) throw refusal('VALIDATION_FAILED', 'body.shareWith', 'share.offer')
      const { organisationId: unitId } = await unitFor(
        { client: db, caller: call.caller, scope: asSight(call.reach) },
        call.body.organisationId,
      )
      const offer = await requireOffer(deps, unitId, call.body, shareWith)
      return change(call, async (step) => {
        const made = await createRequest(step, call.body)
        // Sent twice it is wished once.
        if (made.steps.length === 1 && !(await isAsked(step.client, made.requestId))) await wishRide(step, made.requestId, offer)
        return made
      })
    },
    changeRequest: (call) => change(call, (step) => changeRequest(step, call.params.requestId, call.body)),
    actOnRequest: (call) =>
      change(call, (step) => (call.body.action === 'cancel' ? cancelRequest : actOnRequest)(step, call.params.requestId, call.body)),
    async decideRequests(call) {
      const { action, requests, reason } = call.body
      const who = { ...call, reach: { ...call.reach, vehicleId: null } }
      const outcomes: DecisionOutcome[] = []
      for (const { requestId, version } of requests) {
        outcomes.push({ error: await refusalOf(() => change(who, (step) => actOnRequest(step, requestId, { action, version, reason }))) })
      }
      return { outcomes }
    },
    createSeries: (call) => change(call, (step) => createSeries(step, call.body)),
    changeSeries: (call) => change(call, (step) => changeSeries(step, call.params.seriesId, call.body)),
    cancelSeries: (call) => change(call, (step) => cancelSeries(step, call.params.seriesId, call.body)),
    previewRequest: (call) => previewRequest(deps, whoOf(call), call.body, clock.nowMs()),
    chooseGreen: (call) => change(call, (step) => chooseGreen(step, call.body)),
    listApprovalRules: ({ reach }) => listApprovalRules(db, reach),
    setApprovalRules: (call) => act(deps, call, (step) => setApprovalRules(step, call.body)),
    listDeputies: ({ caller }) => listDeputies(db, caller),
    listFitDeputies: ({ caller, query }) => listFitDeputies(db, caller, query),
    nameDeputy: (call) => act(deps, call, (step) => nameDeputy(step, call.body)),
    endDeputy: (call) => act(deps, call, (step) => endDeputy(step, call.params.deputyshipId, call.body)),
    ratifyRequest: (call) =>
      change({ ...call, reach: { ...call.reach, vehicleId: null } }, (step) => ratifyRequest(step, call.params.requestId, call.body)),
    listCandidates: (call) => upToNow(() => listCandidates(deps, call, call.params.requestId, call.query)),
    listExcluded: (call) => upToNow(() => listExcluded(deps, call, call.params.requestId, call.query)),
    dispatchRequest: (call) =>
      upToNow(() => onceMore(() => act(deps, call, (step) => dispatchRequest(step, listDrivers, call.params.requestId, call.body)))),
    listOrders: ({ caller, reach, query }) => listOrders(db, asSight(reach), ownFor(caller, 'order.view'), query, clock.nowMs()),
    getOrder: (call) => readOrder(db, whoOf(call), call.params.orderId, clock.nowMs()),
    actOnOrder: (call) => change(call, (step) => actOnOrder(step, call.params.orderId, call.body)),
    previewShares: (call) => previewOrderShares(db, whoOf(call), call.params.orderId, call.body, clock.nowMs()),
    getOrderSheet: (call) => printOrder(deps, whoOf(call), call.params.orderId, call.query.language, call.origin.site),
    moveOrder: (call) =>
      upToNow(() => onceMore(() => act(deps, call, (step) => moveOrder(step, listDrivers, call.params.orderId, call.body)))),
    swapOrder: (call) =>
      upToNow(() => onceMore(() => act(deps, call, (step) => swapOrder(step, listDrivers, call.params.orderId, call.body)))),
    addOrderCost: (call) => change(call, (step) => addCost(step, call.params.orderId, call.body)),
    async addOrderPhoto(call) {
      const { orderId } = call.params
      const picture = await makePicture(db, whoOf(call), orderId, call.body, clock.nowMs())
      return changed(call, orderId, (step) => addPhoto(step, orderId, { ...call.query, picture, digest: sha256(call.body) }))
    },
    readOrderPhoto: (call) => readPhoto(db, whoOf(call), call.params.orderId, call.params.photoId, clock.nowMs()),
    reportIncident: (call) => changed(call, call.params.orderId, (step) => reportIncident(step, call.params.orderId, call.body)),
    actOnIncident: (call) =>
      changed({ ...call, reach: { ...call.reach, vehicleId: null } }, call.params.orderId, (step) =>
        actOnIncident(step, call.params, call.body),
      ),
    listLeaveRequests: (call) => listLeaveRequests(db, whoOf(call), call.query, clock.nowMs()),
    askLeave: (call) => change(call, (step) => askLeave(step, call.body)),
    actOnLeave: (call) => change(call, (step) => actOnLeave(step, call.params.leaveRequestId, call.body)),
    getTrackingConsent: ({ caller }) => readConsent(db, caller.accountId),
    setTrackingConsent: (call) => act(deps, whoOf(call), (step) => setConsent(step, call.body)),
    sendOrderFixes: (call) => sendFixes(deps, whoOf(call), call.params.orderId, call.body),
    askOrderChange: (call) => changed(call, call.params.orderId, (step) => askOrderChange(step, call.params.orderId, call.body)),
    listOrderChanges: (call) => listOpenChanges(db, changeProcedure(), whoOf(call), call.query, clock.nowMs()),
    actOnOrderChange: (call) => change(call, (step) => actOnOrderChange(step, listDrivers, call.params.changeId, call.body)),
    listFollowed: (call) => listFollowed(db, whoOf(call), call.query, clock.nowMs()),
    followOrder: (call) => followVehicle(deps, following, whoOf(call), call.params.orderId),
    rateOrder: (call) => changed(call, call.params.orderId, (step) => rateOrder(step, call.params.orderId, call.body)),
    listFavourites: ({ caller }) => listFavourites(db, caller.accountId),
    addFavourite: (call) => change(call, (step) => addFavourite(step, call.body)),
    renameFavourite: (call) => change(call, (step) => renameFavourite(step, call.params.favouriteId, call.body)),
    removeFavourite: (call) => change(call, (step) => removeFavourite(step, call.params.favouriteId)),
    findStops: ({ reach, query }) => findStops(db, reach, query, clock.nowMs()),
    listColleagues: (call) => listColleagues(db, whoOf(call), call.query),
    decideOrderCost: (call) => act(deps, call, (step) => decideCost(step, call.params.orderId, call.params.costId, call.body)),
    correctOdometer: (call) => act(deps, call, (step) => correctOdometer(step, call.params.orderId, call.body)),
    listTariffs: ({ reach, query }) => listTariffs(db, reach, query, clock.nowMs()),
    addTariff: (call) => act(deps, call, (step) => addTariff(step, call.body)),
    listBudgets: ({ reach, query }) => listBudgets(db, reach, query),
    setBudget: (call) => act(deps, call, (step) => setBudget(step, call.body)),
    listFeeds: (call) => listFeeds(db, whoOf(call)),
    makeFeed: (call) => act(deps, whoOf(call), (step) => makeFeed(step, call.body, call.origin.site)),
    renewFeed: (call) => act(deps, whoOf(call), (step) => renewFeed(step, call.params.feedId, call.origin.site)),
    async revokeFeed(call) {
      await act(deps, whoOf(call), (step) => revokeFeed(step, call.params.feedId))
      return {}
    },
    listVehicleLoans: (call) => listVehicleLoans(db, call, call.query, clock.nowMs()),
    listLendable: ({ reach, query }) => listLendable(db, reach, query, clock.nowMs()),
    askVehicleLoan: (call) => act(deps, call, (step) => askVehicleLoan(step, call.body)),
    actOnVehicleLoan: (call) => onceMore(() => act(deps, call, (step) => actOnVehicleLoan(step, call.params.loanId, call.body))),
    listLoanAgreements: ({ reach, query }) => listLoanAgreements(db, reach, query, clock.nowMs()),
    addLoanAgreement: (call) => act(deps, call, (step) => addLoanAgreement(step, call.body)),
    listRides: (call) => upToNow(() => listRides(db, whoOf(call), call.query, clock.nowMs())),
    listRideSuggestions: (call) => upToNow(() => listRideSuggestions(deps, call, call.params.requestId, call.query.most)),
    proposeRide: (call) =>
      whileStale(
        async () => [...(await idsOfTrip(db, call.body.firstId)), call.body.requestId],
        (known) => change({ ...call, reach: { ...call.reach, vehicleId: null } }, (step) => proposeRide(step, call.body, known)),
      ),
    actOnRide: (call) =>
      whileStale(
        () => idsOfRide(db, call.params.rideId),
        (known) => change(call, (step) => actOnRide(step, call.params.rideId, call.body, known)),
      ).catch(async (error: unknown) => {
        // Others were faster: nobody waits for an answer to what cannot be any more.
        if (hasNoRoom(error)) await change(call, (step) => endRideWithoutRoom(step, call.params.rideId))
        throw error
      }),
    getBoard: ({ reach, query }) => upToNow(() => readBoard(db, reach, query, clock.nowMs())),
  } satisfies Partial<Handlers>
}
