// Texts of this page.
import { roomTexts } from '../../kit/i18n/i18n.ts'
import { partsTexts } from '../../parts/texts.ts'

export const looksTexts = roomTexts(partsTexts, {
  'looks.week': ['{{from}} 至 {{until}}', '{{from}} to {{until}}'],
  'looks.previous': ['上一周', 'The week before'],
  'looks.next': ['下一周', 'The week after'],
  'looks.total': ['共 {{n}} 人查看过轨迹', '{{n}} people looked at tracks'],
  'looks.emptyTitle': ['本周没有人查看过轨迹', 'Nobody looked at tracks this week'],
  'looks.emptyText': ['轨迹、行程、对照、导出与打印都会计入', 'Tracks, trips, comparisons, exports and prints are counted'],
  'looks.law': [
    '值得留意：一周查看 {{manyVehicles}} 辆及以上、工作时间以外查看 {{oddLooks}} 次及以上、被拒绝 {{manyRefused}} 次及以上、所在案卷立案已满 {{caseOpenDays}} 日仍未办结。读取上限：每人每分钟 {{looksPerMin}} 次，每小时 {{vehicleDaysPerHour}} 车日。此页不含轨迹内容',
    'Worth a second look: {{manyVehicles}} vehicles or more in a week, {{oddLooks}} look or more outside working hours, {{manyRefused}} refusals or more, a case that is open for {{caseOpenDays}} days or longer. Anyone reads at most {{looksPerMin}} times a minute and {{vehicleDaysPerHour}} vehicle-days an hour. Nothing of what was seen stands here',
  ],
  'looks.person': ['人员', 'Who'],
  'looks.looks': ['查看', 'Looks'],
  'looks.vehicles': ['车辆', 'Vehicles'],
  'looks.vehicleDays': ['车日', 'Vehicle-days'],
  'looks.cases': ['案卷', 'Cases'],
  'looks.left': ['导出 / 打印', 'Exported / printed'],
  'looks.refused': ['被拒绝', 'Refused'],
  'looks.odd': ['非工作时间', 'Outside hours'],
  'looks.unjudged': ['另有 {{n}} 次所在日期的工作日历未公布', '{{n}} more on days whose calendar is not announced'],
  'looks.oldest': ['最久的未结案卷', 'Oldest open case'],
  'looks.days': ['{{number}}，{{n}} 日', '{{number}}, {{n}} days'],
  'looks.unusual': ['值得留意', 'Worth a second look'],
  'looks.unusual.vehicles': ['车辆多', 'many vehicles'],
  'looks.unusual.odd': ['非工作时间', 'odd hours'],
  'looks.unusual.refused': ['多次被拒绝', 'many refusals'],
  'looks.unusual.oldCase': ['案卷久未办结', 'a case long open'],
  'looks.records': ['查看记录', 'Records'],
  'looks.cut': [
    '仅列出前 {{n}} 人，共 {{total}} 人；其余请在审计日志中按人员查询',
    'These are the first {{n}} of {{total}}; look for the others by name in the audit log',
  ],
})

export const useText = looksTexts.useText
