// Refusals in plain words: why, with the figures, in both languages. A refusal carries its reason and values; the web says the sentence.
import { ZONE_OFFSET_MS } from '../domain/days.ts'
import { fieldWordOf } from '../domain/fieldWords.ts'
import { wordOf } from '../domain/words.ts'
import { type ErrorCode, Refusal } from './errors.ts'

type Sentence = readonly [zh: string, en: string]

/** What findPlateProblem (vehicle.ts) lets in, by example. */
const platesKept = {
  zh: '可登记：普通号牌 蒙A·12345（五位序号，字母至多两个，不用 I、O）；新能源号牌 蒙A·D12345、蒙A·DA1234、大型 蒙A·12345D（能源字母 A–H、J、K）；警用号牌 蒙A·1234警；应急救援号牌 蒙X·1234应急、蒙S·1234应急',
  en: 'accepted are ordinary plates such as 蒙A·12345 (five characters, at most two letters, no I or O), new-energy plates such as 蒙A·D12345, 蒙A·DA1234 and, for large vehicles, 蒙A·12345D (energy letter A–H, J or K), police plates such as 蒙A·1234警, and emergency rescue plates such as 蒙X·1234应急 and 蒙S·1234应急',
}

const refusalSentences = {
  'text.hidden': [
    '文字中有看不见的字符 {{character}}（零宽、控制或改变书写方向的字符），请删除后重填',
    'The text contains an invisible character, {{character}} (zero-width, a control character or one that changes the writing direction); remove it',
  ],
  'plate.form': [`“{{plate}}”不符合号牌格式；${platesKept.zh}`, `“{{plate}}” is not in the form of a number plate; ${platesKept.en}`],
  'plate.kind': [
    `“{{plate}}”不在本台账登记：教练、挂车、使领馆、港澳入出境、试验、临时及军队武警号牌的车辆不属公务用车台账；${platesKept.zh}`,
    `“{{plate}}” is of a kind not registered here: driving school, trailer, embassy, cross-border, trial, temporary, armed forces and armed police plates; ${platesKept.en}`,
  ],
  'plate.province': [`“{{plate}}”不是本区号牌；${platesKept.zh}`, `“{{plate}}” is a plate of another province; ${platesKept.en}`],
  'plate.colour': ['号牌“{{plate}}”与所选颜色不符', 'The plate “{{plate}}” does not match the chosen colour'],
  'plate.taken': ['号牌“{{plate}}”已登记在另一辆车上', 'The plate “{{plate}}” is already on another vehicle'],
  'vin.form': ['车架号应为 17 位字母和数字，不含 I、O、Q', 'A VIN has 17 letters and digits, without I, O and Q'],
  'vin.check': ['车架号第 9 位校验码不符，应为“{{digit}}”，请核对', 'The check digit of the VIN should be “{{digit}}”; please check'],
  'vin.taken': ['车架号已登记在另一辆车上', 'The VIN is already on another vehicle'],
  'sticker.taken': ['标识号“{{sticker}}”已用于另一辆车', 'The sticker “{{sticker}}” is already on another vehicle'],
  'dates.order': ['投入使用日期不能早于登记日期', 'A vehicle cannot be in service before it is registered'],
  'displacement.electric': ['纯电动车没有排量', 'An electric vehicle has no displacement'],
  'class.category': ['车辆分类与编制类别不符', 'Class and category do not match'],
  'unit.kind': ['“{{name}}”是行政区划，车辆应登记到单位', '“{{name}}” is an administrative area; vehicles belong to units'],
  'unit.closed': ['“{{name}}”已撤销', '“{{name}}” is closed'],
  'place.unknown': ['停放地点不存在或不在管辖范围内', 'The parking place does not exist or is outside your scope'],
  'supplier.unknown': ['定点供应商不存在，或不提供该项服务', 'The supplier does not exist or does not offer this service'],
  'field.approval': ['修改“{{field}}”须由主管部门办理', 'Only the bureau can change “{{field}}”'],
  'state.not': ['车辆当前为“{{state}}”，不能进行此操作', 'The vehicle’s state is “{{state}}”; this is not possible now'],
  'vehicle.promised': ['该车在此期间已有安排', 'The vehicle is already booked for that time'],
  'vehicle.promisedTo': [
    '该车已安排给“{{holder}}”（{{bookedFrom}} 至 {{bookedUntil}}），请先改派或取消',
    'The vehicle is booked for “{{holder}}” ({{bookedFrom}} to {{bookedUntil}}); give that to another or cancel it first',
  ],
  'trip.expires': [
    '“{{field}}”为 {{day}}，早于用车结束日期；用车须于该日内结束，或另派',
    '“{{field}}” is {{day}}, which is before the trip ends; end the trip by then, or give another',
  ],
  'state.disposed': ['车辆已处置，档案不再修改', 'The vehicle has been disposed of; its file can no longer be changed'],
  'flow.not': ['该事项当前状态不允许此操作', 'Not possible in the current state of the procedure'],
  'flow.open': ['该车有未办结的办理事项，请先办结', 'Another procedure for this vehicle is open; complete it first'],
  'flow.samePerson': ['申请与审批须由不同人员办理', 'This step must be taken by another person'],
  'flow.sameUnit': ['调出单位与调入单位相同', 'The receiving unit is the unit that has it already'],
  'flow.data': ['请填写“{{field}}”', '“{{field}}” is required for this step'],
  'terminal.unavailable': [
    '没有可供安装的终端“{{terminal}}”：未登记、已装在车辆上，或属于您管理范围以外的单位',
    'There is no terminal “{{terminal}}” to fit: it is not registered, is in a vehicle, or belongs to a unit outside your scope',
  ],
  'terminal.twice': ['终端编号“{{terminal}}”与第 {{n}} 项重复', 'The number “{{terminal}}” duplicates item {{n}}'],
  'terminal.taken': [
    '编号“{{terminal}}”已被使用（终端、网关或系统服务；不区分大小写），请核对设备铭牌或换一个编号',
    'The number “{{terminal}}” is already in use, regardless of case (by a terminal, a gateway or a service); check the label on the device, or choose another',
  ],
  'terminal.askedTooOften': [
    '文件中属于他人的编号过多，预检已停止：每个账号每天最多提示 {{most}} 个。请核对文件，明天再试',
    'Too many numbers in this file belong to others, so the check was stopped: an account is told of at most {{most}} a day. Check the file and try again tomorrow',
  ],
  'terminal.vehicleTwice': [
    '该车与第 {{n}} 项的车辆重复，一车只能装一台终端',
    'The vehicle duplicates item {{n}}; a vehicle has one terminal',
  ],
  'terminal.unknown': ['没有这台终端，或不在您的管辖范围内', 'There is no such terminal in your scope'],
  'terminal.inVehicle': [
    '终端已装在车辆上，归车辆的使用单位；请先拆下再改所属单位',
    'A fitted terminal belongs to the vehicle’s unit; take it off first',
  ],
  'terminal.revoked': ['终端已停用；重新签发密钥后才能装车', 'The terminal is out of service; issue a new secret before fitting it'],
  'terminal.many': [
    '符合条件的终端有 {{n}} 台，一次最多签发 {{max}} 台；请缩小范围',
    '{{n}} terminals match, and at most {{max}} can be issued secrets at once; narrow the filter',
  ],
  'terminal.noneFound': ['没有符合条件的终端', 'No terminal matches'],
  'terminal.sinceFuture': ['装卸时间不能晚于现在', 'The time cannot be in the future'],
  'terminal.sinceChanged': [
    '该时间之前终端或车辆另有装卸，最早可填 {{earliest}}',
    'Until then the terminal was fitted elsewhere, or the vehicle had another; the earliest time that can be entered is {{earliest}}',
  ],
  'terminal.sinceStored': [
    '该时间之后已有定位点入库，改变归属会与之不符，最早可填 {{earliest}}',
    'Positions after that are already stored and would belong to another vehicle; the earliest time that can be entered is {{earliest}}',
  ],
  'terminal.sinceHolds': [
    '该时间之前已有本次安装的定位点入库，最晚可填 {{latest}}',
    'Positions from before that are already stored for this fitting; the latest time that can be entered is {{latest}}',
  ],
  'terminal.replaced': [
    '该车现装的终端与所填的换下终端不符；请核对车上现装的终端后再提交',
    'The vehicle’s present terminal is not the one named as replaced; check what is in the vehicle, then submit again',
  ],
  'terminal.inNone': ['终端未装在车辆上，没有可改正的装上时间', 'The terminal is in no vehicle, so there is no fitting time to correct'],
  'quarantine.foreign': [
    '该报文冒用了另一台终端的上报主题，不能重新处理',
    'This message was sent under another terminal’s name and cannot be reprocessed',
  ],
  'terminal.vehicleUnknown': ['车辆不存在或不在管辖范围内', 'The vehicle does not exist or is outside your scope'],
  'terminal.boundOtherwise': [
    '此时终端或车辆的装卸记录与之重叠，请刷新后重试',
    'At that time the terminal is fitted elsewhere, or the vehicle has another; reload and try again',
  ],
  'quota.full': [
    '“{{unit}}”该类编制 {{seats}} 个，在用 {{inService}} 辆，已无空编；可在“编制”页申请增编，或先办理在用车辆的划转、处置',
    '{{unit}} has {{seats}} seats of this category and {{inService}} vehicles in service: none is vacant. Apply for more on the Quota page, or first transfer or dispose of a vehicle',
  ],
  'quota.belowInService': ['在用 {{inService}} 辆，编制不能低于此数', '{{inService}} vehicles are in service; the quota cannot be lower'],
  'quota.past': ['生效日期不能早于今天', 'A quota cannot take effect before today'],
  'quota.inForce': [
    '已核定且仍有效的编制数不能用导入更改，请写明新的生效日期并由另一人审批',
    'A file cannot change an approved quota: give a new effective date, to be approved by another person',
  ],
  'quota.sameDay': ['该日期已有批准的编制', 'A quota from that day is already approved'],
  'quota.open': ['该单位该类别已有未办结的编制申请', 'An application for this unit and category is already open'],
  'quota.leased': ['租赁平台服务用车不占编制', 'Leased vehicles are not subject to quota'],
  'quota.not': ['编制申请当前状态不允许此操作', 'Not possible in the current state of the application'],
  'standard.over': ['超出配备标准：{{what}} {{value}}，上限 {{limit}}', 'Exceeds the standard: {{what}} {{value}}, limit {{limit}}'],
  'organisation.cycle': ['不能把机构移到自身或其下级之下', 'An organisation cannot be moved under itself or one of its subordinates'],
  'organisation.root': ['您管辖范围的顶级机构不能移动、合并或撤销', 'The top organisation of your scope cannot be moved, merged or closed'],
  'organisation.tier': ['“{{name}}”之下不能设此类机构', 'This kind of organisation cannot stand under “{{name}}”'],
  'organisation.unitCode': [
    '单位的行政区划代码随其所在的盟市或旗县，不能单独修改',
    'A unit takes the division code of the league or banner above it; change it there',
  ],
  'organisation.name': ['同一上级下已有同名机构', 'The parent already has an organisation of that name'],
  'organisation.mergeKind': ['只有单位可以合并，且须并入另一单位', 'Only units can be merged, and into another unit'],
  'organisation.mergePending': [
    '有未办结的编制申请或办理事项，请先办结再合并',
    'Quota applications or procedures are open; complete them before merging',
  ],
  'organisation.closePending': [
    '有未办结的编制申请或办理事项，请先办结再撤销',
    'Quota applications or procedures are open; complete them before closing',
  ],
  'organisation.inUse': [
    '仍有车辆 {{vehicles}} 辆、驾驶员 {{drivers}} 人、账号 {{accounts}} 个、下级机构 {{children}} 个，不能撤销',
    'It still has {{vehicles}} vehicles, {{drivers}} drivers, {{accounts}} accounts and {{children}} subordinate organisations; it cannot be closed',
  ],
  'compound.scope': ['集中办公区或车队不属于该单位的上级', 'The compound or pool does not belong to an organisation above this unit'],
  'name.taken': ['名称已被使用', 'The name is already in use'],
  'value.taken': ['与已登记的内容重复', 'This is already registered'],
  'days.overlap': ['与已登记的时间重叠', 'It overlaps a period that is already registered'],
  'reference.gone': ['所选内容已不存在，或仍被使用', 'What was chosen is no longer there, or is still in use'],
  'standard.known': ['该日期起的同类标准已登记', 'A standard of this kind from that day is already registered'],
  'terminal.vehicleHas': ['该车已装有另一台终端，请先拆下', 'The vehicle already has a terminal; take it off first'],
  'account.nameTaken': ['用户名“{{username}}”已被使用', 'The user name “{{username}}” is already in use'],
  'account.disabled': ['账号已停用', 'The account is disabled'],
  'account.notDisabled': ['账号并未停用', 'The account is not disabled'],
  'account.noRole': ['账号没有角色，也没有待批的角色', 'The account has no role, and none has been requested'],
  'account.oidcTaken': ['该账号已关联另一个统一身份', 'The account is already linked to another identity'],
  'signIn.step': ['当前登录步骤不是这一步，请刷新页面', 'The sign-in is at another step; reload the page'],
  'enrolment.notBegun': ['请先开始绑定动态口令', 'Start the enrolment first'],
  'password.changed': ['密码刚刚被修改过，请重新登录后再试', 'The password has just been changed; sign in again and retry'],
  'notice.notDue': ['须阅知的是另一份告知书，请刷新后阅读', 'Another notice is due; reload and read that one'],
  'token.notPermitted': [
    '令牌已被领取、已逾期或已吊销，请由安全管理员重新许可',
    'The secret has been collected, has lapsed or was revoked; ask for a new permission',
  ],
  'token.notValid': ['令牌尚未领取或已失效', 'The token has not been collected yet, or is no longer valid'],
  'token.revoked': ['令牌已吊销', 'The token is already revoked'],
  'audit.verifying': ['核验正在进行，请等它结束', 'A verification is already running; wait for it to finish'],
  'file.type': ['只接受 JPEG、PNG、WebP 图片和 PDF 文件', 'Only JPEG, PNG and WebP pictures and PDF documents are accepted'],
  'file.many': ['每辆车最多保存 {{max}} 个文件', 'A vehicle can have at most {{max}} files'],
  'bulk.refused': ['有 {{n}} 辆车不能修改，未作任何更改', '{{n}} vehicles cannot be changed; nothing was changed'],
  'bulk.many': [
    '一次最多批量修改 {{max}} 辆，现为 {{n}} 辆；请缩小范围',
    'At most {{max}} vehicles can be changed at once, and these are {{n}}; narrow the filter',
  ],
  'bulk.changed': ['预览之后有车辆已被他人修改，请重新预览', 'A vehicle has been changed since the preview; preview again'],
  'dates.until': ['截止日期不能早于起始日期', 'The last day is before the first'],
  'statistics.period': [
    '须为 2000 年以后的年、月或日，如 2026、2026-11、2026-11-30',
    'A year, a month or a day from 2000 on, such as 2026, 2026-11 or 2026-11-30',
  ],
  'statistics.future': ['统计期尚未开始，今天是 {{today}}', 'The period has not begun; today is {{today}}'],
  'statistics.by': [
    '至多按 {{most}} 个不同维度分组，本表可选：{{known}}',
    'At most {{most}} different dimensions; this table has {{known}}',
  ],
  'statistics.keys': ['行键须为 {{n}} 个值的 JSON 数组', 'The keys of a row are a JSON array of {{n}} values'],
  'statistics.measure': ['本表的指标为：{{known}}', 'This table has the measures {{known}}'],
  'bulk.months': ['起止月份须先后有序，且一次至多 {{most}} 个月', 'From a month to the same or a later one, at most {{most}} at once'],
  'bulk.future': ['{{month}} 尚未开始', '{{month}} has not begun'],
  'board.year': ['年度须在 {{first}} 到 {{last}} 之间', 'The year is between {{first}} and {{last}}'],
  'letter.month': ['监督月报按月，自 2000 年 1 月起，如 2026-11', 'A letter is of a month from 2000-01 on, such as 2026-11'],
  'letter.notOver': ['该月到 {{day}} 结束，之后方可制发', 'The month ends on {{day}}; a letter is made after that'],
  'letter.stands': ['该单位该月的监督月报已制发', 'The letter of that organisation and month has been made'],
  'report.onDay': ['发送日须在 {{least}} 到 {{most}} 之间', 'The day is between {{least}} and {{most}}'],
  'report.format': ['监督月报为 PDF，其他报告为 Excel 或 CSV', 'A letter is a PDF, any other report Excel or CSV'],
  'report.letterFilter': ['监督月报的条件只有单位', 'A letter is asked for by its organisation alone'],
  'report.noWay': ['每位收件人至少选择一种送达方式', 'Each reader wants at least one way'],
  'report.twice': ['收件人重复，每人只能列一次', 'Name each reader once'],
  'report.readers': ['收件人须是本单位及下级的在用账号', 'Readers are accounts at work of your organisation and those below'],
  'report.rights': ['您的权限已变更，不能再查看此报告', 'Your rights have changed; you may not see this report any more'],
  'publication.month': ['公示按月，如 2026-11', 'What is made public is of a month, such as 2026-11'],
  'publication.notOver': ['该月到 {{day}} 结束，尚不能公示', 'The month ends on {{day}} and cannot be made public before'],
  'publication.noRule': ['尚未设定公示规则，请主管部门先行设定', 'No rule says what may be public; the bureau sets one first'],
  'publication.stands': ['该单位该月已有公示单，请先撤回', 'There is one of that organisation and month; withdraw it first'],
  'publication.ruleStands': ['该日已有公示规则，请另选生效日期', 'That day has a rule already; choose another'],
  'publication.not': [
    '公示单当前为“{{publicationState}}”，不能进行此操作',
    'The publication is “{{publicationState}}”; this is not possible now',
  ],
  'publication.samePerson': ['起草与审定须由不同人员办理', 'Whoever drafts does not publish; another person must'],
  'filing.period': ['填报期须为年或月，如 2026、2026-11', 'A filing is of a year or a month, such as 2026 or 2026-11'],
  'filing.notOver': [
    '统计期到 {{day}} 结束，尚不能填报；最近可填报的是 {{last}}，或标为预报',
    'The period ends on {{day}}; the last that can be filed is {{last}}, or file it as preliminary',
  ],
  'filing.unknownThen': [
    '该单位在 {{day}} 尚未设立或已撤销，没有可填报的数据',
    'On {{day}} there was no such organisation; nothing can be filed for it',
  ],
  'filing.not': ['填报表当前为“{{filingState}}”，不能进行此操作', 'The filing is “{{filingState}}”; this is not possible now'],
  'filing.samePerson': ['填报与审核须由不同人员办理', 'Whoever fills does not review; another person must'],
  'filing.preliminary': [
    '预报数据截至 {{day}}，统计期结束并重新填报后方可上报',
    'These are preliminary figures until {{day}}; fill again when the period is over, then submit',
  ],
  'filing.errors': ['表间审核有 {{n}} 项错误：{{saidZh}}', '{{n}} checks fail: {{saidEn}}'],
  'filing.explain': ['有 {{n}} 项须填写说明：{{saidZh}}', 'To be explained ({{n}}): {{saidEn}}'],
  'filing.neverFilled': ['尚未填报，没有可用的数据', 'It has not been filled yet'],
  'filing.noneBefore': ['这是第一次填报，没有上一次可比', 'It was filled once; there is no time before'],
  'filing.noneYear': ['没有 {{period}} 的填报，无法对比', 'Nothing was filed for {{period}}'],
  'version.changed': ['数据已被他人修改，请刷新后重试', 'Someone else has changed this; reload and try again'],
  'driver.licenceParts': ['驾驶证号、准驾车型和有效期须同时填写', 'Licence number, class and expiry go together'],
  'driver.licenceTaken': ['该驾驶证号已登记在另一名驾驶员名下', 'A driver with this licence number is already registered'],
  'driver.vehicleTaken': ['该车已是另一名驾驶员的常用车', 'The vehicle is the usual vehicle of another driver'],
  'driver.vehicleUnknown': ['车辆不存在或不在管辖范围内', 'The vehicle does not exist or is outside your scope'],
  'driver.unitUnknown': ['单位不存在或不在管辖范围内', 'The unit does not exist or is outside your scope'],
  'driver.sameUnit': ['驾驶员已在该单位', 'The driver already belongs to that unit'],
  'driver.state': ['驾驶员当前状态不允许此操作', 'Not possible in the driver’s current state'],
  'driver.promised': ['该驾驶员在此期间已有安排', 'The driver is already booked for that time'],
  'driver.promisedTo': [
    '该驾驶员已安排给“{{holder}}”（{{bookedFrom}} 至 {{bookedUntil}}），请先改派或取消',
    'The driver is booked for “{{holder}}” ({{bookedFrom}} to {{bookedUntil}}); give that to another or cancel it first',
  ],
  'driver.loanTarget': ['请选择借调到的单位或车队，二者选一', 'Choose either a unit or a motor pool to lend the driver to'],
  'driver.loanOverlap': ['与已有的借调时间重叠', 'It overlaps another loan'],
  'driver.leaveOverlap': ['与已登记的请假时间重叠', 'It overlaps leave that is already recorded'],
  'driver.leaveLong': ['一次请假最长 {{max}} 天', 'Leave lasts at most {{max}} days'],
  'days.many': ['一次最多查看 {{max}} 天', 'At most {{max}} days at a time'],
  'time.past': ['时间不能早于现在', 'The time cannot be in the past'],
  'token.days': ['有效期最长 {{max}} 天', 'A token can be valid for at most {{max}} days'],
  'token.capability': ['该账号的角色没有所选的部分权限', 'The account’s role does not have all the capabilities chosen'],
  'policy.administrators': [
    '系统、安全、审计管理员、机关事务管理局管理员和纪检监察人员必须使用动态口令',
    'Administrators and inspectors always need a second factor',
  ],
  'quarantine.topic': [
    '该报文的主题不是终端上报主题，不能重新处理',
    'This message did not come on a terminal’s topic and cannot be reprocessed',
  ],
  'window.order': ['结束时间须晚于开始时间，且不超过 {{days}} 天', 'The end must be later than the start, by at most {{days}} days'],
  'place.sensitive': ['敏感场所须选择类型，其他地点不填', 'A sensitive place needs a kind; other places have none'],
  'place.shape.too_few': ['区域至少要有三个顶点', 'An area needs at least three corners'],
  'place.shape.too_many': ['区域最多 500 个顶点', 'An area can have at most 500 corners'],
  'place.shape.not_closed': [
    '区域没有闭合：最后一点须与第一点相同',
    'The area is not closed: its last point must be the same as its first',
  ],
  'place.shape.repeated': ['区域有重复的顶点', 'The area has the same corner twice'],
  'place.shape.crosses_itself': [
    '区域边界自相交；请沿边界依次给出各顶点',
    'The border of the area crosses itself; give its corners in the order in which they lie along it',
  ],
  'place.shape.too_small': ['区域面积过小', 'The area is too small'],
  'place.shape.too_large': ['区域范围过大', 'The area is too large'],
  'place.shape.outside_region': [
    '位置不在本区附近，请检查经纬度是否颠倒',
    'This is far outside the region; are longitude and latitude swapped?',
  ],
  'supplier.place': ['地点不存在或不在管辖范围内', 'The place does not exist or is outside your scope'],
  'supplier.noFuel': [
    '该供应商未被指定提供加油服务，或指定已到期',
    'The supplier is not designated for fuel, or its designation has ended',
  ],
  'card.taken': ['该卡号已登记', 'A card with this number is already registered'],
  'card.elsewhere': [
    '该卡已绑定另一辆车，请先解绑（一车一卡）',
    'The card is bound to another vehicle; unbind it first (one vehicle, one card)',
  ],
  'card.vehicleHas': ['该车已绑定另一张加油卡（一车一卡）', 'The vehicle already has a fuel card (one vehicle, one card)'],
  'card.vehicleEnergy': ['纯电动车不能绑定加油卡', 'An electric vehicle cannot have a fuel card'],
  'card.state': ['加油卡当前状态不允许此操作', 'Not possible in the card’s current state'],
  'card.cancelledVehicle': ['注销加油卡前请先解绑车辆', 'Unbind the vehicle before cancelling the card'],
  'card.limits': ['日限额不能高于月限额', 'The daily limit cannot be higher than the monthly limit'],
  'calendar.regionOnly': ['全区日历只能由自治区级管理员维护', 'Only a region administrator may change the region-wide calendar'],
  'rules.regionOnly': ['全区规定只能由自治区级管理员维护', 'Only a region administrator may change region-wide rules'],
  'jobs.regionOnly': ['后台任务属于整个系统，只能由自治区级账号查看和重新执行', 'Background tasks are visible to region accounts only'],
  'job.notGivenUp': [
    '该任务并未停止重试，系统会自动再次执行；只有已停止重试的任务需要人工重新执行',
    'This task has not been abandoned and will be retried automatically. Only abandoned tasks can be retried by hand',
  ],
  'policy.regionOnly': [
    '安全策略和告知书对全区生效，只能由自治区级安全管理员办理',
    'The security policy and the notices apply to the whole region; only a region security administrator may change these',
  ],
  'request.order': ['返回时间须晚于出发时间 {{after}}', 'The return must be later than the departure, {{after}}'],
  'request.past': ['出发时间已过，最早可填 {{earliest}}', 'The departure has passed; the earliest that can be entered is {{earliest}}'],
  'request.far': [
    '最多提前 {{days}} 天申请，最晚可填 {{latest}}',
    'At most {{days}} days ahead; the latest that can be entered is {{latest}}',
  ],
  'request.long': [
    '一次用车最长 {{days}} 天，最晚可填 {{latest}}',
    'A trip lasts at most {{days}} days; the latest that can be entered is {{latest}}',
  ],
  'request.emergencyDraft': ['紧急用车不能存为草稿，请直接提交', 'An emergency is not kept as a draft; send it'],
  'request.key': ['该提交标识已用于另一份申请，请重新填写后提交', 'This submission key belongs to another request; fill in the form again'],
  'request.not': [
    '申请当前为“{{requestState}}”，不能进行此操作；当前可办理：{{requestSteps}}',
    'The request is “{{requestState}}”; this is not possible now. Possible now: {{requestSteps}}',
  ],
  'request.kind': ['不能改为另一类申请，请取消后重新申请', 'A request cannot become one of another kind; cancel it and ask anew'],
  'green.far': ['该行程不适用此出行方式，请申请用车', 'This trip is not offered that way; ask for a vehicle'],
  'series.none': ['截止时间早于第一次用车，没有可申请的行程', 'The end is before the first trip; nothing would be asked for'],
  'series.many': ['一个周期最多 {{most}} 次，请提前截止或加大间隔', 'At most {{most}} trips in a series; end it earlier or less often'],
  'series.overlap': [
    '第 {{second}} 次与第 {{first}} 次重叠 {{overlap}}，请缩短用车时间或加大间隔',
    'Trip {{second}} overlaps trip {{first}} by {{overlap}}; make the trips shorter or less frequent',
  ],
  'series.given': [
    '{{day}} 的行程已派车，请先由调度收回派车单',
    'The trip of {{day}} has a vehicle; the dispatcher must take the order back first',
  ],
  'approval.dayPast': ['最早可自 {{firstDay}} 起', 'The earliest day is {{firstDay}}'],
  'deputy.days': ['代审批最长 {{days}} 天，最晚至 {{lastDay}}', 'A deputy stands in for at most {{days}} days, here until {{lastDay}}'],
  'deputy.unfit': [
    '代审批人须是本盟市内同一角色的另一名在岗人员',
    'A deputy is another person at work with the same role, of the same league',
  ],
  'deputy.named': [
    '{{firstDay}} 至 {{lastDay}} 已由{{name}}代审批，请先结束或改选日期',
    '{{name}} stands in from {{firstDay}} until {{lastDay}}; end that first, or choose other days',
  ],
  'deputy.over': ['该代审批已结束', 'This is over already'],
  'request.notEmergency': ['该申请无需补批，或已补批', 'This request needs no approval afterwards, or has it'],
  'order.not': [
    '派车单当前为“{{orderState}}”，不能进行此操作；当前可办理：{{orderSteps}}',
    'The order is “{{orderState}}”; this is not possible now. Possible now: {{orderSteps}}',
  ],
  'order.changed': [
    '{{by}} 于 {{at}} 已改动该派车单，现为“{{orderState}}”：{{given}}，{{from}} 至 {{until}}',
    '{{by}} changed the order at {{at}}; it is now “{{orderState}}”: {{given}}, {{from}} to {{until}}',
  ],
  'request.changed': [
    '{{by}} 于 {{at}} 已改动该申请，现为“{{requestState}}”，{{from}} 至 {{until}}',
    '{{by}} changed the request at {{at}}; it is now “{{requestState}}”, {{from}} to {{until}}',
  ],
  'order.released': [
    '应于 {{due}} 出车，逾时已释放；现由“{{held}}”占用（{{from}} 至 {{until}}），最早 {{free}} 空闲，请联系调度',
    'The departure was due at {{due}} and the vehicle was released; “{{held}}” has it now ({{from}} to {{until}}), and it is free from {{free}}. Ring the dispatcher',
  ],
  'order.over': [
    '计划用车已于 {{ended}} 结束，不能再出车；请重新申请',
    'The trip was to end at {{ended}}, so it cannot begin any more; ask for another',
  ],
  'deed.key': ['该编号已用于另一条记录，请刷新后重试', 'Something else was sent under this key; reload and try again'],
  'inspection.missing': ['检查项“{{inspectionItem}}”未填写，请逐项检查', '“{{inspectionItem}}” is missing; each point is inspected'],
  'inspection.unknown': [
    '检查项“{{inspectionItem}}”重复或不在当前清单内',
    '“{{inspectionItem}}” comes twice or is not on the list in force',
  ],
  'inspection.remark': ['“{{inspectionItem}}”异常，请说明情况', 'Say what is wrong with “{{inspectionItem}}”'],
  'inspection.unsafe': [
    '“{{inspectionItem}}”异常涉及行车安全，请联系调度；确需出车的，确认后提交',
    'The fault of “{{inspectionItem}}” concerns safety: ring the dispatcher; if you must go, confirm it',
  ],
  'photo.heic': [
    '这是 HEIC 照片（扩展名可能写作 .jpg），本系统不能读取；请在手机相机设置中选“兼容性最佳（JPEG）”后重拍，或转为 JPEG 再上传',
    'This is a HEIC photo, whatever its name says, and cannot be read; set the camera to “Most Compatible (JPEG)” and take it again, or convert it to JPEG',
  ],
  'host.none': ['请求中的主机名不是有效地址', 'The host of the request is no address'],
  'photo.none': [
    '这不是可以读取的照片；可上传 JPEG、PNG、WebP 格式，每张不超过 32 MB',
    'This is no photo that can be read; JPEG, PNG or WebP of at most 32 MB can be sent',
  ],
  'photo.pixels': [
    '照片像素过多，最多 {{most}} 百万像素；请缩小后再上传',
    'The photo has too many pixels, at most {{most}} million can be read; make it smaller and send it again',
  ],
  'photo.broken': ['照片已损坏或不完整，请重新拍摄', 'The photo is damaged or incomplete; take it again'],
  'body.empty': ['文件是空的', 'The file is empty'],
  'exhibit.kind': [
    '这不是轨迹文件（内容为“{{root}}”）；可上传 GPX、KML、GeoJSON',
    'This is no track (it holds “{{root}}”); GPX, KML and GeoJSON can be sent',
  ],
  'exhibit.zip': [
    '这是压缩文件（如 KMZ）；请解压后上传其中的 GPX、KML 或 GeoJSON',
    'This is a packed file, such as KMZ; unpack it and send the GPX, KML or GeoJSON in it',
  ],
  'exhibit.broken': [
    '文件不完整或已损坏（第 {{line}} 行）；请从记录设备或软件重新导出',
    'The file is broken off or damaged (line {{line}}); export it again from where it was recorded',
  ],
  'exhibit.doctype': [
    '文件带有 DOCTYPE 声明，轨迹文件不需要，出于安全不予展开；请重新导出或删去该声明',
    'The file has a DOCTYPE, which no track needs and which is never expanded; export it again, or take it out',
  ],
  'exhibit.waypoints': [
    '文件只有 {{n}} 个地点，没有轨迹；请导出轨迹（track）',
    'The file has {{n}} waypoints and no track; export the track',
  ],
  'exhibit.route': [
    '文件只有航线（{{n}} 个规划点），不是实际走过的轨迹；请导出轨迹（track）',
    'The file has a route of {{n}} planned points and nothing that was driven; export the track',
  ],
  'exhibit.none': ['文件里没有轨迹', 'There is no track in the file'],
  'exhibit.json': [
    '文件不是完整的 GeoJSON；请从记录设备或软件重新导出',
    'The file is no whole GeoJSON; export it again from where it was recorded',
  ],
  'exhibit.place': [
    '第 {{where}} 处的经纬度缺失或超出范围（经度 ±180°，纬度 ±90°，WGS-84）；请核对后重新导出',
    'Longitude or latitude is missing or out of range at {{where}} (±180°, ±90°, WGS-84); check and export again',
  ],
  'exhibit.time': [
    '第 {{where}} 处的时间“{{time}}”无法识别；应如 2026-03-01T08:00:00Z',
    'The time “{{time}}” at {{where}} cannot be read; it should be like 2026-03-01T08:00:00Z',
  ],
  'exhibit.overlap': [
    '按时间第 {{first}} 段与第 {{second}} 段同时发生，不可能是同一辆车；请一辆车一个文件上传',
    'In the order of time segments {{first}} and {{second}} are of the same time and cannot be one vehicle’s; send a file for each',
  ],
  'exhibit.many': ['文件的位置超过 {{most}} 个；请按时间拆成几个文件', 'The file has more than {{most}} places; divide it by time'],
  'exhibit.files': ['每个案卷最多 {{most}} 份对照轨迹（含各版本）', 'A case has at most {{most}} comparison tracks, all versions counted'],
  'photo.many': ['每单最多 {{most}} 张照片', 'An order has at most {{most}} photos'],
  'body.large': ['内容过大，每次最多 {{most}} MB', 'This is too large; at most {{most}} MB can be sent at once'],
  'incident.not': ['该情况当前为“{{incidentState}}”，不能进行此操作', 'The incident is “{{incidentState}}”; this is not possible now'],
  'incident.until': ['暂扣截止时间须晚于 {{earliest}}', 'The vehicle can be kept back until later than {{earliest}}'],
  'leave.driver': ['该账号没有对应的驾驶员，不能在此请假', 'This account is no driver’s; nobody asks for leave by it'],
  'leave.not': ['该请假当前为“{{leaveState}}”，不能进行此操作', 'The request for leave is “{{leaveState}}”; this is not possible now'],
  'leave.over': ['请假时间已过', 'Those days are over'],
  'leave.trips': [
    '请假期间已派任务 {{orders}}，请决定收回派车，或不批准',
    'He has been given trips in those days, {{orders}}; have them taken back, or do not grant it',
  ],
  'leave.underWay': ['任务 {{orders}} 正在执行，收车后再批准', 'A trip of {{orders}} is under way; grant the leave when it is back'],
  'bill.not': ['该费用单当前为“{{billState}}”，不能进行此操作', 'The bill is “{{billState}}”; this is not possible now'],
  'bill.future': ['费用日期不能晚于今天（{{today}}）', 'A bill is dated no later than today, {{today}}'],
  'bill.early': ['日期不能早于 {{day}}', 'It is dated no earlier than {{day}}'],
  'bill.closed': [
    '该单位 {{day}} 所在月份已结账，最近可入账日期为 {{nearest}}',
    'The book of the unit is closed on {{day}}; the nearest open day is {{nearest}}',
  ],
  'plan.taken': ['已有名为“{{item}}”的计划在执行，请修改或结束原计划', 'A plan called “{{item}}” is running; change it or end it'],
  'plan.ended': ['“{{item}}”已结束，请另设计划', '“{{item}}” has ended; set another'],
  'plan.none': ['该车没有“{{item}}”保养计划，请先设置计划', 'No plan asks for “{{item}}” of this vehicle; set one first'],
  'mark.before': ['上次记录为 {{day}}，本次不能更早', 'It was last done on {{day}}; this cannot be earlier'],
  'vehicle.before': ['该车 {{sinceDay}} 起投入使用，日期不能更早', 'The vehicle came into use on {{sinceDay}}; nothing of it is earlier'],
  'work.not': ['该维修单当前为“{{workOrderState}}”，不能进行此操作', 'The work order is “{{workOrderState}}”; this is not possible now'],
  'work.samePerson': [
    '申请、报价与批准，交车与验收，须由不同人员办理',
    'Who asks or estimates does not approve, and who took the vehicle back does not accept: another person does',
  ],
  'work.order': [
    '该车 {{heldFrom}} 至 {{heldUntil}} 已安排派车单 {{order}}，请改期或先改派',
    'The vehicle is booked for order {{order}} from {{heldFrom}} to {{heldUntil}}; choose another time, or move that order first',
  ],
  'work.twice': [
    '该车 {{heldFrom}} 至 {{heldUntil}} 已有维修单 {{n}}，请改期或并入该单',
    'Work order {{n}} holds the vehicle from {{heldFrom}} to {{heldUntil}}; choose another time, or add to that one',
  ],
  'work.sealed': ['该车已封存，启封后再送修', 'The vehicle is sealed; it is brought in once it is unsealed'],
  'work.sealedUntil': [
    '该车 {{heldFrom}} 至 {{heldUntil}} 封存停驶，请改期或先申请启封',
    'The vehicle is sealed from {{heldFrom}} to {{heldUntil}}; choose another time, or have it unsealed',
  ],
  'work.onRoad': ['该车正在执行派车单 {{order}}，收车后再送修', 'The vehicle is out on order {{order}}; bring it in when that is back'],
  'work.over': [
    '发票 {{invoice}} 元超过已批准的 {{approved}} 元，请先申请追加',
    'The invoice of ¥{{invoice}} is more than the ¥{{approved}} that were approved; ask for more first',
  ],
  'work.parts': [
    '明细合计 {{parts}} 元，与发票 {{invoice}} 元不符，请核对',
    'The lines add up to ¥{{parts}}, the invoice is ¥{{invoice}}; please check',
  ],
  'work.more': ['追加后的总额应高于已批准的 {{approved}} 元', 'The whole amount must be more than the ¥{{approved}} that were approved'],
  'work.past': ['计划时间已过，请先改期', 'The planned time is over; choose another first'],
  'work.until': ['取车时间应晚于送修时间和现在', 'It comes back after it is brought in, and after now'],
  'work.supplier': [
    '该供应商的定点期限为 {{validFrom}} 至 {{validUntil}}，请选择在期的供应商',
    'The supplier is designated from {{validFrom}} to {{validUntil}}; choose one that is now',
  ],
  'renewal.order': ['到期日应晚于起始日', 'It ends after it begins'],
  'renewal.shorter': ['台账已登记至 {{before}}，新的到期日须更晚', 'The file says {{before}} already; a renewal ends later'],
  'renewal.future': ['检验日期不能晚于今天（{{today}}）', 'An inspection was made no later than today, {{today}}'],
  'renewal.gap': [
    '原保险 {{before}} 到期，与新保单间断 {{days}} 天；核对无误请确认',
    'The last insurance ended on {{before}}: {{days}} days are without cover; confirm it if that is so',
  ],
  'renewal.overlap': [
    '原保险 {{before}} 到期，与新保单重叠 {{days}} 天；核对无误请确认',
    'The last insurance ends on {{before}}: {{days}} days are covered twice; confirm it if that is so',
  ],
  'renewal.late': [
    '原检验有效期至 {{before}}，逾期 {{days}} 天后检验；核对无误请确认',
    'The last inspection held until {{before}}; this is {{days}} days late; confirm it if that is so',
  ],
  'renewal.not': ['该登记已撤销', 'It has been withdrawn already'],
  'renewal.followed': ['台账到期日已改为“{{now}}”，请先撤销之后的登记', 'The file says “{{now}}” by now; withdraw what followed first'],
  'renewal.booked': ['费用单 {{n}} 已入账，请先冲销', 'Bill {{n}} is booked; have it taken back first'],
  'mishap.not': ['该记录当前为“{{mishapState}}”，不能进行此操作', 'It is “{{mishapState}}”; this is not possible now'],
  'mishap.samePerson': ['登记与核实须由不同人员办理', 'Who entered it does not verify it: another person does'],
  'mishap.future': ['发生时间不能晚于现在', 'It happened no later than now'],
  'mishap.gone': ['该车 {{day}} 已处置，此后没有事故违章', 'The vehicle was disposed of on {{day}}; nothing of it is later'],
  'mishap.unitThen': ['事发时该车由“{{name}}”使用，请由该单位登记', '“{{name}}” had the vehicle then, and enters it'],
  'mishap.known': ['该文书编号已登记为记录 {{n}}', 'This notice is on record as number {{n}}'],
  'mishap.knownElsewhere': ['该文书编号已由其他单位登记', 'Another unit has this notice on record'],
  'mishap.repair': ['维修单 {{n}} 尚未办结，验收后再办结', 'Work order {{n}} is still open; settle it when that is accepted'],
  'mishap.payer': ['请选择罚款由谁承担', 'Say who bears the fine'],
  'mishap.insured': [
    '赔款 {{insured}} 元超过费用 {{whole}} 元，请核对',
    'The insurer’s ¥{{insured}} is more than the ¥{{whole}} that it came to; please check',
  ],
  'work.mishap': ['没有该车的这条事故记录，或已核实不成立', 'There is no such accident of this vehicle, or it was found not to be so'],
  'bill.supplier': ['供应商不存在或不在适用范围内', 'There is no such supplier, or it is not for this organisation'],
  'month.running': [
    '{{month}} 尚未结束，最近可结账的月份为 {{nearest}}',
    '{{month}} is not over; the latest month that can be closed is {{nearest}}',
  ],
  'month.closed': ['{{month}} 已结账，下一个可结账的月份为 {{nearest}}', '{{month}} is closed already; the next to close is {{nearest}}'],
  'month.earlier': ['请按月份先后结账，先结 {{nearest}}', 'Months are closed in their order: {{nearest}} is first'],
  'month.waiting': [
    '还有 {{n}} 张费用单待办，办结后再结账',
    '{{n}} bills still wait for somebody; the month is closed when they are decided',
  ],
  'statement.layout': [
    '没有找到列名：须有卡号、交易时间和金额三列；列名不同的，请指明各列',
    'No headings were found: a card number, a time and an amount are needed; where they are called otherwise, say which columns they are',
  ],
  'statement.long': [
    '每次最多导入 {{most}} 行，请按月或按卡拆分',
    'At most {{most}} lines are imported at once; split the file by month or by card',
  ],
  'line.done': ['该行已处理', 'The line waits for nobody any more'],
  'tracking.text': ['同意书已更新，请阅读后再确认', 'The text has changed; read it again before you agree'],
  'tracking.driver': ['该账号没有对应的驾驶员，不能共享位置', 'This account is no driver’s; it has no position to share'],
  'tracking.consent': ['未取得驾驶员本人同意，位置不予接收', 'The driver has not agreed to share positions; they are not taken'],
  'tracking.other': ['该派车单不是您驾驶的，不接收位置', 'You do not drive this order; its positions are not yours to tell'],
  'tracking.before': ['出车前不接收位置', 'No positions are taken before the departure'],
  'tracking.after': ['收车后不再接收位置', 'No positions are taken after the return'],
  'change.not': ['该变更当前为“{{changeState}}”，不能进行此操作', 'The change is “{{changeState}}”; this is not possible now'],
  'change.notOut': [
    '派车单当前为“{{orderState}}”；途中变更只用于已出车、未收车的行程，出车前请修改用车申请',
    'The order is “{{orderState}}”; a change on the road is for a trip that is under way. Before it leaves, change the request',
  ],
  'change.open': [
    '{{by}}提出的变更（{{changeState}}）尚未办结，请先办理或撤回',
    'A change that {{by}} asked for ({{changeState}}) is still open; see to it or withdraw it first',
  ],
  'change.nothing': ['与现计划相同，没有需要变更的内容', 'This is the plan as it stands; nothing would change'],
  'change.earlier': [
    '提前返回无需申请；延长须晚于现计划 {{earliest}}',
    'To be back earlier nothing is asked for; a later end is after {{earliest}}',
  ],
  'change.past': ['新的返回时间须晚于 {{earliest}}', 'The new end must be after {{earliest}}'],
  'change.clash': [
    '{{of}} {{from}} 至 {{until}} 已安排（{{held}}，含准备和清洁时间）；最晚可延长至 {{latest}}',
    'The {{of}} is taken from {{from}} to {{until}} ({{held}}, with time to prepare and clean it); the trip can go on until {{latest}} at the latest',
  ],
  'change.noLonger': [
    '{{of}} {{from}} 至 {{until}} 已安排（{{held}}，含准备和清洁时间），不能延长；请先改派后面的任务',
    'The {{of}} is taken from {{from}} to {{until}} ({{held}}, with time to prepare and clean it), so the trip cannot go on; move what follows first',
  ],
  'change.approver': [
    '请选择本环节的审批人；申请人、提出变更的人和登记人本人不能作为审批人',
    'Choose somebody who decides at this level, and neither who travels, nor who asked, nor yourself',
  ],
  'move.day': [
    '未重新审批不得改到其他日期；可在 {{earliest}} 至 {{latest}} 之间调整，否则请修改用车申请、重新审批',
    'Without a new approval a trip stays on its day: between {{earliest}} and {{latest}}; otherwise the request is changed and approved anew',
  ],
  'move.far': [
    '未重新审批最多前后调整 {{hours}} 小时（{{earliest}} 至 {{latest}}）；否则请修改用车申请、重新审批',
    'Without a new approval a trip is moved by at most {{hours}} hours ({{earliest}} to {{latest}}); otherwise the request is changed and approved anew',
  ],
  'traveller.unknown': ['乘车人须是用车单位在用的账户', 'Who travels by account is one at work of the unit that travels'],
  'follow.not': [
    '该行程当前为“{{orderState}}”，不能查看车辆位置；接单后、出发前 {{minutes}} 分钟起至收车可以查看',
    'The trip is “{{orderState}}”; its vehicle is followed from {{minutes}} minutes before the departure, once it is accepted, until it is back',
  ],
  'rating.not': ['行程收车后 {{days}} 天内由申请人评价', 'Whoever asked for the trip rates it within {{days}} days of its return'],
  'rating.late': ['评价已于 {{ended}} 截止修改', 'The rating could be changed until {{ended}}'],
  'favourite.many': ['常用地点和行程各最多 {{most}} 个', 'At most {{most}} favourite places and as many trips are kept'],
  'order.driverMissing': ['该申请需要驾驶员，请选择驾驶员', 'The request asks for a driver; choose one'],
  'order.driverUnknown': ['驾驶员不存在或不在管辖范围内', 'The driver does not exist or is outside your scope'],
  'order.noDriver': ['申请人自行驾驶，不派驾驶员', 'The passengers drive themselves; no driver is given'],
  'vehicle.busy': [
    '该车 {{from}} 至 {{until}} 已安排（{{held}}，含准备和清洁时间）；最早可从 {{free}} 用车',
    'The vehicle is taken from {{from}} to {{until}} ({{held}}, with time to prepare and clean it); it is free for a trip from {{free}}',
  ],
  'driver.busy': [
    '该驾驶员 {{from}} 至 {{until}} 已有安排（{{held}}）；最早可从 {{free}} 出车',
    'The driver is taken from {{from}} to {{until}} ({{held}}), and free for a trip from {{free}}',
  ],
  'swap.same': ['车辆和驾驶员均未变化', 'Neither vehicle nor driver is another'],
  'swap.at': ['换车换人时间须在 {{earliest}} 之后、{{latest}} 之前', 'The swap was after {{earliest}} and not later than {{latest}}'],
  'driver.DAY_HOURS': [
    '{{name}} {{day}} 已排 {{given}} 小时，加上此次共 {{hours}} 小时，超过每日上限 {{mostHours}} 小时；可派驾驶员：{{fit}}',
    '{{name}} already has {{given}} h on {{day}}; with this trip it would be {{hours}} h, and the limit is {{mostHours}} h a day. Who could: {{fit}}',
  ],
  'driver.WEEK_HOURS': [
    '{{name}} {{day}} 起的一周已排 {{given}} 小时，加上此次共 {{hours}} 小时，超过每周上限 {{mostHours}} 小时；可派驾驶员：{{fit}}',
    '{{name}} already has {{given}} h in the week of {{day}}; with this trip it would be {{hours}} h, and the limit is {{mostHours}} h a week. Who could: {{fit}}',
  ],
  'driver.unfit': [
    '{{name}}不能承担此次出车：{{fitness}}；可派驾驶员：{{fit}}',
    '{{name}} cannot take this trip: {{fitness}}. Who could: {{fit}}',
  ],
  'vehicle.equipment': [
    '该车没有所需装备：{{missing}}；请选择装有该装备的车辆',
    'The vehicle has not what the trip needs: {{missing}}; choose one that has',
  ],
  'vehicle.seats': [
    '该车可乘 {{places}} 人，少于乘车人数 {{passengers}} 人；请选择更大的车辆或分乘',
    'The vehicle takes {{places}} passengers, fewer than {{passengers}}; choose a larger one or travel in two',
  ],
  'vehicle.charge': ['电量 {{has}}%，此行需 {{needed}}%', 'The battery has {{has}} %, and the trip needs {{needed}} %'],
  'odometer.back': [
    '里程表读数 {{km}} 公里小于上次的 {{least}} 公里，请核对；上次读数有误的，由调度员更正该次派车单',
    'A reading of {{km}} km is less than the last, {{least}} km; check it, or have the dispatcher put that reading right',
  ],
  'odometer.far': [
    '里程表读数 {{km}} 公里偏大，按时间最多 {{most}} 公里；核对无误请确认',
    '{{km}} km is more than the time allows, {{most}} km; confirm it if it is right',
  ],
  'cost.early': ['费用日期早于出车时间 {{earliest}}', 'The cost is dated before the departure, {{earliest}}'],
  'cost.late': ['费用日期不能晚于现在 {{latest}}', 'The cost cannot be dated later than now, {{latest}}'],
  'cost.corrects': ['所更正的费用不存在，或类别不同', 'There is no such line to correct, or it is of another kind'],
  'cost.closed': [
    '派车单已办结，不再登记费用；更正请指明所更正的那一笔，由另一人核定后入账',
    'The order is closed and takes no more costs. A correction names the line that it corrects, and is booked when another person has agreed',
  ],
  'cost.unitTwice': ['该单位已在分摊之列，请合并份额', 'This unit bears a part already; add the two up'],
  'cost.disputed': ['有费用待核定（争议），请先核定再办结', 'A line is disputed; decide it before closing'],
  'cost.decided': ['该笔费用无需核定，或已核定', 'This line needs no decision, or has been decided'],
  'cost.notLeased': ['申报里程只用于租赁车辆的租赁费', 'Claimed kilometres belong to the invoice for a leased vehicle'],
  'tariff.supplier': ['租赁价目须选择租赁供应商，其他价目不填', 'The price of a lease names its supplier; other prices name none'],
  'tariff.known': ['该日期起的同类价目已登记', 'A price of this kind from that day is already registered'],
  'vehicle.lent': ['该车已借给“{{to}}”，至 {{until}}', 'The vehicle is on loan to {{to}} until {{until}}'],
  'vehicle.noLoan': [
    '该车属其他单位，此行程不在借用期内；请先申请借用，或改派本单位、车队车辆',
    'The vehicle is of another unit and no loan covers the trip; ask for a loan first, or take one of your own or of the pool',
  ],
  'share.not': ['拼车事项当前状态不允许此操作', 'Not possible in the current state of the shared ride'],
  'share.self': ['同一申请不能与自己拼车', 'A request cannot travel with itself'],
  'share.waiting': [
    '只有已批准、等待派车且需要驾驶员的普通用车申请可以拼车',
    'Only ordinary requests that are approved, wait for a vehicle and are driven for can share a ride',
  ],
  'share.first': [
    '该行程不能再加入：须尚未出车、由驾驶员驾驶、车辆为台账内可公开车辆',
    'Nobody can join this trip: it must not have departed, be driven by a driver, and in a vehicle that may be seen',
  ],
  'share.taken': ['该申请已与其他行程拼车，请先拆分', 'The request shares another trip already; separate it first'],
  'share.asked': ['已就这两份申请征求过拼车意见，正在等待答复', 'These two have been asked already; their answers are awaited'],
  'share.seat': ['仅剩 1 个座位，同路段需要 {{passengers}} 个', '1 seat left, and {{passengers}} are wanted on that way'],
  'share.seats': ['仅剩 {{left}} 个座位，同路段需要 {{passengers}} 个', '{{left}} seats left, and {{passengers}} are wanted on that way'],
  'share.ride': [
    '{{rider}}的乘车时间将为 {{sharedMin}} 分钟，直达为 {{directMin}} 分钟，上限为 {{mostMin}} 分钟',
    '{{rider}} would sit in the vehicle for {{sharedMin}} minutes; the direct ride takes {{directMin}}, and {{mostMin}} is the most',
  ],
  'share.window': [
    '{{rider}}将于 {{pickUp}} 上车，与申请的 {{wanted}} 相差过大',
    '{{rider}} would be picked up at {{pickUp}}, too far from {{wanted}} that was asked for',
  ],
  'share.detour': ['同乘比各自出车多行驶 {{km}} 公里，不节约', 'Together they would drive {{km}} km further than apart; nothing is saved'],
  'share.way': [
    '起点和目的地须在地图上有位置且有路可通，才能判断是否顺路',
    'Both ends must be known on the map, and a road lead there, to say whether the ways go together',
  ],
  'share.times': [
    '拼车行程的时间由各乘车人的约定决定；改时间请先拆分',
    'The times of a shared trip are what its people consented to; separate them before it is moved',
  ],
  'share.stop': ['该停靠点不在本次行程中，或已登记', 'That stop is not on this trip, or is on record already'],
  'share.offer': ['该行程现已不能加入，请重新提交', 'That trip can no longer be joined; send the request without it'],
  'case.not': ['案卷当前状态不允许此操作', 'Not possible in the current state of the case'],
  'case.vehicleNot': ['该车在案卷中的当前状态不允许此操作', 'Not possible in the vehicle’s current state in the case'],
  'case.samePerson': [
    '将车辆列入案卷与放行须由不同人员办理',
    'Whoever puts a vehicle into a case does not release it; another person must',
  ],
  'case.none': [
    '查看车辆轨迹须在案卷内进行：请先立案，或打开已列入该车的案卷',
    'Tracks are looked at within a case: open one, or go to one that holds this vehicle',
  ],
  'case.closed': ['案卷已办结；需要继续查看的，请先重新启用案卷', 'The case is closed; reopen it to go on'],
  'case.vehicle': ['该车未列入此案卷，请先列入', 'The vehicle is not in this case; put it in first'],
  'case.waits': ['该车须由另一名人员放行后方可查看', 'Another person must release this vehicle before it is looked at'],
  'case.refused': ['该车未获放行，不能在此案卷内查看', 'This vehicle was not released, and is not looked at within this case'],
  'look.perMinute': [
    '一分钟内查看次数已达 {{most}} 次，请于 {{again}} 后再查看',
    '{{most}} looks within a minute are the most; look again after {{again}}',
  ],
  'track.manyRows': [
    '一个文件最多 {{most}} 行；请将结束时间设为 {{again}}，其余部分自该时刻起另行导出',
    'A file has at most {{most}} rows; end it at {{again}}, and export the rest from there',
  ],
  'look.perHour': [
    '一小时内查看的车辆日数已达上限（{{most}} 车日），请缩短期间、减少车辆，或于 {{again}} 后再查看',
    'At most {{most}} vehicle-days are looked at within an hour; ask for a shorter time or fewer vehicles, or look again after {{again}}',
  ],
  'case.period': [
    '所查时段超出案卷期间（{{caseFrom}} 至 {{caseUntil}}）；请缩小时段，或修改案卷期间',
    'That reaches beyond the period of the case ({{caseFrom}} to {{caseUntil}}); ask for less, or change the period',
  ],
  'case.releasedPeriod': [
    '所查时段超出已放行的期间（{{caseFrom}} 至 {{caseUntil}}）；请缩小时段，或再次申请放行',
    'That reaches beyond what was released ({{caseFrom}} to {{caseUntil}}); ask for less, or for another release',
  ],
  'case.order': ['案卷期间的结束须晚于开始', 'The period must end after it begins'],
  'case.long': ['案卷期间最长 {{days}} 天', 'A case covers at most {{days}} days'],
  'case.future': ['案卷期间须始于今日之前', 'The period must begin in the past'],
  'case.many': ['一个案卷最多 {{most}} 辆车', 'A case holds at most {{most}} vehicles'],
  'case.manyMembers': ['一个案卷最多 {{most}} 名成员', 'A case has at most {{most}} members'],
  'case.member': [
    '没有可加入案卷的此账号：须为在用的纪检监察、审计账号，且尚未加入',
    'No such account can join: it must be an active account of inspection that is no member yet',
  ],
  'case.memberUnknown': ['没有这名成员', 'There is no such member'],
  'supervision.not': ['当前为“{{supervisionState}}”，不能进行此操作', 'It is “{{supervisionState}}”; this is not possible now'],
  'supervision.samePerson': [
    '驾驶人、用车人、已作说明的人员不能核定，原核定人员不能复核；须由另一名人员办理',
    'Whoever drove, asked for the trip or answered for it decides nothing of it, and nobody decides again what he decided; another person must',
  ],
  'handover.not': ['当前为“{{handoverState}}”，不能进行此操作', 'It is “{{handoverState}}”; this is not possible now'],
  'handover.samePerson': [
    '交班人不能代接班人确认；须由接班人本人或其他人员办理',
    'Whoever handed it over does not take it; another person must',
  ],
  'handover.why': ['拒绝接班请写明原因', 'Say why it is refused'],
  'handover.holder': ['该车当前由{{name}}保管，须由其本人或单位交班', 'It is with {{name}} now, who hands it over, or the unit does'],
  'handover.same': ['接班人不能与当前保管人相同', 'It is with them already'],
  'handover.reading': [
    '里程表读数不能小于上次交接的 {{km}} 公里，每天至多增加 {{most}} 公里',
    'The reading is not below the {{km}} km of the last handover, and not more than {{most}} km a day above it',
  ],
  'handover.driver': ['接班人须为车辆使用单位的在岗驾驶员', 'Whoever takes it must be an active driver of the vehicle’s unit'],
  'handover.open': ['该车正在交接，等待接班人确认', 'It is being handed over already'],
  'seal.not': ['该车封存当前为“{{sealState}}”，不能进行此操作', 'The seal is “{{sealState}}”; this is not possible now'],
  'seal.samePerson': [
    '申请启封和制定计划的人员不能自行批准；须由另一名人员办理',
    'Whoever planned it or asked decides nothing of it; another person must',
  ],
  'seal.photo': ['封存前须先添加停放照片', 'Add a photo of where it stands before it is sealed'],
  'seal.order': ['结束日不能早于开始日', 'It cannot end before it begins'],
  'seal.long': ['一次封存最长 {{days}} 天', 'A plan covers at most {{days}} days'],
  'seal.unannounced': [
    '{{year}} 年的节假日安排尚未公布或未录入日历，不能制定计划；请先在日历中录入国务院办公厅通知',
    'The holidays of {{year}} are not announced or not in the calendar; enter the notice in the calendar first',
  ],
  'seal.workday': ['{{day}} 是工作日，不是节假日或休息日', '{{day}} is a working day'],
  'seal.vehicle': ['该车不在本计划可封存的车辆之中', 'This vehicle is none of those that the plan could seal'],
  'seal.none': ['没有可以封存的车辆：{{exempt}} 辆均不封存', 'There is nothing to seal: all {{exempt}} vehicles are exempt'],
  'seal.many': [
    '一次计划最多 {{most}} 辆；请按下级单位分别制定',
    'A plan holds at most {{most}} vehicles; plan for the units below one by one',
  ],
  'rule.value': ['该规则没有此参数；可设：{{names}}', 'The rule has no such value; it takes {{names}}'],
  'rule.range': ['参数超出范围：不小于 {{least}}，不大于 {{most}}', 'Out of range: at least {{least}}, at most {{most}}'],
  'rule.day': ['新参数须自明日或以后生效，此前的判定不变', 'New values hold from tomorrow on or later; what was judged stays'],
  'rule.known': ['该单位此规则在这一天已有参数；请换一个生效日', 'There are values of this rule for that day already; choose another'],
  'case.lastMember': ['案卷至少保留一名成员', 'A case keeps at least one member'],
  'whereabouts.order': ['时段的结束须晚于开始', 'The period must end after it begins'],
  'whereabouts.long': [
    '一次最多查询 {{days}} 天，请缩短时段，再从 {{until}} 起接着查询',
    'At most {{days}} days at once; shorten the period and go on from {{until}}',
  ],
  'whereabouts.pairs': [
    '案卷中有 {{vehicles}} 辆车，一次最多比对 {{days}} 天（车辆数乘以天数不超过 140）；请先查询至 {{until}}',
    'The case has {{vehicles}} vehicles, compared for at most {{days}} days at once (vehicles times days up to 140); ask until {{until}} first',
  ],
  'whereabouts.future': ['时刻须早于现在', 'That must be before now'],
  'whereabouts.second': ['时刻须为整秒，例如 {{again}}', 'The instant must be a full second, such as {{again}}'],
  'whereabouts.before': [
    '{{earliest}} 以前的定位数据未保存，请选择其后的时刻',
    'Positions from before {{earliest}} are not kept; choose a later time',
  ],
  'whereabouts.area': ['请在地图上划定区域或选择一处地点，二者选一', 'Draw an area or choose a place: one of the two'],
  'whereabouts.corners': [
    '区域应为“经度,纬度;经度,纬度;…”，至少三个顶点',
    'An area is written “longitude,latitude;longitude,latitude;…”, with at least three corners',
  ],
  'whereabouts.areaLarge': [
    '区域约 {{has}} 平方公里，超过 {{most}} 平方公里；请缩小范围，或分块查询',
    'The area is about {{has}} km², more than {{most}} km²; make it smaller, or ask part by part',
  ],
  'whereabouts.place': [
    '没有这处地点，或不在管辖范围内；请另选，或在地图上划定区域',
    'There is no such place within your scope; choose another, or draw the area',
  ],
  'whereabouts.placeGone': [
    '该地点的有效期不在所查时段内；如仍需查询该处，请在地图上划定区域',
    'The place was not valid at any time of the period; to ask about it all the same, draw the area',
  ],
  'finding.not': ['疑点当前状态为“{{findingState}}”，不允许此操作', 'The finding’s state is “{{findingState}}”; this is not possible now'],
  'finding.samePerson': ['作出说明的人不能核实，须由另一人办理', 'Whoever explained it does not verify it; another person must'],
  'finding.due': ['答复期限须晚于现在', 'The time by which to answer must be in the future'],
  'finding.asked': [
    '没有可要求说明的此账号：须为该车使用单位的在用账号，或当时驾驶该车的驾驶员',
    'Nobody of that name can be asked: it must be an active account of the vehicle’s unit, or a driver who had it at that time',
  ],
  'finding.order': ['结束不能早于开始', 'It cannot end before it begins'],
  'finding.period': ['所填时间不在可查看的期间内', 'That time is not within what may be looked at'],
  'finding.many': ['一个案卷最多 {{most}} 个疑点', 'A case has at most {{most}} findings'],
  'finding.over': ['该事项已办结，不再接受说明', 'The matter is closed and takes no more explanations'],
  'evidence.none': [
    '本安装未设置证据包目录，请联系系统管理员（--data 或 --evidence-dir）',
    'This installation has no directory for evidence packages; ask the system administrator (--data or --evidence-dir)',
  ],
  'evidence.noVehicle': [
    '案卷中没有可入包的车辆：请列入车辆，或等待放行',
    'No vehicle of the case can be in a package: put one in, or wait for its release',
  ],
  'evidence.large': [
    '预计最多 {{gigabytes}} GB，超过上限 {{most}} GB；{{vehicles}} 辆车最多可取 {{days}} 天，请缩短时段或分批选择车辆',
    'At most {{gigabytes}} GB are expected, and a package holds {{most}} GB: of {{vehicles}} vehicles that is {{days}} days; take a shorter time, or the vehicles in parts',
  ],
  'evidence.notReady': ['证据包尚未制作完成', 'The package is not ready'],
  'evidence.lost': [
    '证据包文件不在目录中，或与登记的哈希不符，请重新制作',
    'The file of the package is not in its directory, or not the one that was made; make another',
  ],
  'evidence.source': ['读取“{{part}}”时出错：{{message}}', '“{{part}}” could not be read: {{message}}'],
  'evidence.disk': ['写入证据包时出错：{{message}}', 'The package could not be written: {{message}}'],
  'evidence.check': ['写成后复核未通过（{{code}}）', 'It did not pass its check after it was written ({{code}})'],
  'evidence.glyph': [
    '“{{part}}”中的字符 {{character}}（{{code}}）没有可用字形，请改正该文字后重新制作',
    'No font has the character {{character}} ({{code}}) of “{{part}}”; correct that text and make the package again',
  ],
  'evidence.alike': [
    '两个文件名仅字符编码形式不同：“{{first}}”与“{{second}}”',
    'Two names differ in their Unicode form alone: “{{first}}” and “{{second}}”',
  ],
  'evidence.rights': ['开始制作时申请人已不能查看：{{why}}', 'When it was to be made, whoever asked could no longer look: {{why}}'],
  'loan.not': ['借用事项当前状态不允许此操作', 'Not possible in the current state of the loan'],
  'loan.notFree': [
    '该车此时段不空闲，请换一个时段或另选空闲车辆',
    'The vehicle is not free then; choose another time, or one that is free',
  ],
  'loan.expires': [
    '“{{field}}”为 {{day}}，早于借用结束；借用须于该日内结束，或先更新车辆档案',
    '“{{field}}” is {{day}}, which is before the loan ends; end the loan by then, or bring the file up to date first',
  ],
  'loan.own': ['出借单位与借用单位相同', 'Lender and borrower are the same unit'],
  'loan.lent': [
    '该车 {{bookedFrom}} 至 {{bookedUntil}} 已借给“{{unit}}”，不能重叠出借',
    'The vehicle is on loan to {{unit}} from {{bookedFrom}} to {{bookedUntil}}; loans cannot overlap',
  ],
  'loan.trips': [
    '借用单位还有派车单 {{orders}}，请选择保留或作废后再结束借用',
    'The borrower still has orders {{orders}}; decide whether they are kept or voided before the loan ends',
  ],
  'loan.out': ['派车单 {{orders}} 已出车，请在收车后再结束借用', 'Of the orders {{orders}} one is under way; end the loan when it is back'],
  'lease.vehicle': ['该车不是管辖范围内的租赁车辆', 'This is no leased vehicle within your scope'],
  'lease.missing': ['请选择车辆，或选择租赁供应商', 'Choose a vehicle, or a supplier to lease from'],
  'lease.driver': ['租赁车辆由供应商提供驾驶员，不另派驾驶员', 'The supplier’s driver comes with a leased vehicle; no other is given'],
  'lease.move': ['租赁派车单不能改派，请作废后重新派车', 'An order for a leased vehicle cannot be moved; void it and dispatch anew'],
  'odometer.beyond': [
    '里程表读数 {{km}} 公里大于之后一次的 {{most}} 公里，请核对',
    'A reading of {{km}} km is more than the next one, {{most}} km; please check',
  ],
  'cost.below': [
    '冲减后该项费用为负，最多可冲减 {{most}} 元',
    'That would leave less than nothing; at most {{most}} yuan can be taken back',
  ],
  'feed.noDriver': ['本账号不是驾驶员，请选择一辆车', 'This account drives nothing; choose a vehicle'],
  'outbound.malformed': ['不是有效的网址', 'Not an address'],
  'outbound.https': ['须使用 https 网址', 'The address must begin with https'],
  'outbound.private': [
    '不能使用内网或本机地址；确需使用的，由系统管理员在启动参数 --outbound-origins 中列明',
    'Not an address of an inner network; those that are meant are named with --outbound-origins',
  ],
  'calendar.makeupWeekday': ['调休上班只用于周六、周日', 'A make-up working day must be a Saturday or Sunday'],
  'calendar.name': ['请填写名称', 'Enter a name'],
  'calendar.known': ['该年度安排已确认', 'That year’s calendar has already been confirmed'],
  'naming.account': [
    '没有这个账号，或其角色、管辖范围看不到该车',
    'There is no such account, or its role or scope does not reach the vehicle',
  ],
  'naming.self': ['不能为本人登记，须由另一名管理员办理', 'You cannot register yourself; another administrator must do it'],
  'naming.known': ['该账号已在名册上', 'The account is already on the register'],
  'naming.until': ['截止时间须晚于现在', 'The end must be in the future'],
  'naming.ended': ['该登记已经终止', 'The registration has already ended'],
  'unmask.hours': ['本地规定最长 {{max}} 小时', 'At most {{max}} hours are permitted here'],
  'unmask.pending': ['同一车辆的申请正在等待审批', 'A request for this vehicle is already waiting'],
  'unmask.self': ['不得审批本人的申请', 'You cannot decide your own request'],
  'unmask.state': ['申请当前状态不允许此操作', 'Not possible in the current state of the request'],
  'unmask.notSecret': [
    '该车不是涉密车辆，无需申请查看；请不予批准并说明理由',
    'The vehicle is not sensitive and needs no unmasking; please refuse, with a reason',
  ],
  'unmask.none': ['您的管辖范围内没有这样的车辆，请不予批准', 'There is no such vehicle in your scope; please refuse'],
  'unmask.outOfReach': [
    '该车不在申请人的管辖范围内，批准也看不到；请不予批准',
    'The vehicle is outside the applicant’s scope and would stay out of sight; please refuse',
  ],
  'secrecy.dayPast': ['规定只能自今日或以后生效', 'A policy can only start today or later'],
  'import.busy': [
    '本级或上下级范围内正有一个导入在进行，请等它结束',
    'Another import is running in this scope, above or below it; wait until it has finished',
  ],
  'import.changed': [
    '台账在检查之后有变化，未写入任何数据；请重新上传检查',
    'The ledger has changed since the check and nothing was written; upload the file again',
  ],
  'import.notChecked': ['该文件有错误或已导入，不能提交', 'The file has errors or has already been imported'],
} as const satisfies Record<string, Sentence>

export type RefusalReason = keyof typeof refusalSentences
export type RefusalValues = Record<string, string | number>

type Locale = 'zh-CN' | 'en'
/** By the clock on the wall of the region. */
const wallClockOf = (instant: string): string => new Date(Date.parse(instant) + ZONE_OFFSET_MS).toISOString().slice(0, 19).replace('T', ' ')
const minuteOf = (instant: string): string => wallClockOf(instant).slice(0, 16)
/** Prices come as they are written in Chinese: 18 万元 is ¥180,000. */
const moneyIn = (value: string, locale: Locale): string =>
  locale === 'en'
    ? value.replace(/^([\d.]+) 万元$/, (_, tenThousands) => `¥${Math.round(Number(tenThousands) * 10_000).toLocaleString('en')}`)
    : value
/** Actions, with a space between them, as a list of words; none are none. */
const stepsIn = (of: 'requestAction' | 'orderAction', value: string, locale: Locale): string =>
  value === ''
    ? locale === 'en'
      ? 'nothing'
      : '无'
    : value
        .split(' ')
        .map((action) => wordOf(of, action, locale) ?? action)
        .join(locale === 'en' ? ', ' : '、')
/** Values that are no words but names of a state or a field: the sentence says the word that pages say. */
const sayValue: Record<string, (value: string, locale: Locale) => string | undefined> = {
  state: (value, locale) => wordOf('vehicleState', value, locale),
  findingState: (value, locale) => wordOf('findingState', value, locale),
  field: fieldWordOf,
  what: fieldWordOf,
  value: moneyIn,
  limit: moneyIn,
  earliest: wallClockOf,
  latest: wallClockOf,
  due: (value) => minuteOf(value),
  ended: (value) => minuteOf(value),
  caseFrom: wallClockOf,
  caseUntil: wallClockOf,
  again: wallClockOf,
  bookedFrom: wallClockOf,
  bookedUntil: wallClockOf,
  after: wallClockOf,
  at: (value) => minuteOf(value),
  from: (value) => minuteOf(value),
  until: (value, locale) => (value === '' ? (locale === 'en' ? 'further notice' : '另行通知') : minuteOf(value)),
  free: (value, locale) => (value === '' ? (locale === 'en' ? '(not known yet)' : '（时间待定）') : minuteOf(value)),
  held: (value, locale) => wordOf('held', value, locale) ?? value,
  missing: (value, locale) =>
    String(value)
      .split(' ')
      .map((one) => wordOf('equipment', one, locale) ?? one)
      .join(locale === 'en' ? ', ' : '、'),
  fitness: (value, locale) => wordOf('unfit', value, locale),
  fit: (value, locale) => (value === '' ? (locale === 'en' ? 'nobody within reach' : '管辖范围内暂无') : value),
  requestState: (value, locale) => wordOf('requestState', value, locale),
  orderState: (value, locale) => wordOf('orderState', value, locale),
  requestSteps: (value, locale) => stepsIn('requestAction', value, locale),
  orderSteps: (value, locale) => stepsIn('orderAction', value, locale),
  // Who it is is not told to everybody.
  rider: (value, locale) => (value === '' ? (locale === 'en' ? 'Somebody else on board' : '同车人') : value),
  pickUp: (value) => minuteOf(value),
  wanted: (value) => minuteOf(value),
  inspectionItem: (value, locale) => wordOf('inspectionItem', value, locale),
  incidentState: (value, locale) => wordOf('incidentState', value, locale),
  leaveState: (value, locale) => wordOf('leaveState', value, locale),
  billState: (value, locale) => wordOf('billState', value, locale),
  mishapState: (value, locale) => wordOf('mishapState', value, locale),
  workOrderState: (value, locale) => wordOf('workOrderState', value, locale),
  heldFrom: wallClockOf,
  heldUntil: wallClockOf,
  validUntil: (value, locale) => (value === '' ? (locale === 'en' ? 'further notice' : '另行通知') : value),
  supervisionState: (value, locale) => wordOf('supervisionState', value, locale),
  handoverState: (value, locale) => wordOf('handoverState', value, locale),
  name: (value, locale) => (value === '' ? (locale === 'en' ? 'the unit' : '单位') : value),
  sealState: (value, locale) => wordOf('sealState', value, locale),
  publicationState: (value, locale) => wordOf('publicationState', value, locale),
  filingState: (value, locale) => wordOf('filingState', value, locale),
  changeState: (value, locale) => wordOf('changeState', value, locale),
  of: (value, locale) => wordOf('promised', value, locale),
}
function valueIn(name: string, value: string | number | undefined, locale: Locale): string {
  const said = typeof value === 'string' && Object.hasOwn(sayValue, name) ? sayValue[name]!(value, locale) : undefined
  return said ?? String(value ?? '')
}

/** The sentence with its places filled; undefined for a reason that is not ours. */
export function refusalSentence(reason: string, values: RefusalValues = {}, locale: 'zh-CN' | 'en' = 'en'): string | undefined {
  const sentence: Sentence | undefined = (refusalSentences as Record<string, Sentence>)[reason]
  return sentence?.[locale === 'en' ? 1 : 0].replace(/\{\{(\w+)\}\}/g, (_, name: string) =>
    // Why is a reason of this catalogue, with the same values.
    name === 'why'
      ? (refusalSentence(String(values.why), { ...values, why: '' }, locale) ?? String(values.why))
      : valueIn(name, values[name], locale),
  )
}

/** Somebody was faster: the version that was seen is no longer the one that is there. */
export const changedMeanwhile = (path = 'body.version', reason: RefusalReason = 'version.changed', values: RefusalValues = {}): Refusal =>
  refusal('CHANGED_MEANWHILE', path, reason, values)

/** A refusal for `path` (as in a schema's issue: `body.plate`) that says why. */
export function refusal(code: ErrorCode, path: string, reason: RefusalReason, values: RefusalValues = {}): Refusal {
  const message = refusalSentence(reason, values)!
  return new Refusal(code, message, [{ path, message, reason, values }])
}
