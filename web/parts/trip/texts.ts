// Texts of requests and orders, which three pages show.
import { roomTexts } from '../../kit/i18n/i18n.ts'
import { partsTexts } from '../texts.ts'

export const tripTexts = roomTexts(partsTexts, {
  'stop.point': ['在地图上标出{{what}}', 'Point at it on the map: {{what}}'],
  'stop.placed': ['{{what}}已在地图上标出，可更改', 'On the map: {{what}}; change it'],
  'stop.hint': ['点击地图标出位置，可拖动调整', 'Click the map where it is; the mark can be dragged'],
  'stop.take': ['采用此位置', 'Take this place'],
  'stop.remove': ['去掉位置', 'Remove the position'],
  'follow.map': ['车辆位置地图', 'Map of the vehicle'],
  'change.version': ['派车单第 {{n}} 版', 'version {{n}} of the order'],
  'change.clash': [
    '{{of}} {{from}} 起已安排（{{held}}），最晚可延长至 {{latest}}',
    '{{of}} taken from {{from}} ({{held}}); at the latest until {{latest}}',
  ],
  'change.another': ['其他任务', 'another task'],
  'trip.companions': ['同行账户', 'Travellers with accounts'],
  'trip.number': ['编号', 'Number'],
  'trip.kind': ['类别', 'Kind'],
  'trip.state': ['状态', 'State'],
  'trip.unit': ['用车单位', 'Unit'],
  'trip.applicant': ['申请人', 'Applicant'],
  'trip.purpose': ['事由', 'Purpose'],
  'trip.from': ['出发地', 'From'],
  'trip.via': ['途经', 'Via'],
  'trip.to': ['目的地', 'To'],
  'trip.startsAt': ['出发时间', 'Departure'],
  'trip.endsAt': ['返回时间', 'Return'],
  'trip.passengers': ['乘车人数', 'Passengers'],
  'trip.people': ['{{n}} 人', '{{n}}'],
  'trip.withDriver': ['驾驶员', 'Driver'],
  'trip.reach': ['手机通知', 'Telephone'],
  'trip.unreached': ['驾驶员未开启手机通知，请电话告知', 'The driver’s telephone shows no news; please ring'],
  'trip.driverWanted': ['需要', 'wanted'],
  'trip.unknownYear': [
    '{{year}} 年放假安排尚未登记，驾驶员当日是否当班未能核实',
    'The calendar of {{year}} is not announced yet: nobody knows whether the driver is on duty that day',
  ],
  'trip.selfDrive': ['自行驾驶', 'Self-driven'],
  'trip.supplierDrives': ['由供应商安排', 'The supplier’s'],
  'trip.travellers': ['乘车人', 'Travellers'],
  'trip.contact': ['联系人', 'Contact'],
  'trip.note': ['备注', 'Note'],
  'trip.vehicle': ['车辆', 'Vehicle'],
  'trip.order': ['派车单', 'Order'],
  'trip.steps': ['办理过程', 'Steps'],
  'trip.chain': ['审批环节', 'Who approves'],
  'trip.onBehalfOf': ['代{{name}}', 'for {{name}}'],
  'trip.changed': ['改动：{{fields}}', 'Changed: {{fields}}'],
  'trip.leased': ['租赁：{{name}} {{what}}', 'Leased from {{name}} {{what}}'],
  'trip.keeper': ['车辆所属单位', 'Vehicle of'],
  'trip.agreed': ['约定价格', 'Agreed price'],
  'trip.hidden': ['不公开', 'Not public'],
  'trip.budget': ['{{year}} 年预算', 'Budget of {{year}}'],
  'trip.budgetLeft': [
    '剩余 {{left}}（核定 {{fen}}，已入账 {{used}}，在途 {{committed}}）',
    '{{left}} left of {{fen}} ({{used}} booked, {{committed}} committed)',
  ],
  'trip.budgetOver': [
    '已超 {{over}}（核定 {{fen}}，已入账 {{used}}，在途 {{committed}}）',
    '{{over}} over {{fen}} ({{used}} booked, {{committed}} committed)',
  ],
  'trip.budgetNone': ['未核定（已入账 {{used}}，在途 {{committed}}）', 'not set ({{used}} booked, {{committed}} committed)'],
  'trip.leftVoided': ['已作废，但司机已出车', 'Voided, and the driver has left'],
  'trip.ratify': ['补批', 'Approval afterwards'],
  'trip.ratifyBy': ['须于 {{time}} 前补批', 'due by {{time}}'],
  'trip.ratifyLate': ['逾期未补批（期限 {{time}}）', 'overdue since {{time}}'],
  'trip.ratifiedAt': ['已于 {{time}} 补批', 'given on {{time}}'],
})

export const useText = tripTexts.useText
export type Say = ReturnType<typeof useText>['t']
export type TextKey = Parameters<ReturnType<typeof useText>['t']>[0]
