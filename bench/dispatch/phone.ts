// What a phone loads at first, gzipped: its page, and all scripts and styles that its entry brings with it, whether or not they are opened; the map, which is fetched by
// whoever opens one, beside.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

const MOST_BYTES = 250_000

export async function measurePhone(
  root: string,
): Promise<{ firstLoadBytes: number; files: number; most: number; within: boolean; largest: [string, number][] }> {
  const dist = join(root, 'web/dist')
  const worker = await readFile(join(dist, 'phone-worker.js'), 'utf8')
  const shell = JSON.parse(/const SHELL = (\[[^\]]*\])/.exec(worker)![1]!) as string[]
  const sizes = await Promise.all(
    ['/phone/index.html', ...shell].map(
      async (file): Promise<[string, number]> => [file, gzipSync(await readFile(join(dist, file))).byteLength],
    ),
  )
  const firstLoadBytes = sizes.reduce((sum, [, bytes]) => sum + bytes, 0)
  const largest = sizes.sort(([, a], [, b]) => b - a).slice(0, 6)
  return { firstLoadBytes, files: sizes.length, most: MOST_BYTES, within: firstLoadBytes <= MOST_BYTES, largest }
}
