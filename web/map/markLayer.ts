// The marks as one WebGL layer of the map: one buffer, one draw call, and no work between changes.
// Asks for another frame only while some glide is wide enough to be seen at this zoom.
import type { CustomLayerInterface, CustomRenderMethodInput, Map as MapLibreMap } from 'maplibre-gl'
import { GlidePace } from './glidePace.ts'
import { compileProgram } from './glProgram.ts'
import { markFragmentShader, markVertexShader } from './markShaders.ts'
import { type MarkStore, RECORD, RECORD_BYTES } from './markStore.ts'
import { matrixAround } from './matrixAround.ts'
import { type Palette, rgbOf } from './palette.ts'
import { unitsPerPixel, worldX, worldY } from './worldPoint.ts'

export const MARK_LAYER_ID = 'fleet-marks'
/** A glide that moves no mark by this many pixels is shown as a step: far out the map then draws once per update. */
const VISIBLE_GLIDE_PX = 0.6

export class MarkLayer implements CustomLayerInterface {
  readonly id = MARK_LAYER_ID
  readonly type = 'custom'
  readonly renderingMode = '2d'
  selectedId: number | null = null
  visible = true
  private map: MapLibreMap | null = null
  private program: WebGLProgram | null = null
  private vertexArray: WebGLVertexArrayObject | null = null
  private records: WebGLBuffer | null = null
  private indices: WebGLBuffer | null = null
  private capacity = 0
  private readonly pace = new GlidePace()
  private resting: ReturnType<typeof setTimeout> | undefined
  private orderUploaded = false
  private uniforms: Record<string, WebGLUniformLocation | null> = {}
  private fills = new Float32Array(12)
  private outline: [number, number, number] = [1, 1, 1]
  private accent: [number, number, number] = [0, 0, 0]
  private readonly marks: MarkStore
  private readonly nowMs: () => number

  /** @param nowMs the clock of the store's glides. */
  constructor(marks: MarkStore, palette: Palette, nowMs: () => number) {
    this.marks = marks
    this.nowMs = nowMs
    this.setPalette(palette)
  }

  setPalette(palette: Palette): void {
    this.fills = new Float32Array(palette.status.flatMap(rgbOf))
    this.outline = rgbOf(palette.outline)
    this.accent = rgbOf(palette.accent)
  }

  onAdd(map: MapLibreMap, gl: WebGL2RenderingContext): void {
    this.map = map
    this.program = compileProgram(gl, markVertexShader, markFragmentShader)
    this.uniforms = {}
    for (const name of ['center', 'matrix', 'now', 'settled', 'zoom', 'bearing', 'ratio', 'halo', 'fill', 'outline', 'accent'])
      this.uniforms[name] = gl.getUniformLocation(this.program, `u_${name}`)
    this.vertexArray = gl.createVertexArray()
    this.records = gl.createBuffer()
    this.indices = gl.createBuffer()
    this.capacity = 0
  }

  onRemove(_map: MapLibreMap, gl: WebGL2RenderingContext): void {
    gl.deleteProgram(this.program)
    gl.deleteVertexArray(this.vertexArray)
    gl.deleteBuffer(this.records)
    gl.deleteBuffer(this.indices)
    clearTimeout(this.resting)
    this.resting = undefined
    this.map = null
    this.program = null
  }

  render(gl: WebGL2RenderingContext, input: CustomRenderMethodInput): void {
    const map = this.map
    if (!map || !this.program) return
    if (!this.visible || this.marks.count === 0) return
    gl.bindVertexArray(this.vertexArray)
    this.upload(gl)
    // biome-ignore lint/correctness/useHookAtTopLevel: a method of WebGL, not a hook of React
    gl.useProgram(this.program)
    const gliding = this.setUniforms(gl, map, input)
    const selected = this.selectedId === null ? -1 : this.marks.slotOf(this.selectedId)
    if (selected >= 0) {
      gl.uniform1i(this.uniforms.halo!, 1)
      gl.drawArrays(gl.POINTS, selected, 1)
      gl.uniform1i(this.uniforms.halo!, 0)
    }
    gl.drawElements(gl.POINTS, this.marks.count, gl.UNSIGNED_INT, 0)
    if (selected >= 0) gl.drawArrays(gl.POINTS, selected, 1)
    gl.bindVertexArray(null)
    if (gliding) this.drawOn(map)
  }

  private drawOn(map: MapLibreMap): void {
    const restMs = this.pace.restAfter(performance.now())
    if (restMs === 0) map.triggerRepaint()
    else this.resting ??= setTimeout(() => this.wake(), restMs)
  }

  private wake(): void {
    this.resting = undefined
    this.map?.triggerRepaint()
  }

  private upload(gl: WebGL2RenderingContext): void {
    const { marks } = this
    gl.bindBuffer(gl.ARRAY_BUFFER, this.records)
    if (this.capacity < marks.vehicleId.length) {
      this.capacity = marks.vehicleId.length
      gl.bufferData(gl.ARRAY_BUFFER, marks.bytes, gl.DYNAMIC_DRAW)
      this.describeRecord(gl)
      this.orderUploaded = false
    } else {
      const from = marks.dirtyFrom * RECORD_BYTES
      const bytes = Math.min(marks.dirtyTo, marks.count) * RECORD_BYTES - from
      if (bytes > 0) gl.bufferSubData(gl.ARRAY_BUFFER, from, marks.bytes, from, bytes)
    }
    marks.clean()
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, this.indices)
    if (this.orderUploaded && !marks.orderDirty) return
    gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, marks.refreshOrder(), gl.DYNAMIC_DRAW, 0, marks.count)
    this.orderUploaded = true
  }

  private describeRecord(gl: WebGL2RenderingContext): void {
    const columns: [size: number, type: number, offset: number][] = [
      [2, gl.INT, RECORD.from],
      [2, gl.INT, RECORD.to],
      [1, gl.UNSIGNED_INT, RECORD.start],
      [3, gl.UNSIGNED_SHORT, RECORD.motion],
      [2, gl.UNSIGNED_BYTE, RECORD.kind],
    ]
    for (const [location, [size, type, offset]] of columns.entries()) {
      gl.enableVertexAttribArray(location)
      gl.vertexAttribIPointer(location, size, type, RECORD_BYTES, offset)
    }
  }

  /** Returns whether marks are still visibly gliding. */
  private setUniforms(gl: WebGL2RenderingContext, map: MapLibreMap, input: CustomRenderMethodInput): boolean {
    const { marks, uniforms } = this
    const zoom = map.getZoom()
    const center = map.getCenter()
    const x = worldX(center.lng)
    const y = worldY(center.lat)
    const now = this.nowMs()
    const gliding = now < marks.glideEndMs && marks.glideUnits / unitsPerPixel(zoom) >= VISIBLE_GLIDE_PX
    gl.uniform2i(uniforms.center!, x, y)
    gl.uniformMatrix4fv(uniforms.matrix!, false, matrixAround(input.defaultProjectionData.mainMatrix, center.lng, y))
    gl.uniform1ui(uniforms.now!, now)
    gl.uniform1i(uniforms.settled!, gliding ? 0 : 1)
    gl.uniform1f(uniforms.zoom!, zoom)
    gl.uniform1f(uniforms.bearing!, map.getBearing())
    gl.uniform1f(uniforms.ratio!, map.getPixelRatio())
    gl.uniform1i(uniforms.halo!, 0)
    gl.uniform3fv(uniforms.fill!, this.fills)
    gl.uniform3fv(uniforms.outline!, this.outline)
    gl.uniform3fv(uniforms.accent!, this.accent)
    return gliding
  }
}
