// The import rules of ARCHITECTURE.md, held against every import of the project.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import t from 'tap'

type Room = { files: RegExp; may: RegExp[] }

const contracts = /^services\/contracts\//
const platform = /^services\/platform\//
const slice = (name: string) => new RegExp(`^services/dispatch/${name}/`)

/** First match wins. `may` lists what a room imports from besides itself; npm packages are judged separately. */
const rooms: Room[] = [
  { files: contracts, may: [] },
  { files: platform, may: [contracts] },
  { files: /^services\/ingest\//, may: [contracts, platform] },
  { files: /^services\/dispatch\/[^/]+\.ts$/, may: [contracts, platform, /^services\/dispatch\//] },
  // Its handlers and types of routes; nothing else of dispatch.
  { files: slice('audit'), may: [contracts, platform, /^services\/dispatch\/routes\.ts$/] },
  // A slice's handlers are typed by the table's routes; nothing of them is run from there but a refusal.
  { files: /^services\/dispatch\/[^/]+\//, may: [contracts, platform, slice('audit'), /^services\/dispatch\/(routes|handlers)\.ts$/] },
  // Whoever checks the log needs nothing of the services that write it.
  { files: /^services\/audit-verify\//, may: [contracts, platform] },
  { files: /^services\/embedded\//, may: [contracts, platform] },
  { files: /^firmware-sim\//, may: [contracts] },
  { files: /^web\//, may: [contracts] },
]

const files = ['services', 'firmware-sim', 'web'].flatMap((room) =>
  readdirSync(room, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !/^(dist|node_modules)\//.test(file))
    .map((file) => `${room}/${file}`),
)

function importsOf(file: string): string[] {
  return [...readFileSync(file, 'utf8').matchAll(/(?<![\w.'"-])(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g)].map((match) => match[1]!)
}

t.test('every file imports only from the rooms it may', async (t) => {
  t.ok(files.length > 20, 'the project was found')
  for (const file of files) {
    const room = rooms.find((r) => r.files.test(file))
    if (!room) {
      t.fail(`${file} is in no room of the layout`)
      continue
    }
    // A slice is its folder: another slice's folder matches the same pattern but is not its own.
    const own = /^services\/dispatch\/[^/]+\//.exec(file)?.[0] ?? /^(services\/[^/]+|[^/]+)\//.exec(file)![0]
    for (const specifier of importsOf(file).filter((s) => s.startsWith('.'))) {
      const target = normalize(join(dirname(file), specifier.split('?')[0]!))
      if (!target.startsWith(own) && !room.may.some((allowed) => allowed.test(target))) t.fail(`${file} must not import ${target}`)
    }
  }
})

t.test('contracts import no package but zod', async (t) => {
  for (const file of files.filter((f) => contracts.test(f))) {
    for (const specifier of importsOf(file)) if (!specifier.startsWith('.') && specifier !== 'zod') t.fail(`${file} imports ${specifier}`)
  }
})

t.test('only the platform and the embedded database speak pg, and no service uses another driver', async (t) => {
  for (const file of files.filter((f) => !platform.test(f))) {
    if (importsOf(file).some((s) => s === 'pg' || s.startsWith('pg/'))) t.fail(`${file} imports pg`)
  }
})
