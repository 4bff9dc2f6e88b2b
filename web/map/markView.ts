// What the map shows, as the marks need it: a place of the world is put on the screen by moving, scaling and turning, for the map never tilts.
import { unitsPerPixel } from './worldPoint.ts'

/** `x`, `y`: centre in world units, unrounded; width and height in CSS pixels; `ratio`: device pixels of one. */
export type MarkView = { x: number; y: number; zoom: number; bearing: number; width: number; height: number; ratio: number }

export const sameView = (a: MarkView | null, b: MarkView | null): boolean =>
  a !== null && b !== null && (Object.keys(a) as (keyof MarkView)[]).every((key) => a[key] === b[key])

/** Where a world place is in a view, in CSS pixels; the short way round the world. */
export function placeIn(view: MarkView): (x: number, y: number) => { x: number; y: number } {
  const scale = 1 / unitsPerPixel(view.zoom)
  const turn = (-view.bearing * Math.PI) / 180
  const [cos, sin] = [Math.cos(turn) * scale, Math.sin(turn) * scale]
  const [wholeX, wholeY] = [Math.floor(view.x), Math.floor(view.y)]
  const [partX, partY] = [view.x - wholeX, view.y - wholeY]
  return (x, y) => {
    const dx = ((x - wholeX) | 0) - partX
    const dy = ((y - wholeY) | 0) - partY
    return { x: dx * cos - dy * sin + view.width / 2, y: dx * sin + dy * cos + view.height / 2 }
  }
}

/** The CSS transform, from the upper left corner, that puts a picture of one view where it lies in another. */
export function transformBetween(from: MarkView, to: MarkView): string {
  if (sameView(from, to)) return 'none'
  const scale = unitsPerPixel(from.zoom) / unitsPerPixel(to.zoom)
  const turn = ((from.bearing - to.bearing) * Math.PI) / 180
  const [a, b] = [Math.cos(turn) * scale, Math.sin(turn) * scale]
  const centre = placeIn(to)(Math.round(from.x), Math.round(from.y))
  const [e, f] = [centre.x - (a * from.width) / 2 + (b * from.height) / 2, centre.y - (b * from.width) / 2 - (a * from.height) / 2]
  return `matrix(${[a, b, -b, a, e, f].map((value) => value.toFixed(6)).join(',')})`
}
