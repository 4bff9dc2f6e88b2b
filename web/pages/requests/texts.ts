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
  'requests.purposeKind': ['用车类型', 'Kind of duty'],
  'requests.purposeHint': ['如：赴武川县调研秋收', 'For example: inspection of the harvest in Wuchuan'],
  'requests.placeHint': ['单位、地点或地址', 'Unit, place or address'],
  'requests.viaHint': ['多个地点用顿号或逗号分开', 'Several places are separated by commas'],
  'requests.travellersHint': ['姓名，可不填', 'Names; may be left empty'],
  'requests.contactPhone': ['联系电话', 'Telephone'],
  'requests.selfDrive': ['自行驾驶，不需要驾驶员', 'We drive ourselves; no driver is needed'],
})

export const useText = requestsTexts.useText
