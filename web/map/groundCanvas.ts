// Parts the map in two, so that marks lie between: the ground on a canvas below, the names of places on the map's own. It is a layer of the map in the
// place where the marks are: what is drawn by then is copied, and what comes after begins on a clear canvas.
import type { CustomLayerInterface, Map as MapLibreMap } from 'maplibre-gl'

export const MARK_LAYER_ID = 'fleet-marks'

export class GroundCanvas implements CustomLayerInterface {
  readonly id = MARK_LAYER_ID
  readonly type = 'custom'
  readonly renderingMode = '2d'
  private readonly canvas = document.createElement('canvas')
  private readonly map: MapLibreMap

  constructor(map: MapLibreMap) {
    this.map = map
    this.canvas.className = 'fleet-map-marks'
    this.canvas.setAttribute('aria-hidden', 'true')
    map.getCanvasContainer().prepend(this.canvas)
  }

  render(gl: WebGL2RenderingContext): void {
    const drawn = this.map.getCanvas()
    const { canvas } = this
    if (canvas.width !== drawn.width || canvas.height !== drawn.height) {
      canvas.width = drawn.width
      canvas.height = drawn.height
      canvas.style.width = drawn.style.width
      canvas.style.height = drawn.style.height
    }
    canvas.getContext('2d', { alpha: false })!.drawImage(drawn, 0, 0)
    gl.clearColor(0, 0, 0, 0)
    gl.clear(gl.COLOR_BUFFER_BIT)
  }

  destroy(): void {
    this.canvas.remove()
  }
}
