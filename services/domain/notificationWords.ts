// What a notification says, in both languages: a title that stands on a telephone's screen, and a line below it. Used wherever one is read: in the bell, on
// the phone, and by whatever is pushed. {number} {unit} {to} {time} {until} {plate} {reason} {rule} are filled in when it is read.
import { ZONE_OFFSET_MS } from './days.ts'
import type { EventKind } from './notifications.ts'
import { plateAsPrinted } from './vehicle.ts'
import { wordOf } from './words.ts'

type Said = readonly [title: string, text: string]

const trip: Said[1] = '{unit}，{time}，前往{to}'
const tripEn: Said[1] = '{unit}, {time}, to {to}'

const words: Record<EventKind, { zh: Said; en: Said }> = {
  'request.submit': { zh: ['有用车申请待审批', trip], en: ['A request awaits your approval', tripEn] },
  'request.agree': { zh: ['有用车申请待审批', trip], en: ['A request awaits your approval', tripEn] },
  'request.remind': { zh: ['用车申请仍待审批，请尽快办理', trip], en: ['A request still awaits your approval', tripEn] },
  'request.escalate': { zh: ['用车申请超时未批，已转上级审批', trip], en: ['Not decided in time: a request went up one level', tripEn] },
  'request.emergency': { zh: ['紧急用车，请立即派车并按时补批', trip], en: ['Emergency: dispatch at once, approve in time', tripEn] },
  'request.approve': { zh: ['用车申请已获批，等待派车', trip], en: ['The request was approved and awaits a vehicle', tripEn] },
  'request.giveBack': { zh: ['用车申请被退回', '{reason}'], en: ['The request was sent back', '{reason}'] },
  'request.reject': { zh: ['用车申请未获同意', '{reason}'], en: ['The request was rejected', '{reason}'] },
  'request.decline': { zh: ['暂无车辆可派', '{reason}'], en: ['No vehicle can be given', '{reason}'] },
  'request.cancel': { zh: ['用车申请已取消', trip], en: ['The request was cancelled', tripEn] },
  'request.ratify': { zh: ['紧急用车已补批', trip], en: ['The emergency was approved', tripEn] },
  'request.unratified': { zh: ['紧急用车逾期未补批', trip], en: ['An emergency was not approved in time', tripEn] },
  'request.expire': {
    zh: ['用车时间已过，申请自动关闭，仍需用车请复制后重新提交', trip],
    en: ['Its time is over: the request was closed; copy it to ask again', tripEn],
  },
  'order.dispatch': { zh: ['已派车 {number}', `{plate}，${trip}`], en: ['Vehicle given {number}', `{plate}, ${tripEn}`] },
  'order.move': { zh: ['派车单有变更 {number}', `{plate}，${trip}`], en: ['The order was changed {number}', `{plate}, ${tripEn}`] },
  'order.swap': {
    zh: ['途中换车换人，请接车 {number}', `{plate}，${trip}`],
    en: ['Swapped on the way: take it over {number}', `{plate}, ${tripEn}`],
  },
  'order.takeOver': {
    zh: ['途中已接车，继续行程 {number}', `{plate}，前往{to}`],
    en: ['Taken over, the trip goes on {number}', '{plate}, to {to}'],
  },
  'order.handOver': { zh: ['派车单已改派他人，请勿出车 {number}', trip], en: ['Given to another driver: do not go {number}', tripEn] },
  'order.void': { zh: ['派车单已作废，请勿出车 {number}', '{reason}'], en: ['The order was voided: do not go {number}', '{reason}'] },
  'order.withdraw': {
    zh: ['用车申请有变更，原派车已收回，请勿出车 {number}', trip],
    en: ['The request was changed and the order taken back: do not go {number}', tripEn],
  },
  'order.reclaim': {
    zh: ['车辆借用提前结束，派车单作废，请勿出车 {number}', trip],
    en: ['The loan of the vehicle was ended and the order voided: do not go {number}', tripEn],
  },
  'order.excuse': {
    zh: ['驾驶员请假，派车单收回，请勿出车 {number}', trip],
    en: ['The driver is on leave and the order taken back: do not go {number}', tripEn],
  },
  'leave.ask': {
    zh: ['有请假待审批', '{unit} {to}，{time} 起，{reason}'],
    en: ['Leave awaits your decision', '{unit} {to}, from {time}, {reason}'],
  },
  'leave.grant': { zh: ['请假已获批', '{time} 起'], en: ['Your leave was granted', 'from {time}'] },
  'leave.refuse': { zh: ['请假未获批', '{reason}'], en: ['Your leave was refused', '{reason}'] },
  'leave.withdraw': {
    zh: ['请假申请已撤回', '{unit} {to}，{time} 起'],
    en: ['A request for leave was withdrawn', '{unit} {to}, from {time}'],
  },
  'leave.cancel': {
    zh: ['驾驶员已销假', '{unit} {to}，{time} 起的请假'],
    en: ['A driver ended his leave', '{unit} {to}, leave from {time}'],
  },
  'seal.plan': { zh: ['请按计划封存车辆：{to}', '{unit}，{time} 起'], en: ['Vehicles are to be sealed: {to}', '{unit}, from {time}'] },
  'seal.seal': {
    zh: ['请保管封存车辆的钥匙：{plate}', '{unit}，{to}，至 {until}'],
    en: ['Please keep the keys of {plate}', '{unit}, {to}, until {until}'],
  },
  'seal.askUnseal': {
    zh: ['申请启封，待审批：{plate}', '{unit}，{reason}'],
    en: ['Unsealing of {plate} is asked for', '{unit}, {reason}'],
  },
  'seal.unseal': { zh: ['已批准启封：{plate}', '{unit}，{reason}'], en: ['{plate} may be used again', '{unit}, {reason}'] },
  'seal.refuseUnseal': { zh: ['不予启封：{plate}', '{unit}，{reason}'], en: ['{plate} stays sealed', '{unit}, {reason}'] },
  'seal.miss': { zh: ['期满未封存：{plate}', '{unit}，{to}'], en: ['{plate} was never sealed', '{unit}, {to}'] },
  'handover.offer': { zh: ['有车辆等待您接班确认', '{unit}，{time}'], en: ['A vehicle waits for you to take it over', '{unit}, {time}'] },
  'handover.take': { zh: ['接班人已确认', '{unit}，{time}'], en: ['The vehicle was taken over', '{unit}, {time}'] },
  'handover.refuse': { zh: ['接班人未接受', '{unit}，{reason}'], en: ['The vehicle was not taken over', '{unit}, {reason}'] },
  'supervision.notify': { zh: ['疑似{rule}，请说明', '{unit}，{time}'], en: ['Please answer: suspected {rule}', '{unit}, {time}'] },
  'supervision.askAgain': { zh: ['疑似{rule}，请补充说明', '{reason}'], en: ['Please say more: suspected {rule}', '{reason}'] },
  'supervision.lapse': { zh: ['疑似{rule}逾期未说明', '{unit}，{time}'], en: ['Not answered in time: suspected {rule}', '{unit}, {time}'] },
  'supervision.explain': { zh: ['疑似{rule}已有说明，待核实', '{unit}，{reason}'], en: ['Answered: suspected {rule}', '{unit}, {reason}'] },
  'supervision.verifyNormal': { zh: ['{rule}核实为正常', '{unit}，{time}'], en: ['In order: {rule}', '{unit}, {time}'] },
  'supervision.verifyViolation': {
    zh: ['{rule}核实为违规，可申诉', '{unit}，{time}'],
    en: ['Verified as a violation, you may appeal: {rule}', '{unit}, {time}'],
  },
  'supervision.appeal': {
    zh: ['{rule}有申诉，待另一人复核', '{unit}，{reason}'],
    en: ['An appeal, for another person: {rule}', '{unit}, {reason}'],
  },
  'supervision.uphold': { zh: ['{rule}申诉后维持', '{reason}'], en: ['Upheld: {rule}', '{reason}'] },
  'supervision.askReview': {
    zh: ['{rule}申请复核，待复核', '{unit}，{reason}'],
    en: ['A review is asked for: {rule}', '{unit}, {reason}'],
  },
  'supervision.confirm': { zh: ['{rule}复核后维持', '{reason}'], en: ['Confirmed in review: {rule}', '{reason}'] },
  'supervision.refer': { zh: ['{rule}移送纪检监察', '{unit}，{reason}'], en: ['Referred to inspection: {rule}', '{unit}, {reason}'] },
  'supervision.escalate': { zh: ['{rule}办理超期', '{unit}，{time}'], en: ['Waits for too long: {rule}', '{unit}, {time}'] },
  'supervision.overturn': { zh: ['{rule}申诉后改为正常', '{unit}，{time}'], en: ['Overturned, it was in order: {rule}', '{unit}, {time}'] },
  'supervision.raise': { zh: ['疑似{rule}', '{unit}，{time}'], en: ['Suspected: {rule}', '{unit}, {time}'] },
  'supervision.raiseAgain': { zh: ['再次提示疑似{rule}', '{unit}，{time}'], en: ['Suspected again: {rule}', '{unit}, {time}'] },
  'supervision.change': { zh: ['疑似{rule}有变化', '{unit}，{time}'], en: ['Changed, suspected: {rule}', '{unit}, {time}'] },
  'supervision.close': { zh: ['{rule}已办结', '{unit}，{time}'], en: ['Closed: {rule}', '{unit}, {time}'] },
  'filing.aggregate': { zh: ['统计填报已汇总', '{unit} {to}'], en: ['A filing was added up above', '{unit} {to}'] },
  'filing.release': { zh: ['统计填报解除汇总', '{unit} {to}'], en: ['A filing was let go from above', '{unit} {to}'] },
  'publication.publish': { zh: ['用车已公示', '{unit} {to}'], en: ['Trips were made public', '{unit} {to}'] },
  'publication.withdraw': { zh: ['用车公示已撤回', '{unit} {to}'], en: ['Public trips were withdrawn', '{unit} {to}'] },
  'supervision.rectify': { zh: ['{rule}已报告整改，待办结', '{unit}，{reason}'], en: ['Put right: {rule}', '{unit}, {reason}'] },
  'supervision.withdraw': { zh: ['疑似{rule}已撤销', '{unit}，{time}'], en: ['Withdrawn: suspected {rule}', '{unit}, {time}'] },
  'leave.recall': { zh: ['请假已被撤销', '{time} 起，{reason}'], en: ['Your leave was taken back', 'from {time}, {reason}'] },
  'finding.ask': {
    zh: ['请对一次用车情况作出说明', '请于 {until} 前答复'],
    en: ['Please explain a use of a vehicle', 'Answer by {until}'],
  },
  'finding.answer': { zh: ['已收到说明', '{unit}'], en: ['An explanation has come', '{unit}'] },
  'order.leaveVoided': {
    zh: ['派车单已作废，但司机已出车 {number}', `{plate}，${trip}`],
    en: ['Voided, but the driver has left {number}', `{plate}, ${tripEn}`],
  },
  'order.returnVoided': {
    zh: ['作废后出车的车辆已收车 {number}', trip],
    en: ['The vehicle that left though voided is back {number}', tripEn],
  },
  'order.incident': { zh: ['途中情况上报 {number}', `{plate}，${trip}`], en: ['An incident was reported {number}', `{plate}, ${tripEn}`] },
  'order.changeAsk': {
    zh: ['途中变更待办理 {number}', '{unit}：{reason}'],
    en: ['A change on the road is asked for {number}', '{unit}: {reason}'],
  },
  'order.changeAgree': {
    zh: ['途中变更待您审批 {number}', '{unit}：{reason}'],
    en: ['A change on the road awaits you {number}', '{unit}: {reason}'],
  },
  'order.changeRemind': {
    zh: ['途中变更仍待审批，请尽快办理 {number}', '{unit}：{reason}'],
    en: ['A change on the road still awaits approval {number}', '{unit}: {reason}'],
  },
  'order.changeEscalate': {
    zh: ['途中变更超时未批，已转上级审批 {number}', '{unit}：{reason}'],
    en: ['A change on the road went up one level {number}', '{unit}: {reason}'],
  },
  'order.changeApprove': {
    zh: ['途中变更已获批，待调度确认 {number}', '{unit}：{reason}'],
    en: ['A change on the road was approved; the dispatcher confirms it {number}', '{unit}: {reason}'],
  },
  'order.changeRefuse': {
    zh: ['途中变更未获同意，请按原计划 {number}', '{reason}'],
    en: ['The change was refused; keep to the plan {number}', '{reason}'],
  },
  'order.roadChange': {
    zh: ['行程已变更 {number}', '{plate}，前往{to}，{until} 返回'],
    en: ['The trip was changed {number}', '{plate}, to {to}, back {until}'],
  },
  'order.rate': { zh: ['收到行程评价 {number}', trip], en: ['A trip was rated {number}', tripEn] },
  'order.accept': { zh: ['驾驶员已接单 {number}', trip], en: ['The driver accepted {number}', tripEn] },
  'order.decline': {
    zh: ['驾驶员不接单，请改派 {number}', '{reason}'],
    en: ['The driver declined: give it to another {number}', '{reason}'],
  },
  'order.lapse': { zh: ['超时未接单，请改派 {number}', trip], en: ['Not accepted in time: give it to another {number}', tripEn] },
  'order.release': {
    zh: ['逾期未出车，车辆和驾驶员已释放 {number}', trip],
    en: ['Not driven off in time; vehicle and driver are free again {number}', tripEn],
  },
  'order.expire': {
    zh: ['至行程结束未出车，派车单自动关闭 {number}', trip],
    en: ['Not driven until its end: the order was closed {number}', tripEn],
  },
  'order.reach': { zh: ['车辆已到达，请乘车 {number}', '{plate}，前往{to}'], en: ['The vehicle is there {number}', '{plate}, to {to}'] },
  'order.noShow': {
    zh: ['司机已到上车点，未见乘客 {number}', `{plate}，${trip}`],
    en: ['The driver waits, and nobody came {number}', `{plate}, ${tripEn}`],
  },
  'order.depart': { zh: ['车辆已出车 {number}', `{plate}，前往{to}`], en: ['The vehicle has departed {number}', '{plate}, to {to}'] },
  'order.comeBack': { zh: ['已收车，请确认行程 {number}', trip], en: ['The vehicle is back; please confirm the trip {number}', tripEn] },
  'order.confirm': { zh: ['行程已确认，请登记费用 {number}', trip], en: ['The trip was confirmed; enter its costs {number}', tripEn] },
  'order.confirmByTime': { zh: ['行程已到期自动确认 {number}', trip], en: ['The trip was confirmed by time {number}', tripEn] },
  'order.settle': { zh: ['有结算待审核 {number}', trip], en: ['Costs await your approval {number}', tripEn] },
  'ride.ask': {
    zh: ['有同路人希望拼车，请答复', '您 {time} 前往{to}的行程'],
    en: ['Others go your way: will you share?', 'Your trip at {time} to {to}'],
  },
  'ride.join': { zh: ['拼车已成行', '您 {time} 前往{to}的行程'], en: ['The ride is shared', 'Your trip at {time} to {to}'] },
  'ride.refuse': { zh: ['拼车未获同意', trip], en: ['Sharing was declined', tripEn] },
  'ride.lapse': { zh: ['拼车征求意见超时，未成行', trip], en: ['Sharing was not answered in time', tripEn] },
  'ride.leave': {
    zh: ['拼车有人退出，请查看行程', '您 {time} 前往{to}的行程'],
    en: ['Somebody left the shared ride; look at your trip', 'Your trip at {time} to {to}'],
  },
  'ride.stops': { zh: ['拼车停靠点有变化 {number}', trip], en: ['The stops of the shared trip have changed {number}', tripEn] },
  'filing.remind': {
    zh: ['统计填报请按时办理', '{unit} {to}，截止 {time}'],
    en: ['A filing of statistics is to be filled', '{unit} {to}, due {time}'],
  },
  'filing.fill': { zh: ['统计填报待审核', '{unit} {to}'], en: ['A filing awaits your review', '{unit} {to}'] },
  'filing.review': { zh: ['统计填报已审核，待上报', '{unit} {to}'], en: ['A filing was reviewed and awaits submission', '{unit} {to}'] },
  'filing.giveBack': { zh: ['统计填报被退回修改', '{unit} {to}，{reason}'], en: ['A filing was given back', '{unit} {to}, {reason}'] },
  'filing.submit': { zh: ['下级统计填报已上报', '{unit} {to}'], en: ['A filing was submitted to you', '{unit} {to}'] },
  'filing.sendBack': {
    zh: ['统计填报被上级退回', '{unit} {to}，{reason}'],
    en: ['A filing was sent back from above', '{unit} {to}, {reason}'],
  },
  'report.ready': { zh: ['定期报告“{to}”已送达', '{unit}，{time}'], en: ['A report has come: {to}', '{unit}, {time}'] },
  'webhook.off': {
    zh: ['外部接口“{to}”因长期无法送达已停用', '{reason}'],
    en: ['The webhook “{to}” took nothing for days and was switched off', '{reason}'],
  },
  'order.giveBack': { zh: ['结算被退回 {number}', '{reason}'], en: ['Costs were sent back {number}', '{reason}'] },
}

/** What is kept of an event, and what is found when somebody reads it. */
export type Told = {
  kind: EventKind
  number: string | null
  unit: string
  to: string
  startsAt: string
  endsAt: string
  reason: string
  /** null: there is none yet, or it is a sensitive one that the reader does not see. */
  plate: string | null
}

/** 03-02 12:00, in the region. */
const clockOf = (instant: string): string => new Date(Date.parse(instant) + ZONE_OFFSET_MS).toISOString().slice(5, 16).replace('T', ' ')

export function sayNotification(told: Told, locale: 'zh-CN' | 'en'): { title: string; text: string } {
  const values: Record<string, string> = {
    number: told.number ?? '',
    unit: told.unit,
    to: told.to,
    time: clockOf(told.startsAt),
    until: clockOf(told.endsAt),
    reason: told.reason,
    rule: wordOf('rule', told.to, locale) ?? told.to,
    plate: told.plate === null ? '' : plateAsPrinted(told.plate),
  }
  const fill = (text: string) =>
    text
      .replace(/\{(\w+)\}/g, (_slot, name: string) => values[name]!)
      // What has no value takes its comma with it.
      .replace(/^(，|, )+/, '')
      .trim()
  const [title, text] = words[told.kind][locale === 'en' ? 'en' : 'zh']
  return { title: fill(title), text: fill(text) }
}
