// Who is told what: one table. An event is a step of a request or an order that somebody must hear of; whoever took it is not told of it himself.
import type { FilingAction } from './filing/filings.ts'
import type { HandoverAction } from './handover.ts'
import type { LeaveAction } from './leave.ts'
import type { OrderAction } from './orders.ts'
import type { Capability } from './permissions.ts'
import type { PublicationAction } from './publication.ts'
import type { RequestAction } from './requests.ts'
import type { SealAction } from './sealing.ts'
import type { SupervisionAction } from './supervision/findings.ts'

/**
 * Whom a notification is for, by what he has to do with the trip. Of those who share a task (approving, dispatching, costs) the ones of the nearest unit
 * that has any are told, role by role: of the unit itself, or above it.
 */
export const relations = [
  'applicant',
  'travellers',
  'approvers',
  'dispatchers',
  'driver',
  'formerDriver',
  'costApprovers',
  'webhookKeepers',
  'contact',
  'leaveDeciders',
  'onLeave',
  'asked',
  'caseMembers',
  'findingDeciders',
  'findingExplainers',
  'concernedDriver',
  'caseKeepers',
  'sealers',
  'unsealers',
  'keyKeeper',
  'filingFillers',
  'filingReviewers',
  'reader',
] as const
export type Relation = (typeof relations)[number]

/** What those who share a task may do; who approves follows from the request's own chain. `of`: the unit from which the nearest is looked for. */
export const sharedTasks = {
  dispatchers: { may: 'order.dispatch', of: 'issuer' },
  costApprovers: { may: 'cost.approve', of: 'unit' },
  leaveDeciders: { may: 'leave.decide', of: 'unit' },
  webhookKeepers: { may: 'webhook.manage', of: 'unit' },
  findingDeciders: { may: 'finding.decide', of: 'unit' },
  findingExplainers: { may: 'finding.explain', of: 'unit' },
  sealers: { may: 'ledger.draft', of: 'unit' },
  unsealers: { may: 'request.approve', of: 'unit' },
  caseKeepers: { may: 'case.keep', of: 'unit' },
  filingFillers: { may: 'filing.fill', of: 'unit' },
  filingReviewers: { may: 'filing.review', of: 'unit' },
} as const satisfies Partial<Record<Relation, { may: Capability; of: 'unit' | 'issuer' }>>

/** `app`: the list of what one was told. `push`: on the telephone's screen as well, because somebody waits for it. A webhook is told everything. */
type Channel = 'app' | 'push'
type Telling = { to: readonly Relation[]; by: readonly Channel[] }

type RequestEvent = `request.${RequestAction | 'ratify' | 'emergency' | 'unratified' | 'remind' | 'escalate'}`
type ChangeEvent = 'changeAsk' | 'changeAgree' | 'changeApprove' | 'changeRefuse' | 'changeRemind' | 'changeEscalate' | 'roadChange'
/** Of a shared ride each is told by his own request; of the stops, who drives and who dispatches. */
type RideEvent = `ride.${'ask' | 'join' | 'refuse' | 'lapse' | 'leave' | 'stops'}`
type OrderEvent = `order.${OrderAction | 'dispatch' | 'move' | 'handOver' | 'incident' | 'rate' | ChangeEvent}`

type SupervisionEvent = `supervision.${SupervisionAction | 'raise' | 'change' | 'escalate'}`
type PublicationEvent = `publication.${PublicationAction}`
/** What was submitted is told to those above. */
type FilingEvent = `filing.${FilingAction | 'remind'}`
type SealEvent = `seal.${SealAction | 'plan'}`
type HandoverEvent = `handover.${HandoverAction | 'offer'}`
type LeaveEvent = `leave.${LeaveAction | 'ask'}`
/** Of a case: whoever is asked, and its members when he has answered. Of what and why, the page says. */
type FindingEvent = `finding.${'ask' | 'answer'}`

const urgent = ['app', 'push'] as const
const calm = ['app'] as const

export const tellings = {
  'request.submit': { to: ['approvers'], by: urgent },
  // It is the next one's turn.
  'request.agree': { to: ['approvers'], by: urgent },
  'request.remind': { to: ['approvers'], by: urgent },
  // Nobody decided in time: it has gone to the level above.
  'request.escalate': { to: ['approvers', 'applicant'], by: urgent },
  // Dispatched at once and approved afterwards: both begin now.
  'request.emergency': { to: ['dispatchers', 'approvers'], by: urgent },
  'request.approve': { to: ['applicant', 'dispatchers'], by: urgent },
  'request.giveBack': { to: ['applicant'], by: urgent },
  'request.reject': { to: ['applicant'], by: urgent },
  'request.decline': { to: ['applicant'], by: urgent },
  'request.cancel': { to: ['dispatchers'], by: calm },
  'request.ratify': { to: ['applicant'], by: calm },
  'request.unratified': { to: ['applicant', 'approvers', 'dispatchers'], by: urgent },
  // Its time is over, and nothing waits for it any more.
  'request.expire': { to: ['applicant'], by: calm },
  'order.dispatch': { to: ['driver', 'applicant', 'travellers', 'contact'], by: urgent },
  'order.move': { to: ['driver', 'applicant', 'travellers', 'contact'], by: urgent },
  // Another vehicle or driver on the way: he is to take it over.
  'order.swap': { to: ['driver', 'applicant', 'travellers', 'contact'], by: urgent },
  'order.takeOver': { to: ['applicant', 'dispatchers'], by: calm },
  // The order was given to another: he must not come.
  'order.handOver': { to: ['formerDriver'], by: urgent },
  'order.void': { to: ['driver', 'applicant', 'travellers', 'contact'], by: urgent },
  // Whoever asked has made another matter of it; the loan of its vehicle was ended.
  'order.withdraw': { to: ['driver', 'dispatchers'], by: urgent },
  'order.reclaim': { to: ['driver', 'applicant', 'dispatchers', 'contact'], by: urgent },
  // Out, though it was voided.
  'order.leaveVoided': { to: ['dispatchers', 'driver'], by: urgent },
  'order.returnVoided': { to: ['dispatchers'], by: calm },
  'order.incident': { to: ['dispatchers'], by: urgent },
  // On the road: asked for, agreed to by one of several, by all, made, refused.
  'order.changeAsk': { to: ['approvers', 'dispatchers'], by: urgent },
  'order.changeAgree': { to: ['approvers'], by: urgent },
  'order.changeRemind': { to: ['approvers', 'dispatchers'], by: urgent },
  'order.changeEscalate': { to: ['approvers', 'applicant'], by: urgent },
  'order.changeApprove': { to: ['dispatchers', 'applicant'], by: urgent },
  'order.changeRefuse': { to: ['applicant', 'driver'], by: urgent },
  'order.roadChange': { to: ['driver', 'applicant', 'travellers', 'contact'], by: urgent },
  // Who drove is not told by whom.
  'order.rate': { to: ['dispatchers'], by: calm },
  'order.accept': { to: ['applicant'], by: calm },
  'order.decline': { to: ['dispatchers'], by: urgent },
  'order.lapse': { to: ['dispatchers', 'driver'], by: urgent },
  // Not driven off in time: nothing is held for it any more.
  'order.release': { to: ['dispatchers', 'driver'], by: urgent },
  // Nor driven until the end.
  'order.expire': { to: ['applicant', 'driver', 'dispatchers'], by: calm },
  // At the pick-up.
  'order.reach': { to: ['applicant', 'travellers', 'contact'], by: urgent },
  // Whoever was to travel rings the driver now, or never.
  'order.noShow': { to: ['applicant', 'travellers', 'dispatchers', 'contact'], by: urgent },
  'order.depart': { to: ['applicant', 'travellers', 'contact'], by: urgent },
  'order.comeBack': { to: ['applicant', 'dispatchers'], by: calm },
  'order.confirm': { to: ['dispatchers'], by: calm },
  'order.confirmByTime': { to: ['applicant'], by: calm },
  'order.settle': { to: ['costApprovers'], by: calm },
  'order.giveBack': { to: ['dispatchers'], by: urgent },
  'ride.ask': { to: ['applicant'], by: urgent },
  'ride.join': { to: ['applicant'], by: urgent },
  'ride.refuse': { to: ['applicant', 'dispatchers'], by: calm },
  'ride.lapse': { to: ['applicant', 'dispatchers'], by: calm },
  'ride.leave': { to: ['applicant'], by: urgent },
  // Somebody gets on or off elsewhere than he was told.
  'ride.stops': { to: ['driver', 'dispatchers'], by: urgent },
  // Taken back because its driver is on leave.
  'order.excuse': { to: ['driver', 'applicant', 'dispatchers', 'contact'], by: urgent },
  'leave.ask': { to: ['leaveDeciders'], by: urgent },
  'leave.grant': { to: ['onLeave'], by: urgent },
  'leave.refuse': { to: ['onLeave'], by: urgent },
  'leave.withdraw': { to: ['leaveDeciders'], by: calm },
  'leave.cancel': { to: ['leaveDeciders'], by: calm },
  'leave.recall': { to: ['onLeave'], by: urgent },
  'finding.ask': { to: ['asked'], by: urgent },
  'finding.answer': { to: ['caseMembers'], by: calm },
  // Of what is suspected whoever is concerned is told when somebody asks him for an answer, not before.
  'supervision.notify': { to: ['concernedDriver', 'findingExplainers'], by: urgent },
  'supervision.askAgain': { to: ['concernedDriver', 'findingExplainers'], by: urgent },
  'supervision.lapse': { to: ['findingDeciders', 'findingExplainers'], by: urgent },
  'supervision.explain': { to: ['findingDeciders'], by: calm },
  'supervision.verifyNormal': { to: ['concernedDriver', 'findingExplainers'], by: calm },
  'supervision.verifyViolation': { to: ['concernedDriver', 'findingExplainers'], by: urgent },
  'supervision.appeal': { to: ['findingDeciders'], by: calm },
  'supervision.uphold': { to: ['concernedDriver', 'findingExplainers'], by: urgent },
  'supervision.askReview': { to: ['findingDeciders'], by: calm },
  'supervision.confirm': { to: ['concernedDriver', 'findingExplainers'], by: urgent },
  'supervision.overturn': { to: ['concernedDriver', 'findingExplainers'], by: calm },
  // Of these nobody is told in the application; another system is.
  'supervision.raise': { to: [], by: calm },
  'supervision.raiseAgain': { to: [], by: calm },
  'supervision.change': { to: [], by: calm },
  'supervision.close': { to: [], by: calm },
  'filing.aggregate': { to: [], by: calm },
  'filing.release': { to: [], by: calm },
  'publication.publish': { to: [], by: calm },
  'publication.withdraw': { to: [], by: calm },
  'supervision.rectify': { to: ['findingDeciders'], by: calm },
  // Of what is referred inspection alone is told.
  'supervision.refer': { to: ['caseKeepers'], by: urgent },
  // Nobody has taken the next step: told above whoever should have.
  'supervision.escalate': { to: ['findingDeciders'], by: urgent },
  'supervision.withdraw': { to: ['concernedDriver', 'findingExplainers'], by: calm },
  // Of a plan the units that are to seal; of one vehicle whoever has its keys, where that is somebody with an account, and who decides.
  'seal.plan': { to: ['sealers'], by: urgent },
  'seal.seal': { to: ['keyKeeper'], by: urgent },
  'seal.askUnseal': { to: ['unsealers'], by: urgent },
  'seal.unseal': { to: ['sealers', 'keyKeeper'], by: urgent },
  'seal.refuseUnseal': { to: ['sealers', 'keyKeeper'], by: urgent },
  'seal.miss': { to: ['sealers', 'unsealers'], by: calm },
  // Whoever is to have it, or has handed it over: a driver, or those of the unit who give vehicles.
  'handover.offer': { to: ['concernedDriver', 'dispatchers'], by: urgent },
  'handover.take': { to: ['concernedDriver', 'dispatchers'], by: calm },
  'handover.refuse': { to: ['concernedDriver', 'dispatchers'], by: urgent },
  'filing.remind': { to: ['filingFillers'], by: urgent },
  'filing.fill': { to: ['filingReviewers'], by: urgent },
  'filing.review': { to: ['filingReviewers'], by: calm },
  'filing.giveBack': { to: ['filingFillers'], by: urgent },
  'filing.submit': { to: ['filingFillers'], by: calm },
  'filing.sendBack': { to: ['filingFillers', 'filingReviewers'], by: urgent },
  // What he is sent by day, week or month.
  'report.ready': { to: ['reader'], by: calm },
  // Another system has taken nothing for days and is told no more.
  'webhook.off': { to: ['webhookKeepers'], by: urgent },
} as const satisfies Partial<
  Record<
    | RequestEvent
    | OrderEvent
    | LeaveEvent
    | RideEvent
    | FindingEvent
    | SupervisionEvent
    | FilingEvent
    | PublicationEvent
    | SealEvent
    | HandoverEvent
    | 'report.ready'
    | 'webhook.off',
    Telling
  >
>

export type EventKind = keyof typeof tellings
export const eventKinds = Object.keys(tellings) as EventKind[]
/** What another system may be told: what becomes of requests, orders, findings, filings and publications. Who is on leave, what a case asks and whose report came stays in the house. */
export const webhookKinds = eventKinds.filter((kind) => !/^(webhook|leave|finding|report|handover|seal)\./.test(kind)) as [
  EventKind,
  ...EventKind[],
]
export const isTold = (kind: string): kind is EventKind => Object.hasOwn(tellings, kind)
export const tellingOf = (kind: EventKind): Telling => tellings[kind]
