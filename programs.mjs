// Our programs as JavaScript, built once for each state of their sources: from TypeScript each start of one takes a processor 0.7 to 2.5 s longer.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = fileURLToPath(new URL('.', import.meta.url))
const kept = `${root}node_modules/.cache/morin/programs`
const rooms = ['services', 'firmware-sim']
const KEPT_MS = 24 * 3_600_000

/**
 * What to import to run the program (or the thread) `file`, a path in `services` or `firmware-sim`. Where nothing can be kept it is the source
 * itself, read as TypeScript.
 */
export async function program(file) {
  const path = resolve(root, file)
  const sources = sourceFiles()
  const directory = `${kept}/${stateOf(sources)}`
  const made = `${directory}/${relative(root, path).replace(/\.ts$/, '.mjs')}`
  try {
    if (!existsSync(directory)) await build(sources, directory)
    // A stack names the lines of the sources.
    process.setSourceMapsEnabled(true)
    if (existsSync(made)) return pathToFileURL(made).href
  } catch (error) {
    if (!['EACCES', 'EPERM', 'EROFS', 'ENOSPC'].includes(error.code)) throw error
  }
  const { register } = await import('tsx/esm/api')
  register()
  return pathToFileURL(path).href
}

function sourceFiles() {
  return rooms.flatMap((room) =>
    readdirSync(`${root}${room}`, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => `${room}/${file}`),
  )
}

/** Two states of the sources have two names; so have two places, for what is built names files by their place. */
function stateOf(sources) {
  const hash = createHash('sha256').update(root)
  for (const file of [...sources, 'package-lock.json', 'programs.mjs'].sort()) {
    const { size, mtimeMs } = statSync(`${root}${file}`)
    hash.update(`${file} ${size} ${mtimeMs}\n`)
  }
  return hash.digest('hex').slice(0, 16)
}

/** Made beside and put in place whole; whoever comes second takes the one that is there. */
async function build(sources, directory) {
  const draft = `${directory}.${process.pid}`
  mkdirSync(draft, { recursive: true })
  const programs = sources.filter((file) => /\/(main|\w+Main|thread|worker)\.ts$/.test(file))
  await bundle({
    configFile: false,
    root,
    publicDir: false,
    logLevel: 'error',
    plugins: [ownAddresses],
    ssr: { external: true, target: 'node' },
    build: {
      ssr: true,
      target: 'node20',
      outDir: draft,
      minify: false,
      sourcemap: true,
      rolldownOptions: {
        input: Object.fromEntries(programs.map((file) => [file.replace(/\.ts$/, ''), `${root}${file}`])),
        output: { entryFileNames: '[name].mjs', chunkFileNames: 'shared/[name]-[hash].mjs' },
      },
    },
  })
  try {
    renameSync(draft, directory)
  } catch (error) {
    rmSync(draft, { recursive: true, force: true })
    if (!existsSync(directory)) throw error
  }
  for (const name of readdirSync(kept))
    if (statSync(`${kept}/${name}`, { throwIfNoEntry: false })?.mtimeMs < Date.now() - KEPT_MS)
      rmSync(`${kept}/${name}`, { recursive: true, force: true })
}

/** Vite's; it says to the process that it is in production, and what is started is not to hear that. */
async function bundle(config) {
  const { NODE_ENV } = process.env
  try {
    const { build: viteBuild } = await import('vite')
    await viteBuild(config)
  } finally {
    if (NODE_ENV === undefined) delete process.env.NODE_ENV
    else process.env.NODE_ENV = NODE_ENV
  }
}

/** A module finds what lies beside it from where its source is. */
const ownAddresses = {
  name: 'own addresses',
  enforce: 'pre',
  transform(code, id) {
    if (!code.includes('import.meta.url')) return undefined
    return { code: code.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(id).href)), map: null }
  },
}
