// A page of a list that an index keeps in order is cut from the nearer end: the last page then costs what the first one does.

export type Cut = { direction: 'ASC' | 'DESC'; limit: number; offset: number }

/** Rows of a cut from the far end come in the order of `direction`; sort the page once more. */
export function cutOf({ limit, offset }: { limit: number; offset: number }, total: number): Cut {
  if (offset * 2 <= total) return { direction: 'ASC', limit, offset }
  const rows = Math.max(0, Math.min(limit, total - offset))
  return { direction: 'DESC', limit: rows, offset: Math.max(0, total - offset - rows) }
}
