// Texts that the maps themselves show.
import { type RoomText, roomTexts } from '../kit/i18n/i18n.ts'
import { kitTexts } from '../kit/texts.ts'

export const mapTexts = roomTexts(kitTexts, {
  'map.title': ['车辆态势地图', 'Live vehicle map'],
  'map.zoomIn': ['放大', 'Zoom in'],
  'map.zoomOut': ['缩小', 'Zoom out'],
  'map.region': ['全区范围', 'Whole region'],
  'map.north': ['恢复正北', 'Reset to north'],
  'map.schematic': ['离线示意图（仅供业务示意）', 'Offline schematic'],
  'map.sourceFailed': ['底图加载失败，已改用离线示意图', 'Base map unavailable, showing the offline schematic'],
  'map.reviewNo': ['审图号：{{no}}', 'Map review no. {{no}}'],
  'map.plateLoading': ['号牌待载入', 'Plate loading'],
  'map.bubbleMoving': ['，行驶 {{moving}} 辆', ', {{moving}} moving'],
  'map.start': ['起', 'S'],
  'map.end': ['止', 'E'],
})

/** Says a text of the maps in one language; outside React, where the map is. */
export type SayMap = RoomText<typeof mapTexts>
export const sayIn = mapTexts.sayIn
