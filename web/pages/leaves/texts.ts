// Texts of this page.
import { roomTexts } from '../../kit/i18n/i18n.ts'
import { tripTexts } from '../../parts/trip/texts.ts'

export const leavesTexts = roomTexts(tripTexts, {
  'leaves.total': ['共 {{n}} 项', '{{n}} requests'],
  'leaves.emptyTitle': ['没有请假申请', 'No requests for leave'],
  'leaves.emptyText': ['驾驶员在手机上申请请假后，在这里审批', 'What drivers ask for on their phones is decided here'],
  'leaves.state': ['状态', 'State'],
  'leaves.driver': ['驾驶员', 'Driver'],
  'leaves.kind': ['类别', 'Kind'],
  'leaves.days': ['日期', 'Days'],
  'leaves.trips': ['期间派车', 'Trips then'],
  'leaves.tripsNone': ['无', 'None'],
  'leaves.tripsCount': ['{{n}} 项，须作决定', '{{n}}, want a decision'],
  'leaves.tripHidden': ['不公开的任务', 'A trip that is not shown'],
  'leaves.reason': ['事由', 'Reason'],
  'leaves.unit': ['单位', 'Unit'],
  'leaves.steps': ['办理过程', 'Steps'],
  'leaves.giveBack': [
    '批准后收回期间的派车单，相应申请重新等待派车',
    'Granting it takes the trips in those days back; their requests wait for a vehicle again',
  ],
  'leaves.underWay': ['有任务正在执行，收车后再批准', 'A trip is under way; grant it when it is back'],
  'leaves.own': ['本人的请假，由他人审批', 'Your own leave; somebody else decides'],
})

export const useText = leavesTexts.useText
