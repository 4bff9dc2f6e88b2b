// Watches free space of the data directory. When it runs low the simulator, who invents data, stops first;
// the ingest of real terminals goes on for as long as the disk takes it.
import { statfs } from 'node:fs/promises'

export type DiskState = { freeBytes: number; totalBytes: number }
export type DiskVerdict = 'low' | 'ample' | 'between'

const GIB = 1024 ** 3
/** Below: stop inventing data. */
const LOW_BYTES = 2 * GIB
/** Above: start again. The distance between the two keeps the simulator from flapping. */
const AMPLE_BYTES = 4 * GIB

/** Judges free space; on a small disk a fifth and a third of it stand in for the absolute limits. */
export function judgeDisk({ freeBytes, totalBytes }: DiskState): DiskVerdict {
  if (freeBytes < Math.min(LOW_BYTES, totalBytes / 5)) return 'low'
  return freeBytes > Math.min(AMPLE_BYTES, totalBytes / 3) ? 'ample' : 'between'
}

/** Free and total bytes of the file system that holds `path`, as an ordinary user may use them. */
export async function readDisk(path: string): Promise<DiskState> {
  const { bavail, blocks, bsize } = await statfs(path)
  return { freeBytes: bavail * bsize, totalBytes: blocks * bsize }
}
