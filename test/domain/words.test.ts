// One word a value: every closed list has its words once, in both languages, and whatever says a value says that word.
import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import { z } from 'zod'
import { webhookStates } from '../../services/contracts/api/webhooks.ts'
import { BOTH_LANGUAGES } from '../../services/contracts/errors.ts'
import { refusalSentence } from '../../services/contracts/refusals.ts'
import { sayIssue } from '../../services/contracts/schemaWords.ts'
import { sheets } from '../../services/dispatch/exchange/sheets.ts'
import { approvalGrounds, approvalLevels, sizeClasses } from '../../services/domain/approvals.ts'
import { caseLifecycle, caseStates, caseVehicleLifecycle, caseVehicleStates } from '../../services/domain/cases.ts'
import { billLifecycle, billStates, bookedKinds } from '../../services/domain/costBook.ts'
import { fitnessCodes } from '../../services/domain/driverFitness.ts'
import { driverStates } from '../../services/domain/duty.ts'
import { equipments } from '../../services/domain/equipment.ts'
import { evidenceStates } from '../../services/domain/evidence.ts'
import { filingLifecycle, filingStates } from '../../services/domain/filing/filings.ts'
import { findingLifecycle, findingStates } from '../../services/domain/findings.ts'
import { fuelLineActions, fuelLineStates, trackVerdicts, waitReasons } from '../../services/domain/fuelStatement.ts'
import { greenWays } from '../../services/domain/greenTravel.ts'
import { handoverLifecycle, handoverStates } from '../../services/domain/handover.ts'
import { incidentKinds, incidentLifecycle, incidentStates } from '../../services/domain/incidents.ts'
import { inspectionItems } from '../../services/domain/inspection.ts'
import { leaveLifecycle, leaveRequestStates, tripsOnLeave } from '../../services/domain/leave.ts'
import * as lifecycle from '../../services/domain/lifecycle.ts'
import { loanLifecycle, loanStates, tripsWhenEnded } from '../../services/domain/loans.ts'
import { finePayers, liabilities, mishapKinds, mishapLifecycle, mishapStates } from '../../services/domain/mishaps.ts'
import { eventKinds } from '../../services/domain/notifications.ts'
import { costKinds, orderLifecycle, orderStates, photoSubjects } from '../../services/domain/orders.ts'
import { roles } from '../../services/domain/permissions.ts'
import { placeKinds, sensitiveKinds, supplierKinds } from '../../services/domain/places.ts'
import { publicationItems, publicationLifecycle, publicationStates } from '../../services/domain/publication.ts'
import { tiers } from '../../services/domain/ranking.ts'
import { renewalKinds, renewalLifecycle, renewalStates } from '../../services/domain/renewals.ts'
import { deliveryStates, refusedReasons, reportChannels, rhythms } from '../../services/domain/reports.ts'
import { requestKinds, requestLifecycle, requestStates, tripPurposes } from '../../services/domain/requests.ts'
import { changeLifecycle, changeStates } from '../../services/domain/roadChanges.ts'
import { sealExempts, sealLifecycle, sealProofs, sealStates } from '../../services/domain/sealing.ts'
import { recurrenceUnits } from '../../services/domain/series.ts'
import { disputeReasons } from '../../services/domain/settlement.ts'
import { rideLifecycle, rideStates } from '../../services/domain/sharing.ts'
import { vehicleStatuses } from '../../services/domain/status.ts'
import { ruleCodes } from '../../services/domain/supervision/codes.ts'
import { supervisionLifecycle, supervisionStates } from '../../services/domain/supervision/findings.ts'
import { severities, unjudgedReasons } from '../../services/domain/supervision/rule.ts'
import { priceParts, tariffKinds } from '../../services/domain/tariff.ts'
import { dueStates } from '../../services/domain/upkeep.ts'
import * as vehicle from '../../services/domain/vehicle.ts'
import { type Word, wordLists, wordOf } from '../../services/domain/words.ts'
import { partKinds, workKinds, workOrderLifecycle, workOrderStates } from '../../services/domain/workOrders.ts'
import { en, zhCN } from '../harness/texts.ts'

const lists = Object.entries(wordLists) as [keyof typeof wordLists, Record<string, Word>][]

t.test('every value of an enumeration has its word in both languages, and no word stands for a value that is none', (t) => {
  const values: Partial<Record<keyof typeof wordLists, readonly string[]>> = {
    class: vehicle.vehicleClasses,
    category: vehicle.vehicleCategories,
    energy: vehicle.energyTypes,
    plateColour: vehicle.plateColours,
    body: vehicle.bodyTypes,
    origin: vehicle.vehicleOrigins,
    organisationKind: vehicle.organisationKinds,
    status: vehicleStatuses,
    vehicleState: lifecycle.vehicleStates,
    vehicleAction: Object.keys(lifecycle.vehicleLifecycle),
    quotaState: lifecycle.quotaStates,
    quotaAction: Object.keys(lifecycle.quotaLifecycle),
    flow: lifecycle.flowKinds,
    flowState: lifecycle.flowStates,
    flowAction: ['start', ...lifecycle.flowActions],
    method: lifecycle.disposalMethods,
    driverState: driverStates,
    placeKind: placeKinds,
    sensitiveKind: sensitiveKinds,
    supplierKind: supplierKinds,
    role: roles,
    equipment: equipments,
    requestKind: requestKinds,
    tripPurpose: tripPurposes,
    requestState: requestStates,
    requestAction: ['draft', 'change', 'ratify', 'remind', 'unratified', 'escalate', ...Object.keys(requestLifecycle)],
    greenWay: greenWays,
    recurrence: recurrenceUnits,
    approvalLevel: approvalLevels,
    approvalGround: approvalGrounds,
    sizeClass: sizeClasses,
    eventKind: ['every', ...eventKinds],
    webhookState: webhookStates,
    orderState: orderStates,
    orderAction: ['dispatch', 'move', 'correctOdometer', 'roadChange', 'share', 'unshare', 'handOn', ...Object.keys(orderLifecycle)],
    photoSubject: photoSubjects,
    inspectionItem: inspectionItems,
    incidentKind: incidentKinds,
    incidentState: incidentStates,
    incidentAction: ['report', ...Object.keys(incidentLifecycle)],
    changeState: changeStates,
    changeAction: ['ask', 'remind', 'escalate', ...Object.keys(changeLifecycle)],
    promised: ['vehicle', 'driver'],
    costKind: [...new Set([...costKinds, ...bookedKinds])],
    billState: billStates,
    fuelLineState: fuelLineStates,
    fuelLineAction: fuelLineActions,
    trackVerdict: trackVerdicts,
    waitReason: waitReasons,
    billAction: ['enter', ...Object.keys(billLifecycle)],
    renewalKind: renewalKinds,
    renewalState: renewalStates,
    renewalAction: ['record', ...Object.keys(renewalLifecycle)],
    mishapKind: mishapKinds,
    mishapState: mishapStates,
    mishapAction: ['enter', ...Object.keys(mishapLifecycle)],
    liability: liabilities,
    finePayer: finePayers,
    workKind: workKinds,
    partKind: partKinds,
    workOrderState: workOrderStates,
    workOrderAction: ['ask', ...Object.keys(workOrderLifecycle)],
    dueState: dueStates,
    odometerSource: ['track', 'order', 'workshop'],
    pricePart: [...priceParts, 'day', 'away'],
    dispute: disputeReasons,
    tariffKind: tariffKinds,
    rideState: rideStates,
    rideAction: ['ask', 'wish', ...Object.keys(rideLifecycle)],
    caseState: caseStates,
    caseAction: ['open', 'change', ...Object.keys(caseLifecycle)],
    caseVehicleState: caseVehicleStates,
    caseVehicleAction: ['add', ...Object.keys(caseVehicleLifecycle)],
    findingState: findingStates,
    findingAction: ['note', 'change', ...Object.keys(findingLifecycle)],
    evidenceState: evidenceStates,
    loanState: loanStates,
    rule: ruleCodes,
    reportEvery: rhythms,
    reportChannel: reportChannels,
    deliveryState: deliveryStates,
    notSentWhy: refusedReasons,
    publicationState: publicationStates,
    publicationAction: ['draft', ...Object.keys(publicationLifecycle)],
    publicationItem: publicationItems,
    filingState: filingStates,
    filingAction: ['begin', ...Object.keys(filingLifecycle)],
    supervisionState: supervisionStates,
    supervisionAction: ['raise', 'change', 'escalate', ...Object.keys(supervisionLifecycle)],
    supervisionSeverity: severities,
    unjudged: unjudgedReasons,
    handoverState: handoverStates,
    handoverAction: ['offer', ...Object.keys(handoverLifecycle)],
    sealState: sealStates,
    sealAction: ['plan', ...Object.keys(sealLifecycle)],
    sealExempt: sealExempts,
    sealProof: sealProofs,
    leaveState: leaveRequestStates,
    leaveAction: ['ask', ...Object.keys(leaveLifecycle)],
    leaveTrips: tripsOnLeave,
    loanAction: ['ask', ...Object.keys(loanLifecycle)],
    loanTrips: tripsWhenEnded,
    tier: tiers,
    unfit: fitnessCodes,
  }
  for (const [list, known] of Object.entries(values) as [keyof typeof wordLists, readonly string[]][])
    t.same(Object.keys(wordLists[list]).sort(), [...known].sort(), list)
  for (const [list, words] of lists)
    for (const [value, [zh, english]] of Object.entries(words)) {
      t.match(zh, /\p{Script=Han}/u, `${list}.${value}`)
      t.match(english, /^[A-Z][A-Za-z /-]+$/, `${list}.${value}`)
      t.not(english, value.includes('_') ? value : '', `${list}.${value}`)
    }
  t.end()
})

t.test('a page says the word of the list', (t) => {
  for (const [list, words] of lists)
    for (const [value, [zh, english]] of Object.entries(words)) {
      t.equal(zhCN[`${list}.${value}` as keyof typeof zhCN], zh)
      t.equal(en[`${list}.${value}` as keyof typeof en], english)
    }
  t.end()
})

t.test('no word means two values of its list, and a file that says an older word of ours is understood', (t) => {
  for (const [list, words] of lists) {
    const all = Object.values(words).flatMap((word) => word.map((each) => each.toLowerCase()))
    t.equal(new Set(all).size, all.length, list)
  }
  const vehicles = sheets.find(({ subject }) => subject === 'vehicles')!
  const read = (key: string, cell: string) =>
    vehicles.columns.find((column) => column.key === key)!.kind.read(cell, { kind: 'text', text: cell })
  for (const [key, older, value] of [
    ['state', '已预留', 'RESERVED'],
    ['state', '已预约', 'RESERVED'],
    ['state', 'Disposed', 'DISPOSED'],
    ['plateColour', '蓝', 'blue'],
    ['class', '租赁平台服务用车', 'leased'],
    ['energy', '插电式混合动力', 'plug_in_hybrid'],
  ] as const)
    t.same(read(key, older), { value }, older)
  t.end()
})

t.test('what goes out in a file is what the page says, for every column that chooses from a list', (t) => {
  const said = new Set(lists.flatMap(([, words]) => Object.values(words).flat()))
  const own = new Set(['是', 'Yes', '否', 'No', '不限', 'Any', '新能源', 'New energy', '非新能源', 'Not new energy'])
  for (const { subject, columns } of sheets)
    for (const { key, kind } of columns)
      for (const { zh, en: english } of kind.choices ?? []) {
        t.ok(said.has(zh) || own.has(zh), `${subject}.${key}: ${zh}`)
        t.ok(said.has(english) || own.has(english), `${subject}.${key}: ${english}`)
      }
  t.end()
})

t.test('no list of words stands a second time anywhere', (t) => {
  const files = ['services', 'web'].flatMap((room) =>
    readdirSync(new URL(`../../${room}/`, import.meta.url), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.tsx?$/.test(name))
      .map((name) => `${room}/${name}`),
  )
  const again: string[] = []
  for (const file of files.filter((name) => name !== 'services/domain/words.ts')) {
    const text = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')
    const named = Array.from(text.matchAll(/^ *'?([\w.-]+)'?: *\[? *['"]\p{Script=Han}/gmu), ([, name]) => name!)
    const said = new Set(named)
    for (const [list, words] of lists) {
      const stands = Object.keys(words).filter((value) => said.has(value) || said.has(`${list}.${value}`))
      if (stands.length >= 3) again.push(`${file}: ${list}`)
    }
  }
  t.same(again, [])
  t.equal(wordOf('vehicleState', 'RESERVED', 'zh-CN'), '已预约')
  t.equal(wordOf('vehicleState', 'toString', 'en'), undefined)
  t.end()
})

t.test('a refusal says its figures in the language that it is read in', (t) => {
  const over = { what: 'priceFen', value: '19.98 万元', limit: '18 万元' }
  t.equal(refusalSentence('standard.over', over, 'en'), 'Exceeds the standard: Price (yuan) ¥199,800, limit ¥180,000')
  t.match(refusalSentence('standard.over', over, 'zh-CN'), /19\.98 万元，上限 18 万元$/)
  t.equal(refusalSentence('token.days', { max: 90 }, 'zh-CN'), '有效期最长 90 天')
  t.end()
})

t.test('what a schema refuses is said in both languages, with what the field is called', async (t) => {
  const schema = z.object({
    passengers: z.int().min(1).max(60),
    purpose: z.string().min(1).max(3),
    contactPhone: z.string().regex(/^1/, '电话号码不正确 / no telephone number'),
    startsAt: z.iso.datetime(),
    kind: z.enum(['pool', 'emergency']),
    via: z.array(z.object({ name: z.string() })).max(1),
  })
  const said = (input: unknown) =>
    schema
      .safeParse(input)
      .error!.issues.map(({ code, path, message, ...params }) => sayIssue({ code, path: path.map(String), message, params }))
  const good = { passengers: 2, purpose: '开会', contactPhone: '1', startsAt: '2026-11-30T01:00:00Z', kind: 'pool', via: [] }
  const only = (change: object) => said({ ...good, ...change })[0]
  t.equal(only({ passengers: 99 }), '“乘车人数”不能大于 60 / “Passengers” must be at most 60')
  t.equal(only({ passengers: 0 }), '“乘车人数”不能小于 1 / “Passengers” must be at least 1')
  t.equal(only({ passengers: '两' }), '“乘车人数”应为数字 / “Passengers” must be a number')
  t.equal(only({ purpose: '示例用途' }), '“事由”最多 3 个字 / “Purpose” has at most 3 characters')
  t.equal(only({ purpose: '' }), '请填写“事由” / “Purpose” is missing')
  t.equal(only({ purpose: undefined }), '请填写“事由” / “Purpose” is missing')
  t.equal(only({ contactPhone: '2' }), '电话号码不正确 / no telephone number', 'its own sentence stays')
  t.equal(only({ startsAt: 'soon' }), '“出发时间”应为日期和时间 / “Departure” must be a date and time')
  t.equal(only({ kind: 'bus' }), '“种类”只能是 pool、emergency / “Kind” must be pool, emergency')
  t.equal(only({ via: [{ name: 7 }] }), '“名称”应为文字 / “Name” must be text')
  for (const sentence of said({})) t.match(sentence, BOTH_LANGUAGES)
})
