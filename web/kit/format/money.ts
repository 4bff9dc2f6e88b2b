// Money as it is read and typed: yuan on the page, whole fen on the wire.

const yuan = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })

/** ¥1,235.00 of 123500 */
export const formatFen = (fen: number): string => `${fen < 0 ? '−' : ''}¥${yuan.format(Math.abs(fen) / 100)}`
/** Whole fen of an amount in yuan, to the nearest. */
export const fenOf = (amount: number): number => Math.round(amount * 100)
