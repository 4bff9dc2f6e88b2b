// Texts of this page.
import { roomTexts } from '../../kit/i18n/i18n.ts'
import { partsTexts } from '../../parts/texts.ts'

export const handoverTexts = roomTexts(partsTexts, {
  'handover.total': ['共 {{n}} 次交接', '{{n}} handovers'],
  'handover.search': ['号牌', 'Plate'],
  'handover.emptyTitle': ['没有交接记录', 'No handovers'],
  'handover.emptyText': [
    '交班、接班双方确认后，车辆由接班人保管，执法执勤用车在班次内行驶不再要求派车单',
    'When both have confirmed, whoever took it has the vehicle; of law enforcement a shift is a reason to drive',
  ],
  'handover.new': ['登记交接', 'Hand a vehicle over'],
  'handover.vehicle': ['车辆', 'Vehicle'],
  'handover.between': ['交班 → 接班', 'From → to'],
  'handover.from': ['交班人', 'From'],
  'handover.to': ['接班人', 'To'],
  'handover.unitItself': ['单位（无人保管）', 'The unit'],
  'handover.state': ['状态', 'State'],
  'handover.stands': ['当前保管', 'has it now'],
  'handover.offeredAt': ['交班时间', 'Offered'],
  'handover.takenAt': ['接班时间', 'Taken'],
  'handover.unit': ['单位', 'Unit'],
  'handover.odometer': ['里程表读数（公里）', 'Odometer (km)'],
  'handover.last': ['上次交接读数 {{km}}', 'last reading {{km}}'],
  'handover.fuel': ['油量、电量（%）', 'Fuel or charge (%)'],
  'handover.equipment': ['随车装备', 'Equipment aboard'],
  'handover.condition': ['车况', 'Condition'],
  'handover.sound': ['检查各项正常', 'Everything is sound'],
  'handover.fault': ['{{item}}：{{remark}}', '{{item}}: {{remark}}'],
  'handover.faulty': ['有问题的项目', 'What is not sound'],
  'handover.faultRemark': ['{{item}}的问题', 'What is wrong: {{item}}'],
  'handover.remarks': ['备注', 'Remarks'],
  'handover.steps': ['办理过程', 'Steps'],
  'handover.openNow': ['该车正在交接，等待接班人确认', 'It is being handed over and waits for whoever is to take it'],
  'handover.offer': ['交班', 'Hand over'],
})

export const useText = handoverTexts.useText
