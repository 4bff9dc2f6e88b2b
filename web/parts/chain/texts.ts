// Texts of a chain of approvals, which desk and phone show.
import { roomTexts } from '../../kit/i18n/i18n.ts'
import { kitTexts } from '../../kit/texts.ts'

export const chainTexts = roomTexts(kitTexts, {
  'chain.title': ['审批环节', 'Who approves'],
  'chain.nobody': ['暂无审批人，逾期自动转上级', 'Nobody yet; it goes up one level by its time limit'],
  'chain.unknown': ['以下情形无法判断，请审批人核实：{{grounds}}', 'Could not be judged; please check: {{grounds}}'],
  'chain.km': ['单程约 {{km}} 公里', 'About {{km}} km one way'],
  'chain.limits': ['{{remind}} 小时未办提醒，{{up}} 小时未办转上级', 'Reminded after {{remind}} h, one level up after {{up}} h'],
  'chain.waits': ['待办', 'waits'],
  'lease.noPool': [
    '本单位和车队届时没有合适的空闲车辆，可申请租赁车辆',
    'No vehicle of the unit or its pool fits and is free then; a leased one can be asked for',
  ],
  'lease.poolFits': ['本单位或车队届时有合适的空闲车辆', 'The unit or its pool has a vehicle that fits and is free'],
  'lease.offer': ['{{name}}{{what}}：约 {{yuan}}', '{{name}} {{what}}: about {{yuan}}'],
  'lease.own': ['公务用车按里程价约 {{yuan}}', 'An official vehicle would be about {{yuan}} by its price'],
  'lease.none': ['当地没有定点租赁单位的价目', 'No designated supplier has a price here'],
  'lease.withoutKm': ['里程未知，价格不含里程费', 'The distance is not known and not in the price'],
  'lease.choose': ['改为申请租赁车辆', 'Ask for a leased vehicle instead'],
  'green.title': ['路程较短，建议绿色出行', 'A short way: no vehicle is needed'],
  'green.offer': ['{{way}}：少行驶 {{km}} 公里，约节约 {{yuan}}', '{{way}}: {{km}} km not driven, about {{yuan}} saved'],
  'green.choose': ['改为{{way}}', '{{way}} instead'],
  'green.shareTitle': ['有同路车辆，可拼车', 'A vehicle goes your way'],
  'green.shared': [
    '{{from}} 上车，{{until}} 到达：少行驶 {{km}} 公里，约节约 {{yuan}}',
    'Picked up {{from}}, there {{until}}: {{km}} km not driven, about {{yuan}} saved',
  ],
  'green.longer': ['乘车约 {{shared}} 分钟，直达约 {{direct}} 分钟', 'about {{shared}} min in the vehicle, {{direct}} direct'],
  'green.share': ['申请拼车', 'Share it'],
  'green.shareChosen': ['已选拼车', 'Will share'],
  'green.shareNote': [
    '提交并获批后征求同车人同意；未成行的照常派车',
    'Once approved the others are asked; if they decline you are given a vehicle as usual',
  ],
  'green.done': ['已记录{{way}}：少行驶 {{km}} 公里，约节约 {{yuan}}', '{{way}} is on record: {{km}} km not driven, about {{yuan}} saved'],
  'chain.done': ['已办', 'done'],
})

export const useText = chainTexts.useText
