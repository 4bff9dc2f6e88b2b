// Texts of this page.
import { roomTexts } from '../../kit/i18n/i18n.ts'
import { tripTexts } from '../../parts/trip/texts.ts'

export const requestsTexts = roomTexts(tripTexts, {
  'requests.search': ['事由、地点或单位', 'Purpose, place or unit'],
  'requests.total': ['共 {{n}} 份', '{{n}} requests'],
  'requests.emptyTitle': ['还没有用车申请', 'No requests yet'],
  'requests.emptyText': ['提出申请后在此查看审批和派车进展', 'Once a vehicle is asked for, its approval and dispatch are shown here'],
  'requests.add': ['申请用车', 'Ask for a vehicle'],
  'requests.filterUnit': ['用车单位', 'Unit'],
  'requests.waiting': ['待办', 'Waiting'],
  'requests.waiting.approval': ['待审批', 'for approval'],
  'requests.waiting.dispatch': ['待派车', 'for a vehicle'],
  'requests.waiting.own': ['我申请的', 'mine'],
  'requests.none': ['未派车', 'none yet'],
  'requests.waits': ['等待下一环节办理', 'Waiting for the next step by others'],
  'requests.dispatch': ['去派车', 'Dispatch'],

  'requests.change': ['修改', 'Change'],
  'requests.changeTitle': ['修改用车申请', 'Change the request'],
  'requests.changeText': [
    '已同意的申请修改时间、地点、人数或事由后须重新审批',
    'What was approved is approved anew when its time, places, passengers or purpose change',
  ],
  'requests.send': ['提交申请', 'Send'],
  'requests.saveDraft': ['保存草稿', 'Save as a draft'],
  'requests.draft': ['先存为草稿，暂不提交', 'Keep as a draft for now'],
  'requests.emergencyText': [
    '紧急用车无须事前审批，提交后立即派车；须在 {{hours}} 小时内补批，逾期将记录在案',
    'An emergency is dispatched at once, without approval; it must be approved within {{hours}} h afterwards, and a late approval stays on record',
  ],
  'requests.select': ['选择 {{to}}', 'Select {{to}}'],
  'requests.selectPage': ['选择本页', 'Select this page'],
  'requests.approveChosen': ['同意 {{n}} 份', 'Approve {{n}}'],
  'requests.unselect': ['取消选择', 'Clear the selection'],
  'requests.approved': ['已同意 {{n}} 份', '{{n}} approved'],
  'requests.refused': ['{{to}}：{{why}}', '{{to}}: {{why}}'],
  'requests.turn': ['第 {{at}}/{{of}} 环节', 'Step {{at}} of {{of}}'],
  'requests.again': ['再次申请', 'Ask again'],
  'requests.back': ['申请返程', 'Ask for the way back'],
  'requests.backTitle': ['申请返程用车', 'Ask for the way back'],

  'series.title': ['周期用车（{{n}} 次）', 'Recurring: {{n}} trips'],
  'series.repeats': ['重复', 'Repeats'],
  'series.once': ['不重复', 'Once'],
  'series.interval': ['间隔（天、周或月）', 'Every how many days, weeks or months'],
  'series.times': ['次数', 'How often'],
  'series.untilDay': ['按截止日期', 'by the last day'],
  'series.until': ['或截止日期', 'Or until'],
  'series.send': ['提交周期申请', 'Send the series'],
  'series.change': ['修改本次及以后各次', 'Change this and all later ones'],
  'series.cancel': ['取消本次及以后各次', 'Cancel this and all later ones'],
  'series.approveAll': ['同意待批的 {{n}} 次', 'Approve all {{n}} that wait'],

  'rules.title': ['审批规则', 'Rules of approval'],
  'rules.text': [
    '用车申请均由本单位审批；符合下列情形的，另报盟市或自治区机关事务管理局审批。以最近的上级组织的规则为准，已提交的申请按提交时的规则办理',
    'Every request is approved by its unit; in these cases the bureau of the league or of the region decides as well. The nearest organisation’s rules hold; what has been sent keeps the rules of then',
  ],
  'rules.set': ['设置规则', 'Set rules'],
  'rules.setText': [
    '规则自生效日期起，适用于所选组织及其下级',
    'Rules hold from their day on, for the organisation and everything below it',
  ],
  'rules.begins': [
    '已填入现行规则（{{of}}，自 {{day}} 起）。保存后所选组织按此处规则办理，不再沿用上级规则',
    'Filled in is what holds now ({{of}}, from {{day}}). Once saved, these rules hold for the organisation, and none from above',
  ],
  'rules.region': ['默认规则', 'Unless set otherwise'],
  'rules.unit': ['适用组织', 'Holds for'],
  'rules.from': ['自 {{day}} 起', 'from {{day}}'],
  'rules.unitAlone': ['由本单位审批即可', 'The unit alone decides'],
  'rules.km': ['单程超过 {{km}} 公里', 'further than {{km}} km one way'],
  'rules.kmUnit': ['公里', 'km'],
  'rules.least': ['{{size}}及以上', '{{size}} or larger'],
  'rules.limits': [
    '{{remind}} 小时未办提醒，{{up}} 小时未办转上级；转上级后 {{both}} 小时内两级均可审批',
    'Reminded after {{remind}} h, one level up after {{up}} h; for {{both}} h more both levels may decide',
  ],
  'rules.add': ['增加情形', 'Add a case'],
  'rules.remove': ['删除第 {{n}} 条', 'Remove number {{n}}'],
  'rules.removeShort': ['删除', 'Remove'],

  'deputies.title': ['代审批', 'Deputy'],
  'deputies.text': [
    '外出或休假期间，可指定一名同一角色的人员代为审批，即时生效，随时可以结束。代审批人不得审批本人的申请',
    'While you are away somebody of the same role may decide in your name, from that moment on and until you end it; never what that person asked for',
  ],
  'deputies.name': ['指定代审批人', 'Name the deputy'],
  'deputies.deputy': ['代审批人', 'Deputy'],
  'deputies.nobody': ['没有符合条件的人员', 'Nobody is fit'],
  'deputies.own': ['由{{name}}代我审批', '{{name}} decides for me'],
  'deputies.others': ['我代{{name}}审批', 'I decide for {{name}}'],
  'deputies.end': ['结束', 'End'],

  'requests.leaseText': [
    '向定点租赁单位租车；审批流程与公务用车相同，派车时按价目约定价格。',
    'From a designated supplier; approved like any other trip, and the price is agreed on when it is dispatched.',
  ],
  'requests.equipmentHint': ['需要的随车装备，可不选', 'What the vehicle must have aboard, if anything'],
  'requests.purposeKind': ['用车类型', 'Kind of duty'],
  'requests.purposeHint': ['如：赴武川县调研秋收', 'For example: inspection of the harvest in Wuchuan'],
  'requests.placeHint': ['单位、地点或地址', 'Unit, place or address'],
  'requests.viaHint': ['多个地点用顿号或逗号分开', 'Several places are separated by commas'],
  'requests.companionsHint': ['有账户的同行人员，可查看车辆位置', 'Those with accounts follow the vehicle'],
  'requests.travellersHint': ['姓名，可不填', 'Names; may be left empty'],
  'requests.contactPhone': ['联系电话', 'Telephone'],
  'requests.selfDrive': ['自行驾驶，不需要驾驶员', 'We drive ourselves; no driver is needed'],
})

export const useText = requestsTexts.useText
export type TextKey = Parameters<ReturnType<typeof useText>['t']>[0]
