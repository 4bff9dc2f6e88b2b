// Refusals in plain words: why, with the figures, in both languages. A refusal carries its reason and values; the web says the sentence.
import { type ErrorCode, Refusal } from './errors.ts'

type Sentence = readonly [zh: string, en: string]

const refusalSentences = {
  'plate.form': ['“{{plate}}”不是本区号牌，应为“蒙”加盟市字母和 5 至 6 位序号', '“{{plate}}” is no number plate of this region'],
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
  'state.disposed': ['车辆已处置，档案不再修改', 'The vehicle is disposed of; its file is closed'],
  'flow.not': ['流程当前状态不允许此操作', 'The flow is in a state that does not permit this'],
  'flow.open': ['该车有正在办理的流程，请先办结', 'Another flow of this vehicle is open; finish it first'],
  'flow.samePerson': ['申请与审批须由不同人员办理', 'This step must be taken by another person'],
  'flow.sameUnit': ['调出单位与调入单位相同', 'The receiving unit is the same unit'],
  'flow.data': ['请填写“{{field}}”', '“{{field}}” is needed for this step'],
  'terminal.unknown': ['终端“{{terminal}}”未登记', 'The terminal “{{terminal}}” is not registered'],
  'terminal.taken': [
    '终端“{{terminal}}”已绑定另一辆车，请先解绑',
    'The terminal “{{terminal}}” is bound to another vehicle; unbind it first',
  ],
  'quota.full': [
    '“{{unit}}”该类编制 {{seats}} 个，在用 {{inService}} 辆，已无空编',
    '{{unit}} has {{seats}} seats of this category and {{inService}} vehicles in service: none is vacant',
  ],
  'quota.belowInService': [
    '在用 {{inService}} 辆，编制不能低于此数',
    '{{inService}} vehicles are in service; a quota may not be below that',
  ],
  'quota.past': ['生效日期不能早于今天', 'A quota cannot take effect before today'],
  'quota.sameDay': ['该日期已有批准的编制', 'A quota of that day is approved already'],
  'quota.open': ['该单位该类别已有未办结的编制申请', 'An application for this unit and category is open already'],
  'quota.leased': ['租赁平台服务用车不占编制', 'Leased vehicles are not subject to quota'],
  'quota.not': ['编制申请当前状态不允许此操作', 'The application is in a state that does not permit this'],
  'standard.over': ['超出配备标准：{{what}} {{value}}，上限 {{limit}}', 'Beyond the standard: {{what}} {{value}}, the limit is {{limit}}'],
  'organisation.cycle': ['不能把机构移到自身或其下级之下', 'An organisation cannot be moved under itself or what is below it'],
  'organisation.root': ['您所在权限范围的顶级机构不能移动、合并或撤销', 'The top of your own scope cannot be moved, merged or closed'],
  'organisation.tier': ['“{{name}}”之下不能设此类机构', 'This kind of organisation cannot stand under “{{name}}”'],
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
  'unmask.self': ['不得审批本人的申请', 'Nobody decides the own request'],
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

/** The sentence with its places filled; undefined for a reason that is not ours. */
export function refusalSentence(reason: string, values: RefusalValues = {}, locale: 'zh-CN' | 'en' = 'en'): string | undefined {
  const sentence: Sentence | undefined = (refusalSentences as Record<string, Sentence>)[reason]
  return sentence?.[locale === 'en' ? 1 : 0].replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name] ?? ''))
}

/** A refusal for `path` (as in a schema's issue: `body.plate`) that says why. */
export function refusal(code: ErrorCode, path: string, reason: RefusalReason, values: RefusalValues = {}): Refusal {
  const message = refusalSentence(reason, values)!
  return new Refusal(code, message, [{ path, message, reason, values }])
}
