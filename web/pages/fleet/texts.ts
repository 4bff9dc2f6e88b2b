// Texts of this page.
import { roomTexts } from '../../kit/i18n/i18n.ts'
import { partsTexts } from '../../parts/texts.ts'

export const fleetTexts = roomTexts(partsTexts, {
  'search.placeholder': ['号牌、单位或驾驶员', 'Plate, unit or driver'],

  'report.never': ['从未上报', 'Never'],

  'fleet.total': ['共 {{n}} 辆', '{{n}} vehicles'],
  'fleet.clockAhead': ['时钟超前 {{time}}', 'Clock ahead by {{time}}'],
  'fleet.emptyTitle': ['没有车辆', 'No vehicles'],
  'fleet.emptyText': ['管辖范围内登记车辆后，会列在这里。', 'Vehicles registered in your scope are listed here.'],
  'fleet.emptyFiltered': ['没有车辆符合当前的搜索和筛选条件。', 'No vehicle matches the search and the filters.'],

  'column.status': ['状态', 'Status'],
  'column.class': ['分类', 'Class'],
  'column.driver': ['驾驶员', 'Driver'],
  'column.last': ['最近上报', 'Last report'],

  'secret.coarse': ['涉密，仅显示大致位置', 'Sensitive: approximate position only'],
  'secret.about': ['约 {{age}}', 'about {{age}}'],
})

export const useText = fleetTexts.useText
