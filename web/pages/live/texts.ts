// Texts of this page.
import { roomTexts } from '../../kit/i18n/i18n.ts'
import { partsTexts } from '../../parts/texts.ts'

export const liveTexts = roomTexts(partsTexts, {
  'live.map': ['车辆位置地图', 'Map of vehicle positions'],
  'live.panel': ['数量、筛选与列表', 'Counts, filters and list'],
  'live.loading': ['正在载入地图…', 'Loading the map…'],
  'live.vehicles': ['辆', 'vehicles'],
  'live.summary': ['{{total}} 辆 · 行驶 {{moving}}', '{{total}} vehicles · {{moving}} moving'],

  'counts.title': ['车辆数量', 'Vehicle counts'],
  'counts.never': ['其中 {{n}} 辆从未上报位置', '{{n}} of them never reported a position'],
  'counts.spoken': [
    '共 {{total}} 辆，行驶 {{moving}}，怠速 {{idle}}，停放 {{parked}}，离线 {{offline}}',
    '{{total}} vehicles: {{moving}} moving, {{idle}} idling, {{parked}} parked, {{offline}} offline',
  ],

  'inView.title': ['视野内车辆', 'Vehicles in view'],
  'inView.total': ['视野内 {{n}} 辆', '{{n}} in view'],
  'inView.more': ['仅列出前 {{n}} 辆', 'Only the first {{n}} are listed'],
  'inView.emptyTitle': ['视野内没有车辆', 'No vehicle in view'],
  'inView.emptyText': ['移动或缩小地图，或清除筛选，即可看到车辆。', 'Move or zoom out the map, or clear the filters, to see vehicles.'],
  'inView.cellsTitle': ['地图按区域汇总', 'The map shows areas'],
  'inView.cellsText': ['放大地图后逐车列出。', 'Zoom in to list single vehicles.'],

  'purpose.title': ['查看事由', 'Purpose of viewing'],
  'purpose.text': [
    '按规定，查看车辆实时位置和轨迹须先填写事由。事由、查看人和时间将写入审计记录。',
    'Live positions and tracks may be looked at only with a stated purpose. The purpose, who looks and when are written to the audit log.',
  ],
  'purpose.label': ['查看事由', 'Purpose'],
  'purpose.example': ['例如：核查信访件反映的公车使用问题', 'For example: checking a complaint about the use of an official vehicle'],
  'purpose.length': ['请填写 4 至 200 个字', 'Use 4 to 200 characters'],
  'purpose.submit': ['确认并查看', 'Confirm and view'],
  'purpose.cancel': ['取消', 'Cancel'],
  'purpose.bar': ['查看事由：', 'Purpose: '],
  'purpose.who': ['查看人：{{name}}', 'Viewed by: {{name}}'],
  'purpose.since': ['自 {{time}} 起', 'since {{time}}'],
  'purpose.change': ['变更事由', 'Change purpose'],

  'wall.open': ['大屏', 'Wall display'],
  'wall.close': ['退出大屏', 'Leave the wall display'],
  'wall.title': ['{{scope}} · 公务用车态势', '{{scope}} · official vehicles now'],
  'wall.total': ['车辆总数', 'Vehicles'],

  'vehicle.locate': ['在地图上定位', 'Locate on the map'],
  'vehicle.findings': ['有未处理的疑点', 'Open findings'],
})

export const useText = liveTexts.useText
