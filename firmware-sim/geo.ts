// Plane geometry on the sphere for distances of a town or a highway leg. Degrees WGS-84 in, meters and degrees out.

/** Meters in one degree of latitude on a sphere of 6,371,008.8 m. */
export const METERS_PER_DEGREE = 111_195.08
const RADIANS = Math.PI / 180

export const cosLat = (lat: number): number => Math.cos(lat * RADIANS)

/** Meters between two points; within 0.1 % up to 300 km at these latitudes. */
export function distanceM(lonA: number, latA: number, lonB: number, latB: number): number {
  const x = (lonB - lonA) * cosLat((latA + latB) / 2)
  const y = latB - latA
  return Math.sqrt(x * x + y * y) * METERS_PER_DEGREE
}

/** Direction from A to B in degrees clockwise from north, in [0, 360). */
export function bearingDeg(lonA: number, latA: number, lonB: number, latB: number): number {
  const degrees = Math.atan2((lonB - lonA) * cosLat((latA + latB) / 2), latB - latA) / RADIANS
  return degrees < 0 ? degrees + 360 : degrees
}

/** The smaller angle between two directions, 0–180 degrees. */
export function turnDeg(a: number, b: number): number {
  const difference = Math.abs(a - b) % 360
  return difference > 180 ? 360 - difference : difference
}
