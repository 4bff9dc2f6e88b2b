// Texts of this page.
import { roomTexts } from '../../kit/i18n/i18n.ts'
import { partsTexts } from '../../parts/texts.ts'

export const explanationsTexts = roomTexts(partsTexts, {
  'explanations.total': ['共 {{n}} 件', '{{n}} in all'],
  'explanations.emptyTitle': ['没有需要说明的事项', 'Nothing to explain'],
  'explanations.emptyText': [
    '审计或纪检人员需要您说明用车情况时，会出现在这里',
    'When an auditor asks you to explain a use of a vehicle, it stands here',
  ],
  'explanations.plate': ['号牌号码', 'Plate'],
  'explanations.when': ['时间', 'Time'],
  'explanations.question': ['需说明的问题', 'Question'],
  'explanations.due': ['答复期限', 'Answer by'],
  'explanations.state': ['状态', 'State'],
  'explanations.answer': ['说明', 'Your answer'],
  'explanations.give': ['作出说明', 'Answer'],
  'explanations.hint': [
    '请如实说明时间、地点、事由和同行人员；提交后不能自行修改',
    'Say when, where, why and with whom; once sent you cannot change it yourself',
  ],
  'explanations.hidden': ['涉密车辆', 'A sensitive vehicle'],
  'explanations.waits': ['待说明', 'Awaits your answer'],
  'explanations.late': ['已逾期，仍可说明', 'Overdue, and still taken'],
  'explanations.given': ['已说明', 'Answered'],
})

export const useText = explanationsTexts.useText
