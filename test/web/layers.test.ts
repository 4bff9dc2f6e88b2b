// The layers of the web: app → pages → parts → map, kit; phone → parts, kit; verify → nothing. Whoever stands lower knows nothing of who stands higher, no page knows another,
// and a look (a class of CSS) is borrowed from below only.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import t from 'tap'

const layers = ['kit', 'map', 'parts', 'pages', 'app', 'phone', 'verify'] as const
/** What the build reads is in no layer, and no page reads it. */
const build = [
  'vite.config.ts',
  'precompress.ts',
  'phoneEntry.ts',
  'endpointTable.ts',
  'basemap/build.ts',
  'basemap/outlines.ts',
  'verify/build.ts',
]

const files = readdirSync('web', { recursive: true, encoding: 'utf8' }).filter(
  (file) => /\.(tsx?|css)$/.test(file) && !/^(dist|node_modules|public)\//.test(file) && !build.includes(file),
)
const source = new Map(files.map((file) => [file, readFileSync(join('web', file), 'utf8')]))

/** `pages/fleet`, or the layer where it has no rooms of its own. */
const roomOf = (file: string): string => (/^pages\/[^/]+/.exec(file) ?? /^[^/]+/.exec(file)!)[0]
const heightOf = (room: string): number => layers.indexOf(room.split('/')[0] as (typeof layers)[number])
const mayUse = (user: string, used: string): boolean =>
  user === used || (heightOf(used) < heightOf(user) && user !== 'verify' && !(user === 'phone' && /^(app|pages|map)\b/.test(used)))

function importsOf(file: string): string[] {
  return [...source.get(file)!.matchAll(/(?<![\w.'"-])(?:from|import)\s*\(?\s*['"](\.[^'"]+)['"]/g)]
    .map((match) => normalize(join(dirname(file), match[1]!.split('?')[0]!)))
    .filter((target) => !target.startsWith('..'))
}

t.test('every file is in a layer and imports from below or from its own room', async (t) => {
  t.ok(files.length > 200, 'the web was found')
  for (const file of files) {
    t.ok(heightOf(roomOf(file)) >= 0, `${file} is in a layer`)
    for (const target of importsOf(file)) if (!mayUse(roomOf(file), roomOf(target))) t.fail(`${file} must not import ${target}`)
  }
})

t.test('no file imports itself by way of others, not even for a type', async (t) => {
  const done = new Set<string>()
  const visit = (file: string, way: readonly string[]) => {
    if (way.includes(file)) return t.fail([...way.slice(way.indexOf(file)), file].join(' → '))
    if (done.has(file)) return
    for (const target of importsOf(file)) if (source.has(target)) visit(target, [...way, file])
    done.add(file)
  }
  for (const file of files) visit(file, [])
})

t.test('MapLibre is spoken to in web/map alone', async (t) => {
  for (const [file, text] of source) if (!file.startsWith('map/') && /from '(maplibre-gl|pmtiles)'/.test(text)) t.fail(file)
})

t.test('one file makes every map', async (t) => {
  const makers = [...source].filter(([, text]) =>
    /maplibre-gl-worker|setWorkerUrl|new (MapLibreMap|AttributionControl|MapControls|BaseLayers)\(/.test(text),
  )
  t.same(
    makers.map(([file]) => file),
    ['map/mapFrame.ts'],
  )
})

t.test('a list is declared: no page lays one out by hand', async (t) => {
  for (const [file, text] of source)
    if (
      file.startsWith('pages/') &&
      /kit\/list\/(ListTable|SearchField|list\.css)|className="list-(page|main|head|scroll|table|row)/.test(text)
    )
      t.fail(file)
})

/** What is fetched along with `file`; `lazily`: and what it fetches later. */
function reachedFrom(file: string, lazily: boolean, reached = new Set<string>()): Set<string> {
  if (reached.has(file) || !source.has(file)) return reached
  reached.add(file)
  const text = lazily ? source.get(file)! : source.get(file)!.replace(/import\([^)]*\)/g, '')
  for (const target of importsOf(file)) if (text.includes(`${target.split('/').at(-1)}'`)) reachedFrom(target, lazily, reached)
  return reached
}

t.test('what a phone gets has nothing of the component library or the router, and the map only where one is opened', async (t) => {
  const opened = ['parts/trip/PointMap.tsx', 'parts/trip/FollowMap.tsx']
  const atOnce = reachedFrom('phone/main.tsx', false)
  for (const file of opened) t.notOk(atOnce.has(file), 'the map comes later')
  const withMap = new Set(opened.flatMap((file) => [...reachedFrom(file, true)]))
  const reached = reachedFrom('phone/main.tsx', true)
  t.ok(reached.has('parts/driver/OwnDriver.tsx'))
  for (const file of reached)
    for (const match of source.get(file)!.matchAll(/(?:from|import)\s*\(?\s*['"]([^.'"][^'"]*)['"]/g))
      if (/^(antd|@ant-design|@tanstack\/react-router)/.test(match[1]!) || (/^(maplibre-gl|pmtiles)/.test(match[1]!) && !withMap.has(file)))
        t.fail(`${file} imports ${match[1]}`)
})

/** Class names that a sheet gives a look of its own: those of the last part of a selector. */
function classesOf(css: string): string[] {
  const selectors = css.replace(/\/\*[\s\S]*?\*\//g, '').matchAll(/(?:^|[{};])\s*([^{};@]+)\{/g)
  return [...selectors].flatMap((match) =>
    match[1]!.split(',').flatMap((one) => [...one.matchAll(/\.([a-z][\w-]*)/gi)].map((name) => name[1]!)),
  )
}

/** Every class that a file names and some sheet gives a look, with the sheets that do. */
function looksOf(text: string, sheets: ReadonlyMap<string, ReadonlySet<string>>): [name: string, sheets: string[]][] {
  const attributes = text.matchAll(/class(?:Name|es)?\s*[=:]\s*(\{[^}]*(?:\$\{[^}]*\}[^}]*)*\}|"[^"]*"|'[^']*')/g)
  return [...attributes]
    .flatMap((attribute) => [...attribute[1]!.matchAll(/["'`]([^"'`]*)["'`]/g)])
    .flatMap((words) => words[1]!.split(/[\s${}]+/))
    .flatMap((name) => (sheets.has(name) ? [[name, [...sheets.get(name)!]] as [string, string[]]] : []))
}

const sheets = new Map<string, Set<string>>()
for (const file of files.filter((one) => one.endsWith('.css')))
  for (const name of classesOf(source.get(file)!)) sheets.set(name, (sheets.get(name) ?? new Set()).add(file))

t.test('no page takes its look from another page, and nothing below from what is above', async (t) => {
  for (const [file, text] of source)
    for (const [name, found] of file.endsWith('.css') ? [] : looksOf(text, sheets))
      if (!found.some((sheet) => mayUse(roomOf(file), roomOf(sheet)))) t.fail(`${file} uses .${name} of ${found}`)
})

t.test('a page fetches every sheet that it looks by, whichever page was open before', async (t) => {
  const always = reachedFrom('app/main.tsx', false)
  for (const page of [...files.filter((file) => /^pages\/.*Page\.tsx$/.test(file)), 'app/Shell.tsx', 'phone/main.tsx']) {
    const reached = reachedFrom(page, true)
    for (const file of reached)
      for (const [name, found] of file.endsWith('.css') ? [] : looksOf(source.get(file)!, sheets))
        if (!found.some((sheet) => reached.has(sheet) || always.has(sheet))) t.fail(`${page}: ${file} uses .${name} of ${found}`)
  }
})

t.test('what the phone asks is kept under a name of its own: two questions of one name would be given one another’s answers', async (t) => {
  const askedAs = new Map<string, Set<string>>()
  for (const file of files.filter((each) => each.startsWith('phone/')))
    for (const [, key, endpoint] of source
      .get(file)!
      .matchAll(/queryKey: (\[[^\]]*\]),(?:(?!queryKey)[\s\S]){0,400}?(?:call|callOrLast)\((?:[\w.]+, )?'(\w+)'/g)) {
      const name = key!.replace(/, [^',]+/g, ', …')
      askedAs.set(name, new Set([...(askedAs.get(name) ?? []), endpoint!]))
    }
  t.ok(askedAs.size > 10, [...askedAs.keys()].join(' '))
  for (const [name, endpoints] of askedAs) t.equal(endpoints.size, 1, `${name}: ${[...endpoints].join(', ')}`)
})
