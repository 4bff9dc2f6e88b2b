// What layers of our own draw by.

/** The map's matrix for places given in world units from a centre. Multiplied in doubles; only the result is rounded to floats. */
export function matrixAround(matrix: ArrayLike<number>, centerLon: number, centerY: number): Float32Array {
  const x = Math.round((centerLon / 360) * 2 ** 32) / 2 ** 32 + 0.5
  const y = centerY / 2 ** 32 + 0.5
  const result = new Float32Array(16)
  for (let row = 0; row < 4; row++) {
    result[row] = matrix[row]! / 2 ** 32
    result[4 + row] = matrix[4 + row]! / 2 ** 32
    result[8 + row] = matrix[8 + row]!
    result[12 + row] = matrix[row]! * x + matrix[4 + row]! * y + matrix[12 + row]!
  }
  return result
}
