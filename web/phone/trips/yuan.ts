// Money as it is typed on a phone.
/** 35.5 → 3550; null when it is no amount above zero. */
export function fenTyped(text: string): number | null {
  const shape = /^(\d{1,6})(?:[.。](\d{1,2}))?$/.exec(text.trim().replace(/[¥￥,，]/g, ''))
  const fen = shape ? Number(shape[1]) * 100 + Number((shape[2] ?? '').padEnd(2, '0')) : 0
  return fen > 0 ? fen : null
}
