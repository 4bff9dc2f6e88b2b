// World coordinates of the map: spherical Mercator as 32-bit integers from 0°, 0°; 2^32 around the equator (9 mm a unit), y southwards.
// Differences wrap the short way round, so integer subtraction in the shader is exact at zoom 22 and across 180°.

const WORLD = 2 ** 32
const MAX_LATITUDE = 85.051128
const RADIANS = Math.PI / 180
/** 0.0016 degree: a straight line between two entries is within 1 mm of the curve in the region, 1 cm at 80°. */
const TABLE_STEP_E7 = 2 ** 14

export const worldX = (lon: number): number => Math.round(lon * (WORLD / 360)) | 0

export const worldY = (lat: number): number => Math.round(worldXY(0, lat)[1]) | 0

/** Unrounded, and not wrapped: for the centre of a map, which moves by less than a unit. */
export function worldXY(lon: number, lat: number): [x: number, y: number] {
  const sine = Math.sin(Math.max(-MAX_LATITUDE, Math.min(MAX_LATITUDE, lat)) * RADIANS)
  return [lon * (WORLD / 360), Math.log((1 - sine) / (1 + sine)) * (WORLD / (4 * Math.PI))]
}

/** The same from integers of 1e-7 degree, as live frames carry them: thirty times as many a millisecond, by a table of latitudes. */
export const worldXOfE7 = (lonE7: number): number => (lonE7 * (WORLD / 3.6e9)) | 0

export function worldYOfE7(latE7: number): number {
  const place = (latE7 + 9e8) / TABLE_STEP_E7
  const before = place | 0
  const y = table[before]!
  return (y + (table[before + 1]! - y) * (place - before)) | 0
}

/** Of whole columns. By a loop: `from` with a function takes five times as long. @param toE7 what makes 1e-7 degrees of them */
export function worldOfAll(lon: ArrayLike<number>, lat: ArrayLike<number>, toE7: number): { x: Int32Array; y: Int32Array } {
  const [x, y] = [new Int32Array(lon.length), new Int32Array(lon.length)]
  for (let i = 0; i < x.length; i++) {
    x[i] = worldXOfE7(Math.round(lon[i]! * toE7))
    y[i] = worldYOfE7(Math.round(lat[i]! * toE7))
  }
  return { x, y }
}

/** Longitude in degrees, −180 to 180. */
export const lonOf = (x: number): number => x * (360 / WORLD)

/** Latitude in degrees. */
export const latOf = (y: number): number => Math.atan(Math.sinh(-y * ((2 * Math.PI) / WORLD))) / RADIANS

/** World units in one CSS pixel at a zoom of 512-pixel tiles. */
export const unitsPerPixel = (zoom: number): number => WORLD / (512 * 2 ** zoom)

/** Metres in one world unit at a latitude. */
export const metresPerUnit = (lat: number): number => (40_075_016.686 / WORLD) * Math.cos(lat * RADIANS)

const table = Float64Array.from({ length: Math.ceil(1.8e9 / TABLE_STEP_E7) + 2 }, (_, i) => worldY((i * TABLE_STEP_E7 - 9e8) / 1e7))
