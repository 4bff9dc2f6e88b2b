// Texts of the shell.
import { type RoomText, roomTexts } from '../kit/i18n/i18n.ts'
import { kitTexts } from '../kit/texts.ts'

export const appTexts = roomTexts(kitTexts, {
  'product.name': ['莫林 Morin', 'Morin 莫林'],

  'account.label': ['账号：{{name}}', 'Account: {{name}}'],

  'group.live': ['态势', 'Live'],
  'group.dispatch': ['调度', 'Dispatch'],
  'group.trips': ['用车', 'Trips'],
  'group.fleet': ['车辆与人员', 'Fleet & staff'],
  'group.oversight': ['监督', 'Oversight'],
  'group.audit': ['审计', 'Audit'],
  'group.reports': ['统计', 'Reports'],
  'group.operations': ['运维', 'Operations'],
  'group.system': ['系统', 'System'],
  'rail.more': ['更多', 'More'],
  'rail.waiting': ['{{n}} 项待办', '{{n}} waiting'],

  'shell.skip': ['跳到正文', 'Skip to content'],

  'scope.label': ['管辖范围', 'Scope'],
  'scope.change': ['更换管辖范围', 'Change scope'],

  'search.vehicles': ['车辆', 'Vehicles'],
  'search.drivers': ['驾驶员', 'Drivers'],
  'search.terminals': ['车载终端', 'Terminals'],
  'search.units': ['单位', 'Units'],
  'search.places': ['地点', 'Places'],
  'search.accounts': ['账号', 'Accounts'],
  'search.more': ['共 {{n}} 项，显示前 {{shown}} 项', '{{n}} in all, the first {{shown}} shown'],
  'search.results': ['搜索结果', 'Search results'],
  'search.hint': [
    '输入号牌、终端编号、单位、人员或地点名称的一部分。↑ ↓ 选择，Enter 打开，Esc 关闭',
    'Type a part of a plate or a terminal’s number, or of the name of a unit, a person or a place. ↑ ↓ choose, Enter opens, Esc closes',
  ],
  'search.keys': ['↑ ↓ 选择，Enter 打开，Esc 关闭', '↑ ↓ choose, Enter opens, Esc closes'],
  'search.busy': ['正在搜索…', 'Searching…'],
  'search.none': ['管辖范围内没有与“{{q}}”相符的内容', 'Nothing in your scope matches "{{q}}"'],

  'error.reload': ['系统可能刚刚更新，重新载入页面即可', 'The system may just have been updated; reloading the page helps'],

  'notFound.title': ['没有这个页面', 'There is no such page'],
  'notFound.text': ['地址可能有误，或页面已经移走。', 'The address may be wrong, or the page has moved.'],
  'notFound.home': ['回到首页', 'Back to the home page'],

  'notAllowed.title': ['{{role}}不能使用“{{page}}”页面', 'The page "{{page}}" is not open to: {{role}}'],
  'notAllowed.plainTitle': ['{{role}}不能使用该页面', 'This page is not open to: {{role}}'],
  'notAllowed.text': [
    '{{roleFor}}如工作需要，请由系统管理员提出授权申请，经安全管理员授权后使用。',
    '{{roleFor}} If your work needs it, the system administrator asks for the role and the security administrator grants it.',
  ],

  'page.audit': ['审计', 'Audit'],
  'page.exchange': ['导入导出', 'Import/export'],
  'page.calendar': ['日历', 'Calendar'],
})

export const useText = appTexts.useText
export type Text = RoomText<typeof appTexts>
export type TextKey = Parameters<Text>[0]
