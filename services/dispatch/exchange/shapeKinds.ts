// Kinds of columns that say where. Figures are written as the shortest text that is the same number again.
import type { Kind } from './kinds.ts'
import { normaliseCode } from './normalise.ts'
import { words } from './words.ts'

export function decimal(min: number, max: number, sql: 'double precision' | 'real'): Kind {
  const takes = words(`${min} 至 ${max} 的数`, `A number from ${min} to ${max}`)
  return {
    sql,
    normalise: normaliseCode,
    read(cell) {
      const number = /^-?\d{1,9}(\.\d{1,15})?$/.test(cell) ? Number(cell) : Number.NaN
      return number >= min && number <= max ? { value: number } : { problem: words(`“${cell}”应为${takes.zh}`, `“${cell}”: ${takes.en}`) }
    },
    write: (value) => Number(value),
    takes,
  }
}

/** Corners as pairs of degrees, the last like the first: "111.7,40.8 111.8,40.8 111.8,40.9 111.7,40.8". Whether it is an area, the sheet judges. */
export const ring: Kind = {
  sql: 'text',
  normalise: (raw) =>
    raw
      .replace(/[\s;；]+/gu, ' ')
      .replaceAll('，', ',')
      .trim(),
  read(cell) {
    if (cell.length <= 30_000 && cell.split(' ').every((pair) => /^-?\d{1,3}(\.\d{1,15})?,-?\d{1,2}(\.\d{1,15})?$/.test(pair)))
      return { value: cell }
    return {
      problem: words('边界应写成“经度,纬度 经度,纬度 …”，首尾相同', 'A border is “lon,lat lon,lat …”, the last corner like the first'),
    }
  },
  write: String,
  takes: words('“经度,纬度 经度,纬度 …”，首尾相同，最多 500 个顶点', '“lon,lat lon,lat …”, the last corner like the first, at most 500'),
}
/** SQL that writes a ring as that text, and takes the text n.ring apart again. */
export const ringSql = `(SELECT string_agg(t.ring[2 * i - 1]::text || ',' || t.ring[2 * i]::text, ' ' ORDER BY i) FROM generate_series(1, cardinality(t.ring) / 2) AS i)`
export const ringFromText = `string_to_array(translate(n.ring, ' ', ','), ',')::double precision[]`
