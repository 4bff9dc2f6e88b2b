// What the marks are drawn on: a canvas that another thread can draw on, or, in a browser without such (Safari before 16.4, Firefox before 105),
// one of the page.

export type MarkSurface = OffscreenCanvas | HTMLCanvasElement
export type SurfaceContext = OffscreenCanvasRenderingContext2D | CanvasRenderingContext2D
/** What a surface shows at one moment. One of the page is given as it is, for it is put to its place before it is drawn on again. */
export type Picture = ImageBitmap | HTMLCanvasElement

/** Whether another thread can draw what the page shows. */
export const drawsApart = (): boolean => 'OffscreenCanvas' in globalThis && 'transferControlToOffscreen' in HTMLCanvasElement.prototype

export const newSurface = (): MarkSurface =>
  'OffscreenCanvas' in globalThis ? new OffscreenCanvas(1, 1) : document.createElement('canvas')

export const contextOf = (surface: MarkSurface): SurfaceContext =>
  (surface as OffscreenCanvas).getContext('2d', { willReadFrequently: true })!

/** The picture, with what of it changes hands when it is sent. */
export function pictureOf(surface: MarkSurface): { picture: Picture; transfer: Transferable[] } {
  if (!('transferToImageBitmap' in surface)) return { picture: surface, transfer: [] }
  const picture = surface.transferToImageBitmap()
  return { picture, transfer: [picture] }
}

/** Shows a picture on a canvas of the page. */
export function showPicture(picture: Picture, canvas: HTMLCanvasElement): void {
  canvas.width = picture.width
  canvas.height = picture.height
  if (picture instanceof HTMLCanvasElement) canvas.getContext('2d')!.drawImage(picture, 0, 0)
  else canvas.getContext('bitmaprenderer')!.transferFromImageBitmap(picture)
}
