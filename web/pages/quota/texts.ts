// Texts of this page.
import { type RoomText, roomTexts } from '../../kit/i18n/i18n.ts'
import { partsTexts } from '../../parts/texts.ts'

export const quotaTexts = roomTexts(partsTexts, {
  'quota.search': ['单位名称或拼音', 'Unit, or its pinyin'],
  'quota.only': ['编制情况', 'Standing'],
  'quota.only.over': ['超编', 'Over quota'],
  'quota.only.vacant': ['有空编', 'With vacancies'],
  'quota.only.open': ['有申请在办', 'With an application'],
  'quota.seats': ['编制数', 'Quota'],
  'quota.inService': ['在用', 'In service'],
  'quota.vacant': ['空编', 'Vacant'],
  'quota.over': ['超编', 'Over'],
  'quota.open': ['在办申请', 'Application'],
  'quota.openSeats': ['{{state}}：{{n}} 个', '{{state}}: {{n}}'],
  'quota.apply': ['申请编制', 'Apply for quota'],
  'quota.emptyTitle': ['没有符合条件的编制', 'No quota matches'],
  'quota.emptyText': ['换一个条件再看', 'Try other filters'],
  'quota.rows': ['{{n}} 项', '{{n}} rows'],
  'quota.effectiveFrom': ['生效日期', 'From'],
  'quota.reason': ['申请理由', 'Reason'],
  'quota.returnedWhy': ['退回原因', 'Returned because'],
  'quota.applications': ['历次编制', 'Applications'],
  'quota.belowInService': ['低于在用 {{n}} 辆，不能批准', 'Below the {{n}} in service; it cannot be approved'],
})

export const useText = quotaTexts.useText
type Text = RoomText<typeof quotaTexts>
export type TextKey = Parameters<Text>[0]
