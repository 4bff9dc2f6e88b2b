// Seeds an empty database with the demo region and keeps the terminals' manifest beside it.
import { access, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Database } from '../../platform/db.ts'
import { buildRegion } from './region.ts'
import { isSeeded, issueCredentials, writeRegion } from './write.ts'

export const manifestPath = (dataDir: string): string => join(dataDir, 'terminals.json')

/**
 * Makes sure that the database holds a region and, where this installation made it, that its manifest is at hand.
 * Running it again changes nothing. `reissue` gives all demo terminals new credentials.
 * @returns whether the simulator can run: false when the region was seeded by somebody else, whose manifest this is not.
 */
export async function seedRegion(
  db: Database,
  options: { dataDir: string; seed: number; reissue?: boolean },
): Promise<{ seeded: boolean; manifest: boolean }> {
  const path = manifestPath(options.dataDir)
  const already = await isSeeded(db)
  if (!already) await writeRegion(db, buildRegion(options.seed))
  // A crash between the region and the credentials leaves terminals empty: then issuing them is finishing the job.
  const { rows } = await db.query<{ issued: boolean }>('SELECT EXISTS (SELECT FROM terminals) AS issued')
  if (rows[0]!.issued && !options.reissue) return { seeded: !already, manifest: await exists(path) }
  const { rows: demo } = await db.query<{ demo: boolean }>('SELECT EXISTS (SELECT FROM accounts WHERE demo) AS demo')
  if (!demo[0]!.demo) return { seeded: !already, manifest: false }
  const temporary = `${path}.new`
  const manifest = await issueCredentials(db, buildRegion(options.seed))
  await writeFile(temporary, JSON.stringify(manifest), { mode: 0o600 })
  await rename(temporary, path)
  return { seeded: !already, manifest: true }
}

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  )
