// How much room the data directory's disk has left.
import { statfs } from 'node:fs/promises'

export type Disk = { freeBytes: number; totalBytes: number }

const LOW_BYTES = 2e9
const LOW_SHARE = 0.05

export async function readDisk(directory: string | undefined): Promise<Disk | null> {
  if (!directory) return null
  const { bavail, blocks, bsize } = await statfs(directory)
  return { freeBytes: bavail * bsize, totalBytes: blocks * bsize }
}

/** Under 2 GB or under 5 %. */
export const isLow = ({ freeBytes, totalBytes }: Disk): boolean => freeBytes < LOW_BYTES || freeBytes < LOW_SHARE * totalBytes
