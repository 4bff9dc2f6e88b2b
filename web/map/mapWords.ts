// The few words the map itself shows, in both languages. The rest of the interface has its own dictionary.
import { vehicleStatuses } from '../../services/domain/status.ts'
import { wordLists } from '../../services/domain/words.ts'

export type MapLocale = 'zh-CN' | 'en'

const zh = {
  map: '车辆态势地图',
  zoomIn: '放大',
  zoomOut: '缩小',
  region: '全区范围',
  north: '恢复正北',
  schematic: '离线示意图（仅供业务示意）',
  sourceFailed: '底图加载失败，已改用离线示意图',
  reviewNo: (no: string) => (no.includes('审图号') ? no : `审图号：${no}`),
  status: vehicleStatuses.map((status) => wordLists.status[status][0]) as readonly string[],
  unknownPlate: '号牌待载入',
  bubbleMoving: (moving: string) => `，行驶 ${moving} 辆`,
  start: '起',
  end: '止',
  ago: (seconds: number): string =>
    seconds < 60
      ? `${seconds} 秒前`
      : seconds < 3600
        ? `${Math.floor(seconds / 60)} 分钟前`
        : seconds < 172_800
          ? `${Math.floor(seconds / 3600)} 小时前`
          : `${Math.floor(seconds / 86_400)} 天前`,
}

const en: typeof zh = {
  map: 'Live vehicle map',
  zoomIn: 'Zoom in',
  zoomOut: 'Zoom out',
  region: 'Whole region',
  north: 'Reset to north',
  schematic: 'Offline schematic',
  sourceFailed: 'Base map unavailable, showing the offline schematic',
  reviewNo: (no) => (no.includes('审图号') ? no : `Map review no. ${no}`),
  status: vehicleStatuses.map((status) => wordLists.status[status][1]),
  unknownPlate: 'Plate loading',
  bubbleMoving: (moving) => `, ${moving} moving`,
  start: 'S',
  end: 'E',
  ago: (seconds) =>
    seconds < 60
      ? `${seconds} s ago`
      : seconds < 3600
        ? `${Math.floor(seconds / 60)} min ago`
        : seconds < 172_800
          ? `${Math.floor(seconds / 3600)} h ago`
          : `${Math.floor(seconds / 86_400)} d ago`,
}

export type MapWords = typeof zh
export const wordsOf = (locale: MapLocale): MapWords => (locale === 'en' ? en : zh)
