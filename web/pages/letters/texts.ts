// Texts of this page.
import { roomTexts } from '../../kit/i18n/i18n.ts'
import { partsTexts } from '../../parts/texts.ts'

export const lettersTexts = roomTexts(partsTexts, {
  'letters.total': ['共 {{n}} 份', '{{n}} letters'],
  'letters.emptyTitle': ['没有监督月报', 'No letters'],
  'letters.emptyText': ['月度结束后，由主管部门或纪检监察制发', 'Made by the bureau or inspection once a month is over'],
  'letters.noMatchTitle': ['没有符合条件的监督月报', 'No letter matches'],
  'letters.noMatchText': ['放宽条件再查', 'Ask for more'],
  'letters.number': ['编号', 'No.'],
  'letters.organisation': ['送达单位', 'To'],
  'letters.unit': ['全部单位', 'All units'],
  'letters.month': ['月份', 'Month'],
  'letters.findings': ['线索', 'Findings'],
  'letters.waiting': ['待说明', 'Waiting'],
  'letters.madeAt': ['制发时间', 'Made at'],
  'letters.make': ['制发月报', 'Make a letter'],
  'letters.monthHint': ['已结束的月份，如 2026-11', 'A month that is over, such as 2026-11'],
  'letters.note': [
    '每单位每月一份，编号后不再更改；只含已告知的线索，涉密车辆不在此列',
    'One of each organisation and month, numbered and never changed; findings that were told alone, nothing of sensitive vehicles',
  ],
  'letters.download': ['下载', 'Download'],
})
export const { useText } = lettersTexts
