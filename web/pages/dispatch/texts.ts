// Texts of this page.
import { roomTexts } from '../../kit/i18n/i18n.ts'
import { tripTexts } from '../../parts/trip/texts.ts'

export const dispatchTexts = roomTexts(tripTexts, {
  'queue.title': ['待派申请', 'Waiting for a vehicle'],
  'queue.count': ['待派 {{n}}', '{{n}} waiting'],
  'queue.urgent': ['紧急 {{n}}', '{{n}} urgent'],
  'queue.emptyTitle': ['没有待派的申请', 'Nothing waits'],
  'queue.emptyText': ['审批同意和紧急用车的申请会立即出现在这里', 'Approved requests and emergencies appear here at once'],
  'queue.people': ['{{n}} 人', 'passengers: {{n}}'],
  'queue.soon': ['{{time}} 后出发', 'leaves in {{time}}'],
  'queue.late': ['已过出发时间', 'departure has passed'],
  'queue.keys': ['J / K 移动，回车打开，1–9 派车，U 撤销', 'J / K move, Enter opens, 1–9 assign, U undoes'],

  'board.title': ['派车板', 'Board'],
  'board.vehicles': ['车辆 {{n}}', 'Vehicles: {{n}}'],
  'board.drivers': ['驾驶员 {{n}}', 'Drivers: {{n}}'],
  'board.day': ['日', 'Day'],
  'board.week': ['周', 'Week'],
  'board.span': ['时间范围', 'Span'],
  'board.earlier': ['向前', 'Earlier'],
  'board.later': ['向后', 'Later'],
  'board.today': ['今天', 'Today'],
  'board.date': ['日期', 'Date'],
  'board.unit': ['单位', 'Unit'],
  'board.now': ['现在', 'Now'],
  'board.more': ['仅列出前 {{n}} 行，请按单位筛选', 'Only the first {{n}} rows are listed; choose a unit'],
  'board.seats': ['{{n}} 座', '{{n}} seats'],
  'board.bar': ['{{number}} {{to}}，{{when}}，{{state}}', '{{number}} {{to}}, {{when}}, {{state}}'],
  'board.keys': [
    '拖动可改派；或选中后用方向键移动、回车确认、Esc 放弃；回车查看',
    'Drag to reassign; or focus a bar and move it by arrow keys, Enter confirms, Esc gives up; Enter opens',
  ],
  'board.carried': ['{{number}} 移至 {{row}}，{{when}}', '{{number}} to {{row}}, {{when}}'],
  'board.free': ['无冲突，回车或松开即改派', 'no conflict; Enter or release to reassign'],
  'board.moved': ['{{number}} 已改派至 {{row}}，{{when}}', '{{number}} reassigned to {{row}}, {{when}}'],
  'board.putBack': ['未改派，已放回原处：{{why}}', 'Not reassigned and put back: {{why}}'],
  'clash.vehicle': ['车辆 {{when}} 已安排（{{what}}）{{free}}', 'the vehicle is taken {{when}} ({{what}}){{free}}'],
  'clash.driver': ['驾驶员 {{when}} 已有安排（{{what}}）{{free}}', 'the driver is taken {{when}} ({{what}}){{free}}'],
  'clash.next': ['；最早可从 {{time}} 出发', '; free for a departure from {{time}}'],
  'clash.kind': ['车辆任务只能移到车辆行，驾驶员任务只能移到驾驶员行', 'A trip moves from vehicle to vehicle, or from driver to driver'],
  'clash.state': ['车辆当前为“{{state}}”', 'the vehicle is “{{state}}”'],

  'chosen.none': ['从左侧选择一份申请，或在派车板上选择一次出车', 'Choose a request on the left, or a trip on the board'],
  'chosen.noneTitle': ['尚未选择', 'Nothing chosen'],
  'chosen.request': ['所选申请', 'The chosen request'],
  'chosen.order': ['所选派车单', 'The chosen order'],
  'chosen.gone': ['该申请现为“{{state}}”，无需派车', 'The request is now “{{state}}”; it needs no vehicle'],
  'chosen.openRequest': ['查看申请', 'Open the request'],
  'chosen.openOrder': ['查看派车单', 'Open the order'],

  'pairs.title': ['可派车辆 {{n}}', 'Can be given: {{n}}'],
  'pairs.none': ['没有可派的车辆，原因见下', 'No vehicle can be given; the reasons are below'],
  'pairs.points': ['{{n}} 分', '{{n}} points'],
  'pairs.assign': ['派{{plate}} {{driver}}', 'Assign {{plate}} {{driver}}'],
  'pairs.excluded': ['另有 {{n}} 辆不可派', '{{n}} more cannot be given'],
  'pairs.excludedFirst': ['仅列出前 {{n}} 辆', 'Only the first {{n}} are listed'],
  'pairs.asking': ['正在比较车辆和驾驶员', 'Comparing vehicles and drivers'],

  'why.PICK_UP': ['距上车点 {{km}} 公里', '{{km}} km to the pick-up'],
  'why.SEATS': ['余座 {{spare}}', '{{spare}} spare seats'],
  'why.USE': ['前后一周 {{orders}} 单', 'orders within a week: {{orders}}'],
  'why.USUAL_DRIVER': ['常用驾驶员', 'its usual driver'],
  'whyNot.SEATS': ['可乘 {{places}} 人，少于 {{passengers}} 人', 'takes {{places}} passengers, not {{passengers}}'],
  'whyNot.BUSY': ['{{from}} 至 {{until}} 已安排', 'taken from {{from}} to {{until}}'],
  'whyNot.EXPIRES': ['{{what}} {{day}}，早于行程结束', '{{what}} {{day}}, before the trip ends'],
  'whyNot.CHARGE': ['电量 {{has}}%，需 {{needed}}%', 'battery {{has}} %, needs {{needed}} %'],
  'whyNot.NO_DRIVER': ['没有合适的驾驶员', 'no driver is fit'],

  'assign.done': ['{{number}} 已派 {{plate}} {{driver}}', '{{number}}: {{plate}} {{driver}} assigned'],
  'assign.undo': ['撤销', 'Undo'],
  'assign.undone': ['已撤销 {{number}}，申请重新待派', '{{number}} undone; the request waits again'],
  'assign.undoReason': ['撤销派车', 'Assignment undone'],
  'assign.dismiss': ['知道了', 'Dismiss'],
  'assign.stale': ['他人刚刚作了改动，已载入最新情况', 'Somebody else has just changed it; the latest is loaded'],

  'move.title': ['改派', 'Reassign'],
  'move.reason': ['理由（可不填）', 'Reason (may be left empty)'],
  'move.void': ['撤销派车', 'Undo the assignment'],
})

export const useText = dispatchTexts.useText
export type Say = ReturnType<typeof useText>['t']
