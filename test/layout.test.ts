// The import rules of ARCHITECTURE.md, held against every import of the project.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import t from 'tap'

type Room = { files: RegExp; may: RegExp[] }

const domain = /^services\/domain\//
const contracts = /^services\/contracts\//
const platform = /^services\/platform\//
const audit = /^services\/audit\//
const tables = /^services\/tables\//
const evidence = /^services\/evidence\//
/** What all slices of dispatch share. */
const kernel = /^services\/dispatch\/kernel\//
const slice = (name: string) => new RegExp(`^services/dispatch/${name}/`)

/** First match wins. `may` lists what a room imports from besides itself; npm packages are judged separately. */
const rooms: Room[] = [
  // Law is pure: it knows no wire, no database and no clock.
  { files: domain, may: [] },
  { files: contracts, may: [domain] },
  { files: platform, may: [domain, contracts] },
  { files: audit, may: [domain, contracts, platform] },
  // Other people's tables are read alike by the ledger's imports and the simulator's replay.
  { files: tables, may: [domain, contracts] },
  // What a package is, and whether it is intact: for whoever makes one, and for verifiers that need nothing else.
  { files: evidence, may: [domain, contracts] },
  { files: /^services\/evidence-verify\//, may: [domain, contracts, platform, evidence] },
  { files: /^services\/ingest\//, may: [domain, contracts, platform] },
  { files: /^services\/dispatch\/[^/]+\.ts$/, may: [domain, contracts, platform, audit, evidence, /^services\/dispatch\//] },
  { files: kernel, may: [domain, contracts, platform, audit] },
  // Its handlers and types of routes; nothing else of dispatch.
  { files: slice('audit'), may: [domain, contracts, platform, audit, kernel, /^services\/dispatch\/routes\.ts$/] },
  // A slice's handlers are typed by the table's routes and made with its deps; nothing of them is run from there but a refusal.
  {
    files: /^services\/dispatch\/[^/]+\//,
    may: [domain, contracts, platform, audit, tables, evidence, kernel, /^services\/dispatch\/(routes|deps)\.ts$/],
  },
  // Whoever checks the log needs nothing of the services that write it.
  { files: /^services\/audit-verify\//, may: [domain, contracts, platform, audit] },
  { files: /^services\/embedded\//, may: [domain, contracts, platform] },
  { files: /^firmware-sim\//, may: [domain, contracts, tables] },
  { files: /^web\/verify\//, may: [domain, contracts, evidence] },
  { files: /^web\//, may: [domain, contracts] },
]

const files = ['services', 'firmware-sim', 'web'].flatMap((room) =>
  readdirSync(room, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !/^(dist|node_modules)\//.test(file))
    .map((file) => `${room}/${file}`),
)

function importsOf(file: string): string[] {
  return [...readFileSync(file, 'utf8').matchAll(/(?<![\w.'"-])(?:from|import)\s*\(?\s*['"]([^'"\n]+)['"]/g)].map((match) => match[1]!)
}

/** The files of ours that a file imports, for their types alone as well. */
const neighboursOf = (file: string): string[] =>
  importsOf(file)
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => normalize(join(dirname(file), specifier.split('?')[0]!)))

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
    for (const target of neighboursOf(file)) {
      if (!target.startsWith(own) && !room.may.some((allowed) => allowed.test(target))) t.fail(`${file} must not import ${target}`)
    }
  }
})

t.test('no file of the services or the simulator imports itself on a way round, not even a type', async (t) => {
  const imports = new Map(files.filter((file) => !file.startsWith('web/')).map((file) => [file, neighboursOf(file)]))
  // A file without imports of ours is on no way round; nor, then, is one that imports only such files.
  for (let left = imports.size + 1; left > imports.size; ) {
    left = imports.size
    for (const [file, targets] of imports) if (!targets.some((target) => imports.has(target))) imports.delete(file)
  }
  t.same([...imports.keys()], [])
})

t.test('domain and contracts import no package but zod', async (t) => {
  for (const file of files.filter((f) => domain.test(f) || contracts.test(f))) {
    for (const specifier of importsOf(file)) if (!specifier.startsWith('.') && specifier !== 'zod') t.fail(`${file} imports ${specifier}`)
  }
})

t.test('only the platform and the embedded database speak pg, and no service uses another driver', async (t) => {
  for (const file of files.filter((f) => !platform.test(f))) {
    if (importsOf(file).some((s) => s === 'pg' || s.startsWith('pg/'))) t.fail(`${file} imports pg`)
  }
})

/** What each law looks like where somebody writes it again, and where it stands. */
const laws: [what: string, pattern: RegExp, home: RegExp][] = [
  ['a quota in force', /FROM quotas[^`;]*effective_from <=/, /^services\/dispatch\/kernel\/quota\.ts$/],
  ['what is subject to quota', /(<>|!==|===) 'LEASED_SERVICE'/, /^services\/domain\/vehicle(File)?\.ts$/],
  ['inside the chosen organisation', /lft BETWEEN c\.lft AND c\.rgt/, /^services\/dispatch\/kernel\/within\.ts$/],
  ['the nearest word from above', /lft DESC( NULLS LAST)?, \w+\.effective_from DESC/, /^services\/dispatch\/kernel\/dated\.ts$/],
  ['a span that covers a day', /(from_day|valid_from) <= (\S+) AND \(\S+ IS NULL OR \S+ >= \2/, /^services\/dispatch\/kernel\/dated\.ts$/],
  ['the length of a day', /86_?400_?000/, /^services\/domain\/days\.ts$/],
  ['the numbers of locks', /advisory_xact_lock\(\$?\w|_LOCK = \d/, /^services\/platform\/locks\.ts$/],
  ['how a name is found', /\.?name I?LIKE/, /^services\/dispatch\/(kernel\/searchText|secrecy\/namings|terminals\/knocks)\.ts$/],
  [
    'a terminal in sight',
    /(?<!LEFT )JOIN organisations o ON o\.organisation_id = coalesce\(v\.user_unit_id/,
    /^services\/dispatch\/kernel\/sight\.ts$/,
  ],
  ['what may stand under what', /league: \['region'\]/, /^services\/domain\/organisations\.ts$/],
]

t.test('a law stands in one file', async (t) => {
  for (const file of files.filter((f) => /^(services|web)\//.test(f)))
    for (const [what, pattern, home] of laws)
      if (pattern.test(readFileSync(file, 'utf8')) && !home.test(file)) t.fail(`${file} says again: ${what}`)
})

/** Who appends to the audit log beside the act, and why it is no change of anything. */
const appends: Record<string, string> = {
  'kernel/act.ts': 'the act',
  'kernel/record.ts': 'what it appends with',
  'kernel/look.ts': 'a look, committed before anything is read',
  'kernel/caseLook.ts': 'a look that was refused',
  'kernel/liveLooks.ts': 'a look',
  'cases/evidence/ask.ts': 'a package that is taken away is on record before it leaves, and again when it was broken off',
  'cases/exhibits.ts': 'a look',
  'cases/findingPhotos.ts': 'a look',
  'tracks/trackFile.ts': 'a file that leaves, and one that was broken off',
  'operations/quarantine.ts': 'a look',
  'orders/photos.ts': 'a look',
  'sealing/seals.ts': 'a photo is on record before it leaves',
  'supervision/answers.ts': 'a photo of an answer leaves the house',
  'supervision/trial.ts': 'a look at what values would have found',
  'orders/following.ts': 'a look',
  'orders/sheet/print.ts': 'an order that is printed is on record before it leaves',
  'exchange/export.ts': 'a look',
  'exchange/bulk.ts': 'months that leave as a file are on record before they do',
  'statistics/filing/files/download.ts': 'a filing that leaves as a file is on record before it does',
  'statistics/letters/handlers.ts': 'a letter that leaves as a file is on record before it does',
  'reports/own.ts': 'a report that is read is on record before it leaves',
  'exchange/handlers.ts': 'a file read again, and numbers asked for by a dry run, before anything is answered',
  'whereabouts/ask.ts': 'a question, committed before anything is read, and what was told',
  'audit/handlers.ts': 'a look at the log',
  'audit/heads.ts': 'a head that was signed, which is in a file',
  'audit/verification.ts': 'a check that has ended, which changed nothing',
  'identity/tokens.ts': 'a refusal',
  'identity/oidc.ts': 'a refusal',
  'identity/firstAccountMain.ts': 'the founding of an installation, without a service',
}

t.test('whatever changes something is recorded by its act', async (t) => {
  const found = files
    .filter((file) => /^services\/dispatch\//.test(file) && /\brecordAudit(Many)?\b/.test(readFileSync(file, 'utf8')))
    .map((file) => file.replace('services/dispatch/', ''))
  t.same(found.sort(), Object.keys(appends).sort())
})
