// World coordinates of the map: spherical Mercator as 32-bit integers, 2^32 around the equator (9 mm a unit).
// Differences wrap the short way round, so integer subtraction in the shader is exact at zoom 22 and across 180°.

const WORLD = 2 ** 32
const MAX_LATITUDE = 85.051128
const RADIANS = Math.PI / 180

export const worldX = (lon: number): number => Math.round((lon / 360 + 0.5) * WORLD) | 0

export function worldY(lat: number): number {
  const sine = Math.sin(Math.max(-MAX_LATITUDE, Math.min(MAX_LATITUDE, lat)) * RADIANS)
  return Math.round((0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * WORLD) | 0
}

/** Longitude in degrees, −180 to 180. */
export const lonOf = (x: number): number => ((x >>> 0) / WORLD - 0.5) * 360

/** Latitude in degrees. */
export const latOf = (y: number): number => Math.atan(Math.sinh(Math.PI * (1 - (2 * (y >>> 0)) / WORLD))) / RADIANS

/** World units in one CSS pixel at a zoom of 512-pixel tiles. */
export const unitsPerPixel = (zoom: number): number => WORLD / (512 * 2 ** zoom)
