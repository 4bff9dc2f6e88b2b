// Refusals in plain words: why, with the figures, in both languages. A refusal carries its reason and values; the web says the sentence.
import { ZONE_OFFSET_MS } from '../domain/days.ts'
import { fieldWordOf } from '../domain/fieldWords.ts'
import { wordOf } from '../domain/words.ts'
import { type ErrorCode, Refusal } from './errors.ts'

type Sentence = readonly [zh: string, en: string]

/** What findPlateProblem (vehicle.ts) lets in, by example. */
const platesKept = {
  zh: '可登记：普通号牌 蒙A·12345（五位序号，字母至多两个，不用 I、O）；新能源号牌 蒙A·D12345、蒙A·DA1234、大型 蒙A·12345D（能源字母 A–H、J、K）；警用号牌 蒙A·1234警；应急救援号牌 蒙X·1234应急、蒙S·1234应急',
  en: 'kept are ordinary plates such as 蒙A·12345 (five places, at most two letters, no I or O), new-energy plates such as 蒙A·D12345, 蒙A·DA1234 and, large, 蒙A·12345D (letter of energy A–H, J or K), police plates such as 蒙A·1234警, and rescue plates such as 蒙X·1234应急 and 蒙S·1234应急',
}

const refusalSentences = {
  'text.hidden': [
    '文字中有看不见的字符 {{character}}（零宽、控制或改变书写方向的字符），请删除后重填',
    'The text holds a character that nobody sees, {{character}} (without width, a control, or one that turns the direction); take it out',
  ],
  'plate.form': [`“{{plate}}”不符合号牌格式；${platesKept.zh}`, `“{{plate}}” does not have the form of a number plate; ${platesKept.en}`],
  'plate.kind': [
    `“{{plate}}”不在本台账登记：教练、挂车、使领馆、港澳入出境、试验、临时及军队武警号牌的车辆不属公务用车台账；${platesKept.zh}`,
    `“{{plate}}” is of a kind that is not kept here: driving schools, trailers, embassies, cross-border, trials, temporary, armed forces and armed police; ${platesKept.en}`,
  ],
  'plate.province': [`“{{plate}}”不是本区号牌；${platesKept.zh}`, `“{{plate}}” is a plate of another province; ${platesKept.en}`],
  'plate.colour': ['号牌“{{plate}}”与所选颜色不符', 'The plate “{{plate}}” does not go with the chosen colour'],
  'plate.taken': ['号牌“{{plate}}”已登记在另一辆车上', 'The plate “{{plate}}” is already on another vehicle'],
  'vin.form': ['车架号应为 17 位字母和数字，不含 I、O、Q', 'A VIN has 17 letters and digits, without I, O and Q'],
  'vin.check': ['车架号第 9 位校验码不符，应为“{{digit}}”，请核对', 'The check digit of the VIN should be “{{digit}}”; please compare'],
  'vin.taken': ['车架号已登记在另一辆车上', 'The VIN is already on another vehicle'],
  'sticker.taken': ['标识号“{{sticker}}”已用于另一辆车', 'The sticker “{{sticker}}” is already on another vehicle'],
  'dates.order': ['投入使用日期不能早于登记日期', 'A vehicle cannot be in service before it is registered'],
  'displacement.electric': ['纯电动车没有排量', 'An electric vehicle has no displacement'],
  'class.category': ['车辆类别与编制类别不符', 'Class and category do not go together'],
  'unit.kind': ['“{{name}}”是行政区划，车辆应登记到单位', '“{{name}}” is a place of the tree; vehicles belong to units'],
  'unit.closed': ['“{{name}}”已撤销', '“{{name}}” is closed'],
  'place.unknown': ['停放地点不存在或不在权限范围内', 'The parking place does not exist or is out of scope'],
  'supplier.unknown': ['定点供应商不存在，或不提供该项服务', 'The supplier does not exist or does not offer this'],
  'field.approval': ['修改“{{field}}”须由主管部门办理', 'Changing “{{field}}” is for the bureau'],
  'state.not': ['车辆当前为“{{state}}”，不能进行此操作', 'The vehicle is {{state}}; this is not possible now'],
  'vehicle.promised': ['该车在此期间已有安排', 'The vehicle is promised for that time'],
  'state.disposed': ['车辆已处置，档案不再修改', 'The vehicle is disposed of; its file is closed'],
  'flow.not': ['流程当前状态不允许此操作', 'The flow is in a state that does not permit this'],
  'flow.open': ['该车有正在办理的流程，请先办结', 'Another flow of this vehicle is open; finish it first'],
  'flow.samePerson': ['申请与审批须由不同人员办理', 'This step must be taken by another person'],
  'flow.sameUnit': ['调出单位与调入单位相同', 'The receiving unit is the same unit'],
  'flow.data': ['请填写“{{field}}”', '“{{field}}” is needed for this step'],
  'terminal.unavailable': [
    '没有可供安装的终端“{{terminal}}”：未登记、已装在车辆上，或属于您管理范围以外的单位',
    'There is no terminal “{{terminal}}” to fit: it is not registered, is in a vehicle, or belongs to a unit outside of your scope',
  ],
  'terminal.twice': ['终端编号“{{terminal}}”与第 {{n}} 项重复', 'The number “{{terminal}}” is that of item {{n}} too'],
  'terminal.taken': [
    '编号“{{terminal}}”已被使用（终端、网关或系统服务；不区分大小写），请核对设备铭牌或换一个编号',
    'The number “{{terminal}}” is in use already, in these or other capitals (by a terminal, a gateway or a service); compare the label of the device, or take another',
  ],
  'terminal.askedTooOften': [
    '文件中属于他人的编号过多，预检已停止：每个账号每天最多提示 {{most}} 个。请核对文件，明天再试',
    'Too many numbers of this file are not yours, so it was not judged: an account is told of {{most}} a day. Check the file and try again tomorrow',
  ],
  'terminal.vehicleTwice': [
    '该车与第 {{n}} 项的车辆重复，一车只能装一台终端',
    'The vehicle is that of item {{n}} too; a vehicle has one terminal',
  ],
  'terminal.unknown': ['没有这台终端，或不在您的权限范围内', 'There is no such terminal in your scope'],
  'terminal.inVehicle': [
    '终端已装在车辆上，归车辆的使用单位；请先拆下再改所属单位',
    'In a vehicle a terminal is its unit’s; take it off before giving it to another',
  ],
  'terminal.revoked': ['终端已停用；重新签发密钥后才能装车', 'The terminal is out of service; issue a new secret before it is fitted'],
  'terminal.many': [
    '符合条件的终端有 {{n}} 台，一次最多签发 {{max}} 台；请缩小范围',
    '{{n}} terminals match and at most {{max}} are issued at once; narrow them down',
  ],
  'terminal.noneFound': ['没有符合条件的终端', 'No terminal matches'],
  'terminal.sinceFuture': ['装卸时间不能晚于现在', 'It cannot be fitted or taken off later than now'],
  'terminal.sinceChanged': [
    '该时间之前终端或车辆另有装卸，最早可填 {{earliest}}',
    'The terminal or the vehicle was bound otherwise until then; the earliest that can be entered is {{earliest}}',
  ],
  'terminal.sinceStored': [
    '该时间之后已有定位入库，改变归属会与之不符，最早可填 {{earliest}}',
    'Positions after that are stored and would belong elsewhere; the earliest that can be entered is {{earliest}}',
  ],
  'terminal.sinceHolds': [
    '该时间之前已有这次安装的定位入库，最晚可填 {{latest}}',
    'Positions of this binding are stored from before that; the latest that can be entered is {{latest}}',
  ],
  'terminal.replaced': [
    '该车现装的终端与所填的（replaces）不符；请核对车上现装的终端后再提交',
    'What the vehicle has now is not what was named as swapped out (replaces); look what is in the vehicle, then fit again',
  ],
  'terminal.inNone': [
    '终端未装在车辆上，没有可改正的装上时间',
    'The terminal is in no vehicle, so there is no moment of fitting to put right',
  ],
  'quarantine.foreign': [
    '该消息冒用了另一台终端的上报主题，不能重新入库',
    'This message came in the name of another terminal and is not put through again',
  ],
  'terminal.vehicleUnknown': ['车辆不存在或不在权限范围内', 'The vehicle does not exist or is out of scope'],
  'terminal.boundOtherwise': [
    '此时终端或车辆的装卸记录与之重叠，请刷新后重试',
    'The terminal or the vehicle is bound otherwise at that time; reload and try again',
  ],
  'quota.full': [
    '“{{unit}}”该类编制 {{seats}} 个，在用 {{inService}} 辆，已无空编；可在“编制”页申请增编，或先办理在用车辆的划转、处置',
    '{{unit}} has {{seats}} seats of this category and {{inService}} vehicles in service: none is vacant. Apply for a seat on the page Quota, or transfer or dispose of a vehicle first',
  ],
  'quota.belowInService': [
    '在用 {{inService}} 辆，编制不能低于此数',
    '{{inService}} vehicles are in service; a quota may not be below that',
  ],
  'quota.past': ['生效日期不能早于今天', 'A quota cannot take effect before today'],
  'quota.inForce': [
    '已核定且仍有效的编制数不能用导入更改，请写明新的生效日期并由另一人审批',
    'Seats that are in force, or will be, are not changed by a file: give another day on which they take effect, and another person approves them',
  ],
  'quota.sameDay': ['该日期已有批准的编制', 'A quota of that day is approved already'],
  'quota.open': ['该单位该类别已有未办结的编制申请', 'An application for this unit and category is open already'],
  'quota.leased': ['租赁平台服务用车不占编制', 'Leased vehicles are not subject to quota'],
  'quota.not': ['编制申请当前状态不允许此操作', 'The application is in a state that does not permit this'],
  'standard.over': ['超出配备标准：{{what}} {{value}}，上限 {{limit}}', 'Beyond the standard: {{what}} {{value}}, the limit is {{limit}}'],
  'organisation.cycle': ['不能把机构移到自身或其下级之下', 'An organisation cannot be moved under itself or what is below it'],
  'organisation.root': ['您所在权限范围的顶级机构不能移动、合并或撤销', 'The top of your own scope cannot be moved, merged or closed'],
  'organisation.tier': ['“{{name}}”之下不能设此类机构', 'This kind of organisation cannot stand under “{{name}}”'],
  'organisation.unitCode': [
    '单位的行政区划代码随其所在的盟市或旗县，不能单独修改',
    'A unit has the division code of the league or banner that it stands under; change it there',
  ],
  'organisation.name': ['同一上级下已有同名机构', 'There is an organisation of that name under the same parent'],
  'organisation.mergeKind': ['只有单位可以合并，且须并入另一单位', 'Only units can be merged, and into another unit'],
  'organisation.mergePending': [
    '有未办结的编制申请或车辆流程，请先办结再合并',
    'Quota applications or flows are open; finish them before merging',
  ],
  'organisation.inUse': [
    '仍有车辆 {{vehicles}} 辆、驾驶员 {{drivers}} 人、账号 {{accounts}} 个、下级机构 {{children}} 个，不能撤销',
    'It still has {{vehicles}} vehicles, {{drivers}} drivers, {{accounts}} accounts and {{children}} organisations below; it cannot be closed',
  ],
  'compound.scope': ['办公区或车队不属于该单位的上级', 'The compound or pool is not of an organisation above this unit'],
  'name.taken': ['名称已被使用', 'The name is taken'],
  'value.taken': ['与已登记的内容重复', 'The same is registered already'],
  'days.overlap': ['与已登记的时间重叠', 'It overlaps what is registered already'],
  'reference.gone': ['所选内容已不存在，或仍被使用', 'What was chosen is no longer there, or is still in use'],
  'standard.known': ['该日期起的同类标准已登记', 'A standard of this kind from that day is registered already'],
  'terminal.vehicleHas': ['该车已绑定另一台终端，请先解绑', 'The vehicle has a terminal already; unbind it first'],
  'account.nameTaken': ['用户名“{{username}}”已被使用', 'The user name “{{username}}” is taken'],
  'account.driverTaken': ['该驾驶员已关联另一个账号', 'The driver is tied to another account'],
  'account.disabled': ['账号已停用', 'The account is disabled'],
  'account.notDisabled': ['账号并未停用', 'The account is not disabled'],
  'account.noRole': ['账号没有角色，也没有待批的角色', 'The account has no role, and none is asked for'],
  'account.oidcTaken': ['该账号已绑定另一个统一身份', 'The account is bound to another identity already'],
  'signIn.step': ['当前登录步骤不是这一步，请刷新页面', 'The sign-in is at another step; reload the page'],
  'enrolment.notBegun': ['请先开始绑定动态口令', 'Begin the enrolment first'],
  'password.changed': ['密码刚刚被修改过，请重新登录后再试', 'The password has just been changed; sign in again and retry'],
  'notice.notDue': ['须确认的是另一份告知书，请刷新后阅读', 'Another notice is to be read; reload and read that one'],
  'token.notPermitted': [
    '令牌已被领取、已逾期或已撤销，请由安全管理员重新许可',
    'The secret was collected before, or the time for it is over; ask for a new permission',
  ],
  'token.notValid': ['令牌尚未领取或已失效', 'The token has not been collected yet, or has ended'],
  'token.revoked': ['令牌已吊销', 'The token is revoked already'],
  'audit.verifying': ['核验正在进行，请等它结束', 'A verification is running; wait until it has ended'],
  'file.type': ['只接受 JPEG、PNG、WebP 图片和 PDF 文件', 'Only JPEG, PNG and WebP pictures and PDF documents are taken'],
  'file.many': ['每辆车最多保存 {{max}} 个文件', 'A vehicle holds at most {{max}} files'],
  'bulk.refused': ['有 {{n}} 辆车不能修改，未作任何更改', '{{n}} vehicles cannot be changed; nothing was changed'],
  'bulk.many': [
    '一次最多批量修改 {{max}} 辆，现为 {{n}} 辆；请缩小范围',
    'At most {{max}} vehicles at once, and these are {{n}}; narrow them down',
  ],
  'bulk.changed': ['预览之后有车辆已被他人修改，请重新预览', 'A vehicle was changed since the preview; look at it again'],
  'dates.until': ['截止日期不能早于起始日期', 'The last day is before the first'],
  'version.changed': ['数据已被他人修改，请刷新后重试', 'Someone else has changed this; reload and try again'],
  'driver.licenceParts': ['驾驶证号、准驾车型和有效期须同时填写', 'Licence number, class and expiry go together'],
  'driver.licenceTaken': ['该驾驶证号已登记在另一名驾驶员名下', 'A driver with this licence number is registered already'],
  'driver.vehicleTaken': ['该车已是另一名驾驶员的常用车', 'The vehicle is the usual vehicle of another driver'],
  'driver.vehicleUnknown': ['车辆不存在或不在权限范围内', 'The vehicle does not exist or is out of scope'],
  'driver.unitUnknown': ['单位不存在或不在权限范围内', 'The unit does not exist or is out of scope'],
  'driver.sameUnit': ['驾驶员已在该单位', 'The driver is of that unit already'],
  'driver.state': ['驾驶员当前状态不允许此操作', 'The driver is in a state that does not permit this'],
  'driver.promised': ['该驾驶员在此期间已有安排', 'The driver is promised for that time'],
  'driver.loanTarget': ['请选择借调到的单位或车队，二者选一', 'Choose the unit or the motor pool to lend to, one of the two'],
  'driver.loanOverlap': ['与已有的借调时间重叠', 'It overlaps another loan'],
  'driver.leaveOverlap': ['与已登记的请假时间重叠', 'It overlaps leave that is entered already'],
  'days.many': ['一次最多查看 {{max}} 天', 'At most {{max}} days at a time'],
  'window.order': ['结束时间须晚于开始时间，且不超过 {{days}} 天', 'The end must be after the start, at most {{days}} days later'],
  'place.sensitive': ['敏感场所须选择类型，其他场所不填', 'A sensitive place has a kind; others have none'],
  'place.shape.too_few': ['区域至少要有三个顶点', 'An area has at least three corners'],
  'place.shape.too_many': ['区域最多 500 个顶点', 'An area has at most 500 corners'],
  'place.shape.not_closed': ['区域没有闭合：最后一点须与第一点相同', 'The area is not closed: its last point must be its first'],
  'place.shape.repeated': ['区域有重复的顶点', 'The area has a corner twice'],
  'place.shape.crosses_itself': ['区域边界自相交', 'The border of the area crosses itself'],
  'place.shape.too_small': ['区域面积过小', 'The area is too small'],
  'place.shape.too_large': ['区域范围过大', 'The area is too large'],
  'place.shape.outside_region': [
    '位置不在本区附近，请检查经纬度是否颠倒',
    'This is far outside the region; are longitude and latitude swapped?',
  ],
  'supplier.place': ['场所不存在或不在权限范围内', 'The place does not exist or is out of scope'],
  'supplier.noFuel': ['该供应商未被指定提供加油服务，或指定已到期', 'The supplier is not designated for fuel, or no longer'],
  'card.taken': ['该卡号已登记', 'A card with this number is registered already'],
  'card.elsewhere': [
    '该卡已绑定另一辆车，请先解绑（一车一卡）',
    'The card is bound to another vehicle; unbind it first (one card, one vehicle)',
  ],
  'card.vehicleHas': ['该车已绑定另一张加油卡（一车一卡）', 'The vehicle has a fuel card already (one card, one vehicle)'],
  'card.vehicleEnergy': ['纯电动车不能绑定加油卡', 'An electric vehicle takes no fuel card'],
  'card.state': ['加油卡当前状态不允许此操作', 'The card is in a state that does not permit this'],
  'card.cancelledVehicle': ['注销加油卡前请先解绑车辆', 'Unbind the vehicle before cancelling the card'],
  'card.limits': ['日限额不能高于月限额', 'A day’s limit cannot be above the month’s'],
  'calendar.regionOnly': ['全区日历只能由自治区级管理员维护', 'The calendar of the whole region is for its own administrator'],
  'jobs.regionOnly': [
    '待办任务属于整个系统，只能由自治区级账号查看和办理',
    'Owed work is the whole system’s: it is seen and acted on from accounts of the region',
  ],
  'job.notGivenUp': [
    '该任务并未停止重试，系统会自动再次执行；只有已停止重试的任务需要人工重新执行',
    'This job was not given up: it is tried again by itself. Only jobs that were given up are put in again by hand',
  ],
  'policy.regionOnly': [
    '安全策略和告知书对全区生效，只能由自治区级安全管理员办理',
    'Policy and notice hold for the whole region and are for its own security administrator',
  ],
  'calendar.makeupWeekday': ['调休上班只用于周六、周日', 'A worked weekend must be a Saturday or Sunday'],
  'calendar.name': ['请填写名称', 'Give it a name'],
  'calendar.known': ['该年度安排已录入', 'The notice of that year is entered already'],
  'naming.account': ['没有这个账号，或其角色、范围看不到该车', 'There is no such account, or its role or scope does not reach the vehicle'],
  'naming.self': ['不能为本人登记，须由另一名管理员办理', 'Nobody names himself; another administrator must do it'],
  'naming.known': ['该账号已在名册上', 'The account is on the register already'],
  'naming.until': ['截止时间须晚于现在', 'The end must lie ahead'],
  'naming.ended': ['该登记已经终止', 'The naming has ended already'],
  'unmask.hours': ['本地规定最长 {{max}} 小时', 'At most {{max}} hours are permitted here'],
  'unmask.pending': ['同一车辆的申请正在等待审批', 'A request for this vehicle is waiting already'],
  'unmask.self': ['不得审批本人的申请', 'Nobody decides a request of their own'],
  'unmask.state': ['申请当前状态不允许此操作', 'The request is in a state that does not permit this'],
  'unmask.notSecret': [
    '该车不是涉密车辆，无需解密；请不予批准并说明',
    'The vehicle is not sensitive and needs no unmasking; refuse and say so',
  ],
  'unmask.none': ['您的管辖范围内没有这样的车辆，请不予批准', 'There is no such vehicle in your scope; refuse'],
  'unmask.outOfReach': [
    '该车不在申请人的管辖范围内，批准也看不到；请不予批准',
    'It is out of the applicant’s scope and would stay out of sight; refuse',
  ],
  'secrecy.dayPast': ['规定只能自今日或以后生效', 'A policy begins today or later'],
  'import.busy': [
    '本级或上下级范围内正有一个导入在进行，请等它结束',
    'Another import is at work in this scope, above or below it; wait until it has ended',
  ],
  'import.changed': [
    '台账在检查之后有变化，未写入任何数据；请重新上传检查',
    'The ledger has changed since the check and nothing was written; upload the file again',
  ],
  'import.notChecked': ['该文件有错误或已导入，不能提交', 'The file has problems or was imported already'],
} as const satisfies Record<string, Sentence>

export type RefusalReason = keyof typeof refusalSentences
export type RefusalValues = Record<string, string | number>

type Locale = 'zh-CN' | 'en'
/** By the clock on the wall of the region. */
const wallClockOf = (instant: string): string => new Date(Date.parse(instant) + ZONE_OFFSET_MS).toISOString().slice(0, 19).replace('T', ' ')
/** Values that are no words but names of a state or a field: the sentence says the word that pages say. */
const sayValue: Record<string, (value: string, locale: Locale) => string | undefined> = {
  state: (value, locale) => wordOf('vehicleState', value, locale),
  field: fieldWordOf,
  what: fieldWordOf,
  earliest: wallClockOf,
  latest: wallClockOf,
}
function valueIn(name: string, value: string | number | undefined, locale: Locale): string {
  const said = typeof value === 'string' && Object.hasOwn(sayValue, name) ? sayValue[name]!(value, locale) : undefined
  return said ?? String(value ?? '')
}

/** The sentence with its places filled; undefined for a reason that is not ours. */
export function refusalSentence(reason: string, values: RefusalValues = {}, locale: 'zh-CN' | 'en' = 'en'): string | undefined {
  const sentence: Sentence | undefined = (refusalSentences as Record<string, Sentence>)[reason]
  return sentence?.[locale === 'en' ? 1 : 0].replace(/\{\{(\w+)\}\}/g, (_, name: string) => valueIn(name, values[name], locale))
}

/** Somebody was faster: the version that was seen is no longer the one that is there. */
export const changedMeanwhile = (path = 'body.version', reason: RefusalReason = 'version.changed'): Refusal =>
  refusal('CHANGED_MEANWHILE', path, reason)

/** A refusal for `path` (as in a schema's issue: `body.plate`) that says why. */
export function refusal(code: ErrorCode, path: string, reason: RefusalReason, values: RefusalValues = {}): Refusal {
  const message = refusalSentence(reason, values)!
  return new Refusal(code, message, [{ path, message, reason, values }])
}
