// Money as it is written and typed: yuan with two places, kept in whole fen.
export const yuan = (fen: number): string => `${fen < 0 ? '−' : ''}¥${(Math.abs(fen) / 100).toFixed(2)}`

/** 35.5 → 3550; null when it is no amount above zero. */
export function fenOf(text: string): number | null {
  const shape = /^(\d{1,6})(?:[.。](\d{1,2}))?$/.exec(text.trim().replace(/[¥￥,，]/g, ''))
  const fen = shape ? Number(shape[1]) * 100 + Number((shape[2] ?? '').padEnd(2, '0')) : 0
  return fen > 0 ? fen : null
}
