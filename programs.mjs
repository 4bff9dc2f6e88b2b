// Our programs and suites as JavaScript, built once for each state of their sources: from TypeScript each start of one takes a processor 0.7 to
// 2.5 s longer.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = fileURLToPath(new URL('.', import.meta.url))
const cache = `${root}node_modules/.cache/morin`
const programRooms = ['services', 'firmware-sim']
const suiteRooms = [...programRooms, 'web', 'test']
const KEPT_MS = 24 * 3_600_000

/**
 * What to import to run the program (or the thread) `file`, a path in `services` or `firmware-sim`. Where nothing can be kept it is the source
 * itself, read as TypeScript.
 */
export async function program(file) {
  const path = resolve(root, file)
  const sources = sourceFiles(programRooms)
  const made = `${relative(root, path).replace(/\.ts$/, '.mjs')}`
  try {
    const directory = await kept('programs', sources, () => sources.filter((source) => /\/(main|\w+Main|thread|worker)\.ts$/.test(source)))
    // A stack names the lines of the sources.
    process.setSourceMapsEnabled(true)
    if (existsSync(`${directory}/${made}`)) return pathToFileURL(`${directory}/${made}`).href
  } catch (error) {
    if (!['EACCES', 'EPERM', 'EROFS', 'ENOSPC'].includes(error.code)) throw error
  }
  const { register } = await import('tsx/esm/api')
  register()
  return pathToFileURL(path).href
}

/** The directory in which the test files `files` (or all, where none is named) and what plays them stand as JavaScript, by the paths of their sources. */
export async function suites(files) {
  const sources = sourceFiles(suiteRooms)
  return kept('suites', [...sources, ...files], () => ['test/harness/worker.ts', ...files])
}

function sourceFiles(rooms) {
  return rooms.flatMap((room) =>
    readdirSync(`${root}${room}`, { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.tsx?$/.test(file))
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
async function kept(kind, sources, inputs) {
  const directory = `${cache}/${kind}/${stateOf(sources)}`
  if (existsSync(directory)) return directory
  const draft = `${directory}.${process.pid}`
  mkdirSync(draft, { recursive: true })
  await bundle({
    configFile: false,
    root,
    publicDir: false,
    logLevel: 'error',
    plugins: [ownAddresses, tapOfFile],
    ssr: { external: true, target: 'node' },
    build: {
      ssr: true,
      target: 'node20',
      outDir: draft,
      minify: false,
      sourcemap: true,
      rolldownOptions: {
        input: Object.fromEntries(inputs().map((file) => [file.replace(/\.ts$/, ''), `${root}${file}`])),
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
  for (const name of readdirSync(`${cache}/${kind}`))
    if (statSync(`${cache}/${kind}/${name}`, { throwIfNoEntry: false })?.mtimeMs < Date.now() - KEPT_MS)
      rmSync(`${cache}/${kind}/${name}`, { recursive: true, force: true })
  return directory
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
    if (!/import\.meta\.(url|dirname)/.test(code)) return undefined
    const own = code
      .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(id).href))
      .replaceAll('import.meta.dirname', JSON.stringify(dirname(id)))
    return { code: own, map: null }
  },
}

/**
 * A test file that imports `tap` is given its own subtest of the process's root. Helpers are given the root, for they outlive the file that
 * loaded them first.
 */
const tapOfFile = {
  name: 'tap of a file',
  enforce: 'pre',
  resolveId: (id, importer) => (id === 'tap' && importer?.endsWith('.test.ts') ? `\0tap of ${importer}` : undefined),
  load: (id) => (id.startsWith('\0tap of ') ? { code: 'export default globalThis.testOfFile', moduleSideEffects: true } : undefined),
}
