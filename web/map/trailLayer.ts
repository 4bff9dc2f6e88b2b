// Trails as one WebGL layer: they are on the screen with the next frame, while a source of the map would go through its worker, be cut into tiles and be drawn
// when all tiles are there (a month: seconds). One buffer, one draw call; it is made anew when the zoom is another.
import type { CustomLayerInterface, CustomRenderMethodInput, Map as MapLibreMap } from 'maplibre-gl'
import { compileProgram } from './glProgram.ts'
import { matrixAround } from './matrixAround.ts'
import { STRETCH_BYTES, stretchesOf, type TrailLine } from './trailSegments.ts'
import { unitsPerPixel, worldX, worldY } from './worldPoint.ts'

const ID = 'replay-trails'
/** Pixels that a place must be away from the last to be drawn, until so near that every place is. */
const APART_PX = 0.5
const WHOLE_FROM_ZOOM = 18
const NAMES = ['center', 'matrix', 'size', 'half', 'ratio', 'units'] as const

/** Of each line how many places are drawn; the others lie within the tolerance (world units) of one that is. */
type Kept = (lines: readonly TrailLine[], places: readonly number[], tolerance: number) => void

export class TrailLayer implements CustomLayerInterface {
  readonly id = ID
  readonly type = 'custom'
  readonly renderingMode = '2d'
  private lines: readonly TrailLine[] = []
  private map: MapLibreMap | null = null
  private program: WebGLProgram | null = null
  private array: WebGLVertexArrayObject | null = null
  private buffer: WebGLBuffer | null = null
  private count = 0
  /** Of what is in the buffer; null = it is of other lines. */
  private drawnZoom: number | null = null
  private readonly drawn: () => void
  private readonly kept: Kept
  private uniforms = {} as Record<(typeof NAMES)[number], WebGLUniformLocation | null>

  /** @param drawn told after each frame in which they were drawn; @param kept how much of them is, when that is another */
  constructor(drawn: () => void, kept: Kept) {
    this.drawn = drawn
    this.kept = kept
  }

  show(lines: readonly TrailLine[]): void {
    this.lines = lines
    this.drawnZoom = null
    this.map?.triggerRepaint()
  }

  onAdd(map: MapLibreMap, gl: WebGL2RenderingContext): void {
    this.map = map
    this.program = compileProgram(gl, vertexShader, fragmentShader)
    for (const name of NAMES) this.uniforms[name] = gl.getUniformLocation(this.program, `u_${name}`)
    this.array = gl.createVertexArray()
    this.buffer = gl.createBuffer()
    this.drawnZoom = null
  }

  onRemove(_map: MapLibreMap, gl: WebGL2RenderingContext): void {
    gl.deleteProgram(this.program)
    gl.deleteVertexArray(this.array)
    gl.deleteBuffer(this.buffer)
    this.map = null
    this.program = null
  }

  render(gl: WebGL2RenderingContext, input: CustomRenderMethodInput): void {
    const { map, uniforms } = this
    if (!map || !this.program) return
    const zoom = map.getZoom()
    gl.bindVertexArray(this.array)
    this.upload(gl, Math.ceil(zoom))
    if (this.count > 0) {
      // biome-ignore lint/correctness/useHookAtTopLevel: a method of WebGL, not a hook of React
      gl.useProgram(this.program)
      const { lng, lat } = map.getCenter()
      const [x, y] = [worldX(lng), worldY(lat)]
      const ratio = map.getPixelRatio()
      gl.uniform2i(uniforms.center, x, y)
      gl.uniformMatrix4fv(uniforms.matrix, false, matrixAround(input.defaultProjectionData.mainMatrix, lng, y))
      gl.uniform2f(uniforms.size, gl.drawingBufferWidth, gl.drawingBufferHeight)
      gl.uniform1f(uniforms.half, ((2 + 2 * Math.min(1, Math.max(0, (zoom - 5) / 9))) * ratio) / 2)
      gl.uniform1f(uniforms.ratio, ratio)
      gl.uniform1f(uniforms.units, unitsPerPixel(zoom))
      gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, this.count)
    }
    gl.bindVertexArray(null)
    this.drawn()
  }

  private upload(gl: WebGL2RenderingContext, zoom: number): void {
    if (this.drawnZoom === zoom) return
    this.drawnZoom = zoom
    const tolerance = zoom >= WHOLE_FROM_ZOOM ? 0 : unitsPerPixel(zoom) * APART_PX
    const { bytes, count, places } = stretchesOf(this.lines, tolerance)
    this.count = count
    this.kept(this.lines, places, tolerance)
    gl.bindBuffer(gl.ARRAY_BUFFER, this.buffer)
    gl.bufferData(gl.ARRAY_BUFFER, bytes, gl.STATIC_DRAW)
    const ints: [size: number, offset: number][] = [
      [2, 0],
      [2, 8],
    ]
    for (const [location, [size, offset]] of ints.entries()) gl.vertexAttribIPointer(location, size, gl.INT, STRETCH_BYTES, offset)
    gl.vertexAttribPointer(2, 1, gl.FLOAT, false, STRETCH_BYTES, 16)
    gl.vertexAttribPointer(3, 3, gl.UNSIGNED_BYTE, true, STRETCH_BYTES, 20)
    gl.vertexAttribIPointer(4, 1, gl.UNSIGNED_BYTE, STRETCH_BYTES, 23)
    for (let location = 0; location < 5; location++) {
      gl.enableVertexAttribArray(location)
      gl.vertexAttribDivisor(location, 1)
    }
  }
}

/** A stretch is a box around it, wide enough for its round ends; differences from the centre are whole numbers, and exact. */
const vertexShader = `#version 300 es
layout(location = 0) in ivec2 a_from;
layout(location = 1) in ivec2 a_to;
layout(location = 2) in float a_along;
layout(location = 3) in vec3 a_colour;
layout(location = 4) in uint a_kind;
uniform ivec2 u_center;
uniform mat4 u_matrix;
uniform vec2 u_size;
uniform float u_half;
uniform float u_ratio;
uniform float u_units;
out vec2 v_at;
out vec3 v_colour;
flat out float v_length;
flat out float v_half;
flat out float v_along;
flat out uint v_kind;
vec2 pixelOf(ivec2 place) {
  vec4 at = u_matrix * vec4(vec2(place - u_center), 0.0, 1.0);
  return at.xy / at.w * u_size * 0.5;
}
void main() {
  vec2 a = pixelOf(a_from);
  vec2 b = pixelOf(a_to);
  v_length = length(b - a);
  vec2 along = v_length > 0.0 ? (b - a) / v_length : vec2(1.0, 0.0);
  v_half = a_kind == 1u ? u_ratio : u_half;
  float edge = v_half + 1.0;
  bool end = gl_VertexID > 1;
  float side = (gl_VertexID & 1) == 0 ? -edge : edge;
  v_at = vec2(end ? v_length + edge : -edge, side);
  vec2 at = (end ? b : a) + along * (end ? edge : -edge) + vec2(-along.y, along.x) * side;
  v_along = a_along / u_units * u_ratio;
  v_colour = a_colour;
  v_kind = a_kind;
  gl_Position = vec4(at / (u_size * 0.5), 0.0, 1.0);
}
`
const fragmentShader = `#version 300 es
precision highp float;
uniform float u_ratio;
in vec2 v_at;
in vec3 v_colour;
flat in float v_length;
flat in float v_half;
flat in float v_along;
flat in uint v_kind;
out vec4 fragColor;
void main() {
  float on = clamp(v_at.x, 0.0, v_length);
  float alpha = clamp(v_half + 0.5 - distance(v_at, vec2(on, 0.0)), 0.0, 1.0);
  if (v_kind == 1u) alpha *= 0.7 * step(mod(on, 9.0 * u_ratio), 4.0 * u_ratio);
  if (v_kind == 2u) alpha *= step(mod(v_along + on, 11.0 * u_ratio), 6.5 * u_ratio);
  if (alpha < 0.004) discard;
  fragColor = vec4(v_colour * alpha, alpha);
}
`
