// Another build of the repository, to be measured beside this one.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, symlinkSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))

/** A working copy of a commit, beside this one's dependencies; or the one that is named. */
export function checkout(named: string): { dir: string; remove(): void } {
  if (existsSync(named)) return { dir: named, remove: () => undefined }
  const dir = join(mkdtempSync(join(tmpdir(), 'morin-against-')), 'build')
  const git = (...what: string[]): unknown => execFileSync('git', what, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
  git('worktree', 'add', '--detach', dir, named)
  symlinkSync(join(root, 'node_modules'), join(dir, 'node_modules'))
  // What it needs is there, as far as `npm start` there looks: it would install anew what is newer, and that is ours.
  utimesSync(join(dir, 'package-lock.json'), 0, 0)
  return { dir, remove: () => git('worktree', 'remove', '--force', dir) }
}
