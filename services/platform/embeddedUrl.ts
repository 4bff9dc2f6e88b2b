// The database of a running `npm start` for those who are no part of it: commands that are given its data directory.
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'

/** As the services' role. Where a deep data directory keeps its socket is written in it (services/embedded/database/address.ts). */
export async function embeddedApplicationUrl(data: string): Promise<string> {
  // Without the file the socket is at its usual place.
  const pointed = await readFile(join(data, 'db-socket-path'), 'utf8').catch(() => '')
  const socket = pointed.trim() || resolve(data, 'db-socket')
  return `postgresql://morin_app@localhost:5432/morin?host=${encodeURIComponent(socket)}`
}
