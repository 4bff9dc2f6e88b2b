// Texts of this page.
import { roomTexts } from '../../kit/i18n/i18n.ts'
import { tripTexts } from '../../parts/trip/texts.ts'

export const sealingTexts = roomTexts(tripTexts, {
  'sealing.total': ['共 {{n}} 辆次', '{{n}} vehicles'],
  'sealing.search': ['号牌', 'Plate'],
  'sealing.emptyTitle': ['没有封存记录', 'Nothing was sealed'],
  'sealing.emptyText': [
    '节假日前制定封存计划，列入的车辆在这里封存、启封和核对',
    'Plan a holiday: the vehicles of the plan are sealed, unsealed and checked here',
  ],
  'sealing.plan': ['封存计划', 'Plan'],
  'sealing.planDays': ['{{name}} {{from}} 至 {{until}}', '{{name}} {{from}} to {{until}}'],
  'sealing.new': ['制定封存计划', 'Plan a sealing'],
  'sealing.newText': [
    '本单位及下级的可用公务车和租赁车全部列入；应急保障、已派车和维修中的车辆自动除外，执法执勤车不列入。日期须是日历中的节假日或休息日',
    'Every available official and leased vehicle of the unit and below is in it but those for emergencies, on an order or in upkeep; law enforcement is not. All days must be free by the calendar',
  ],
  'sealing.unit': ['单位', 'Unit'],
  'sealing.unitBelow': ['单位（含下级）', 'Unit, and all below it'],
  'sealing.fromDay': ['开始日', 'From the day'],
  'sealing.untilDay': ['结束日', 'Until the day'],
  'sealing.duty': ['值班车号牌', 'Plates on duty'],
  'sealing.dutyHint': ['多辆以逗号或空格分隔；不在本单位的号牌会提示', 'Several are parted by commas or blanks'],
  'sealing.dutyUnknown': ['没有找到号牌：{{plates}}', 'No such vehicle: {{plates}}'],
  'sealing.vehicle': ['车辆', 'Vehicle'],
  'sealing.state': ['封存状态', 'State'],
  'sealing.exemptWhy': ['不封存原因', 'Exempt because'],
  'sealing.place': ['停放地点', 'Where it stands'],
  'sealing.keyKeeper': ['钥匙保管人', 'Key keeper'],
  'sealing.span': ['封存时间', 'Sealed'],
  'sealing.proof': ['轨迹核对', 'Proof'],
  'sealing.proofWaits': ['期满后核对', 'After the holiday'],
  'sealing.proof.stayed': ['定位显示原地未动', 'Positions show that it stayed'],
  'sealing.proof.unproved': [
    '{{from}} 至 {{until}} 没有定位（{{hours}} 小时），不能证明，也不说明违规',
    'No positions from {{from}} to {{until}} ({{hours}} h): not proved, and no reproach',
  ],
  'sealing.proof.moved': [
    '{{from}} 至 {{until}} 在别处，最远 {{m}} 米；疑似，须核实',
    'Elsewhere from {{from}} to {{until}}, {{m}} m at most: suspected until verified',
  ],
  'sealing.replay': ['回放当时轨迹', 'Replay where it went'],
  'sealing.finding': ['查看监督线索', 'Open the finding'],
  'sealing.photos': ['停放照片', 'Photos'],
  'sealing.photo': ['照片 {{n}}', 'Photo {{n}}'],
  'sealing.addPhoto': ['添加照片', 'Add a photo'],
  'sealing.noPhotos': ['还没有照片；封存前须先添加', 'No photos yet; one is needed before it is sealed'],
  'sealing.steps': ['办理过程', 'Steps'],
  'sealing.units': ['各单位', 'By unit'],
  'sealing.unitSealed': ['列入 {{n}}，已封存 {{sealed}}', '{{n}} in the plan, {{sealed}} sealed'],
  'sealing.count': ['{{what}} {{n}}', '{{what}} {{n}}'],
  'sealing.selectPage': ['选择本页全部', 'Choose all of this page'],
  'sealing.select': ['选择 {{plate}}', 'Choose {{plate}}'],
  'sealing.chosen': ['{{action}}（{{n}}）', '{{action}} ({{n}})'],
})

export const useText = sealingTexts.useText
