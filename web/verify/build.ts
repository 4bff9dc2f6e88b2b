// Makes the verification page: one file with everything in it, web/dist/evidence-verify.html. A place is left in it where a platform writes its public keys.
import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

if (process.argv.includes('--help') || process.argv.includes('-h')) {
  process.stdout.write(`Makes the verification page of evidence packages, one file; \`npm run build\` does it.

  node --import=tsx web/verify/build.ts [DIRECTORY]

  DIRECTORY  Where evidence-verify.html goes (default web/dist)
Example: node --import=tsx web/verify/build.ts /tmp
`)
  process.exit(0)
}
const here = fileURLToPath(new URL('.', import.meta.url))
const directory = process.argv[2] ?? join(here, '../dist')

const built = await build({
  configFile: false,
  root: here,
  logLevel: 'warn',
  build: {
    write: false,
    target: 'es2022',
    lib: { entry: join(here, 'main.ts'), formats: ['iife'], name: 'morinEvidence' },
  },
})
const [output] = Array.isArray(built) ? built : [built]
const chunk = (output as { output: { type: string; code?: string }[] }).output.find(({ type }) => type === 'chunk')
// A closing tag or a comment within the script would end it.
const script = chunk!.code!.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--')
const hash = `sha256-${createHash('sha256').update(script).digest('base64')}`
const page = (await readFile(join(here, 'page.html'), 'utf8'))
  .replace('%SCRIPT_HASH%', () => hash)
  .replace('<!--%SCRIPT%-->', () => `<script>${script}</script>`)
await mkdir(directory, { recursive: true })
await writeFile(join(directory, 'evidence-verify.html'), page)
console.warn(`verify: evidence-verify.html, ${Math.ceil(page.length / 1024)} kB`)
