// Texts of this page.
import { roomTexts } from '../../kit/i18n/i18n.ts'
import { partsTexts } from '../../parts/texts.ts'

export const driversTexts = roomTexts(partsTexts, {
  'kit.reason': ['理由', 'Reason'],
  'kit.reasonHint': ['至少四个字，将记入审计日志', 'At least four characters; it is recorded in the audit log'],
  'kit.from': ['起始日期', 'From'],
  'kit.until': ['截止日期', 'Until'],

  'drivers.search': ['姓名、拼音、单位或号牌', 'Name, pinyin, unit or plate'],
  'drivers.total': ['共 {{n}} 人', '{{n}} drivers'],
  'drivers.add': ['新增驾驶员', 'Add driver'],
  'drivers.edit': ['修改驾驶员信息', 'Edit driver'],
  'drivers.emptyTitle': ['还没有驾驶员', 'No drivers yet'],
  'drivers.emptyText': ['新增驾驶员，或由主管部门批量导入', 'Add a driver, or ask the bureau to import them'],

  'driver.name': ['姓名', 'Name'],
  'driver.phoneKept': ['不填则保持不变', 'Leave empty to keep the number'],
  'driver.status': ['状态', 'Status'],

  'driverState.leave': ['今日请假', 'On leave today'],

  'driverAct.active': ['恢复上岗', 'Reinstate'],
  'driverAct.suspended': ['停岗', 'Suspend'],
  'driverAct.retired': ['办理离岗', 'Retire'],
  'driverAct.move': ['调动', 'Move'],
  'driverAct.lend': ['借调', 'Lend'],
  'driverAct.endLoan': ['结束借调', 'End the loan'],
  'driverAct.moveTo': ['调入单位', 'To unit'],
  'driverAct.lendTo': ['借调单位', 'Lend to unit'],

  'driverTab.file': ['档案', 'File'],
  'driverTab.duty': ['出勤', 'Duty'],
  'driverTab.loans': ['借调', 'Loans'],
  'driverTab.history': ['变更记录', 'History'],

  'driverFilter.state': ['人员状态', 'Status'],
  'driverFilter.class': ['准驾车型', 'Licence class'],
  'driverFilter.expires': ['驾驶证到期', 'Licence expiry'],
  'driverFilter.expired': ['已过期', 'Expired'],
  'driverFilter.days': ['{{n}} 天内到期或已过期', 'Expired or within {{n}} days'],

  'duty.month': ['{{year}}年{{month}}月', '{{year}}-{{month}}'],
  'duty.previous': ['上个月', 'Previous month'],
  'duty.next': ['下个月', 'Next month'],
  'duty.duty': ['在岗', 'On duty'],
  'duty.off': ['休息', 'Off'],
  'duty.leave': ['请假', 'Leave'],
  'duty.unknown': ['未知', 'Unknown'],
  'duty.unknownText': [
    '{{year}}年的放假安排尚未录入，按单位工作时间出勤的日期显示为“未知”。',
    'The holidays of {{year}} are not entered yet: days that depend on them are unknown.',
  ],
  'duty.editShifts': ['调整班次', 'Edit shifts'],
  'duty.addShift': ['增加班次', 'Add a shift'],
  'duty.removeShift': ['删除班次', 'Remove the shift'],
  'duty.weekdays': ['星期', 'Weekdays'],
  'duty.nextDay': ['次日', 'next day'],
  'duty.followsCalendar': ['按工作日历', 'Follows the calendar'],
  'duty.addLeave': ['登记请假', 'Record leave'],
  'duty.cancelLeave': ['撤销', 'Withdraw'],
  'duty.leaveKind': ['类别', 'Kind'],
  'duty.day': ['{{day}} 出勤', 'Duty on {{day}}'],
  'duty.asWeek': ['按班次', 'As scheduled'],
  'duty.thisOff': ['当日休息', 'Off that day'],
  'duty.thisOn': ['当日出勤', 'On duty that day'],
  'duty.single': ['单日调整', 'this day only'],

  'driverTab.fitness': ['适任', 'Fitness'],

  'fitness.ask': ['该驾驶员此时能否驾驶此车', 'May this driver drive this vehicle at that time?'],
  'fitness.vehicle': ['车辆', 'Vehicle'],
  'fitness.from': ['出车时间', 'From'],
  'fitness.until': ['收车时间', 'Until'],
  'fitness.fit': ['可以派：证照、出勤和驾驶时长均符合要求', 'Fit: licence, duty and hours are in order'],
  'fitness.SUSPENDED': ['已停岗', 'Suspended'],
  'fitness.RETIRED': ['已离岗', 'Has left'],
  'fitness.LICENCE_MISSING': ['未登记驾驶证', 'No licence on file'],
  'fitness.LICENCE_EXPIRED': ['驾驶证于 {{day}} 到期', 'The licence expires on {{day}}'],
  'fitness.LICENCE_CLASS': [
    '准驾车型 {{held}} 不能驾驶此车，需 {{needed}}',
    'Class {{held}} does not permit driving this vehicle; {{needed}} is needed',
  ],
  'fitness.GEARBOX_UNKNOWN': [
    '准驾车型 {{held}} 限自动挡，台账未登记此车是否自动挡',
    'Class {{held}} drives automatics only, and the ledger does not say whether this is one',
  ],
  'fitness.ON_LEAVE': ['{{day}} 请假', 'On leave on {{day}}'],
  'fitness.OFF_DUTY': ['该时段不在岗', 'Not on duty at that time'],
  'fitness.DUTY_UNKNOWN': [
    '{{year}}年日历未知，无法判断是否在岗',
    'The calendar of {{year}} is unknown, so whether the driver is on duty cannot be told',
  ],
  'fitness.BUSY': ['该时段已有派车任务', 'Already assigned at that time'],
  'fitness.LENT_AWAY': ['已借调至其他单位', 'On loan to another unit'],
  'fitness.DAY_HOURS': [
    '{{day}} 已排 {{given}} 分钟，加上此次共 {{minutes}} 分钟，超过每日 {{limit}} 分钟',
    '{{given}} min given on {{day}}, {{minutes}} with this trip; the limit is {{limit}} a day',
  ],
  'fitness.WEEK_HOURS': [
    '{{day}} 起的一周已排 {{given}} 分钟，加上此次共 {{minutes}} 分钟，超过每周 {{limit}} 分钟',
    '{{given}} min given in the week of {{day}}, {{minutes}} with this trip; the limit is {{limit}} a week',
  ],
  'fitness.CONTINUOUS_HOURS': [
    '连续驾驶 {{minutes}} 分钟：每驾驶 {{limit}} 分钟须休息 {{rest}} 分钟',
    '{{minutes}} min without a break: within {{limit}} min there must be a rest of {{rest}} min',
  ],
})

export const useText = driversTexts.useText
