// Texts of this page.
import { roomTexts } from '../../kit/i18n/i18n.ts'
import { tripTexts } from '../../parts/trip/texts.ts'

export const mishapsTexts = roomTexts(tripTexts, {
  'mishaps.total': ['共 {{n}} 条', '{{n}} records'],
  'mishaps.search': ['号牌', 'Plate'],
  'mishaps.emptyTitle': ['没有事故违章记录', 'No accidents or violations'],
  'mishaps.emptyText': [
    '由车管员登记，另一人核实；未核实前均为疑似',
    'Fleet managers enter them, another person verifies; until then each is suspected',
  ],
  'mishaps.enter': ['登记事故违章', 'Enter one'],
  'mishaps.title': ['{{kind}}记录 {{n}}', '{{kind}} {{n}}'],
  'mishaps.vehicle': ['车辆', 'Vehicle'],
  'mishaps.plate': ['号牌（事发时）', 'Plate at the time'],
  'mishaps.kind': ['类别', 'Kind'],
  'mishaps.state': ['状态', 'State'],
  'mishaps.at': ['发生时间', 'Time'],
  'mishaps.place': ['地点', 'Place'],
  'mishaps.text': ['情况', 'What happened'],
  'mishaps.noticeNo': ['文书编号', 'Notice no.'],
  'mishaps.drove': ['驾驶员', 'Who drove'],
  'mishaps.unknown': ['未知：当时没有派车单', 'Unknown: no order at that time'],
  'mishaps.byOrder': ['{{driver}}（按派车单 {{order}}）', '{{driver}} (by order {{order}})'],
  'mishaps.orderOnly': ['按派车单 {{order}}，未派驾驶员', 'By order {{order}}, without a driver'],
  'mishaps.liability': ['责任', 'Liability'],
  'mishaps.fine': ['罚款', 'Fine'],
  'mishaps.fineYuan': ['罚款（元）', 'Fine (yuan)'],
  'mishaps.points': ['记分', 'Points'],
  'mishaps.paidBy': ['罚款承担', 'Who bears the fine'],
  'mishaps.cost': ['其他费用', 'Other costs'],
  'mishaps.costYuan': ['维修以外的费用（元）', 'Costs beside repairs (yuan)'],
  'mishaps.insured': ['保险赔款', 'Insurance payout'],
  'mishaps.insuredYuan': ['保险赔款（元）', 'Insurance payout (yuan)'],
  'mishaps.unit': ['使用单位（事发时）', 'Unit at the time'],
  'mishaps.moved': ['现属 {{name}}', 'now with {{name}}'],
  'mishaps.repairs': ['维修', 'Repairs'],
  'mishaps.repair': ['维修单 {{n}}', 'Work order {{n}}'],
  'mishaps.bill': ['费用单 {{n}}', 'Bill {{n}}'],
  'mishaps.steps': ['办理过程', 'Steps'],
  'mishaps.verifyText': ['核实后保存当时派车单所示的驾驶员', 'Once verified, who drove is kept as the order says it now'],
  'mishaps.settleText': ['单位承担的部分登记为费用单，财务审核后入账', 'What the unit bears is entered as bills, which finance approves'],
})

export const useText = mishapsTexts.useText
export type Text = ReturnType<typeof useText>['t']
