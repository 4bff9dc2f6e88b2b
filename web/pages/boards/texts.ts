// Texts of this page.
import { roomTexts } from '../../kit/i18n/i18n.ts'
import { partsTexts } from '../../parts/texts.ts'

export const boardsTexts = roomTexts(partsTexts, {
  'boards.unit': ['全部管辖范围', 'All of my scope'],
  'boards.earlier': ['上一年', 'Year before'],
  'boards.later': ['下一年', 'Year after'],
  'boards.prepared': ['数据截至 {{time}}', 'Figures of {{time}}'],
  'boards.waiting': ['部分数据正在准备，稍后自动显示', 'Some figures are still being prepared and appear by themselves'],
  'boards.empty': ['暂无数据', 'Nothing yet'],
  'boards.asChart': ['图', 'Chart'],
  'boards.asTable': ['表', 'Table'],
  'boards.shownAs': ['{{chart}}：显示方式', '{{chart}}: shown as'],
  'boards.open': ['查看{{row}}的{{measure}}明细', 'Open the rows of {{measure}}, {{row}}'],
  'boards.yuan': ['元', 'yuan'],
  'boards.largest': ['图中为数值最大的 {{n}} 项，全部 {{of}} 项见表', 'The {{n}} largest of {{of}} are drawn; the table has all'],
  'boards.print': ['打印', 'Print'],
})
export const { useText } = boardsTexts
