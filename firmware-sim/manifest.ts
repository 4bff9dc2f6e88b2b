// Reads the manifest of terminals: the accounts the simulator may speak for.
import { readFileSync } from 'node:fs'
import { type Manifest, manifestSchema } from '../services/contracts/manifest.ts'
import { UsageError } from './usageError.ts'

export function readManifest(path: string): Manifest {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
      throw new UsageError(`The manifest ${path} cannot be read: ${(error as Error).message}.`)
    throw new UsageError(
      `There is no manifest of terminals at ${path}: run npm start once, which writes it, or name one with --manifest FILE.`,
    )
  }
  return parseManifest(path, text)
}

function parseManifest(path: string, text: string): Manifest {
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch {
    throw new UsageError(`The manifest ${path} is not JSON.`)
  }
  const parsed = manifestSchema.safeParse(data)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new UsageError(`The manifest ${path} is not valid: ${issue?.path.join('.')}: ${issue?.message}.`)
}
