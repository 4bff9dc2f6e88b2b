// What the documents name exists: relative links, paths in code marks, npm scripts.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import t from 'tap'

const scripts = Object.keys(JSON.parse(readFileSync('package.json', 'utf8')).scripts)
const documents = [
  ...readdirSync('.').filter((file) => file.endsWith('.md')),
  ...readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
]
// Made at build or at run time, so absent in a fresh clone.
const generated = /^(data|web\/dist|web\/public\/basemap)(\/|$)/

for (const document of documents) {
  const text = readFileSync(document, 'utf8')

  t.test(`${document} links to pages and pictures that exist`, async (t) => {
    for (const [, target] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target!) || target!.startsWith('#')) continue
      const path = normalize(join(dirname(document), target!.split('#')[0]!))
      if (!existsSync(path)) t.fail(`${target} is not there`)
    }
  })

  t.test(`${document} names paths and npm scripts that exist`, async (t) => {
    for (const [, path] of text.matchAll(/`((?:services|web|firmware-sim|migrations|test|bench|docs|docker|data)\/[\w./-]*)`/g)) {
      if (!generated.test(path!) && !existsSync(path!)) t.fail(`${path} is not there`)
    }
    for (const [, script] of text.matchAll(/npm run (?:--silent )?([\w:-]+)/g))
      if (!scripts.includes(script!)) t.fail(`npm run ${script} is no script`)
  })
}

t.test('the recipe of a list page names each file that a real one is made of, and no other', async (t) => {
  const recipe = readFileSync('docs/recipes.md', 'utf8')
    .split('\n## ')
    .find((chapter) => chapter.startsWith('A list page'))!
  // A step begins with the place of its file: a file, a folder, or a name beside others of the page.
  const steps = [...recipe.matchAll(/^\d+\. [^`\n]*`([\w./-]+)`/gm)].map(([, place]) => place!)
  t.equal(steps.length, 11, 'nine, and two more where it is exported')
  const ofSuppliers = /\blistSuppliers\b|'\/suppliers'|'page\.suppliers'|^ {2}suppliers: 'suppliers',$/m
  const isSource = (file: string) => /^(services|web\/(?!dist)|test\/dispatch\/matrix\/|test\/browser\/door).*\.tsx?$/.test(file)
  // A form elsewhere that offers suppliers is no part of their page.
  const made = ['services', 'web', 'test/dispatch', 'test/browser']
    .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file}`))
    .filter((file) => isSource(file) && ofSuppliers.test(readFileSync(file, 'utf8').replaceAll("call('listSuppliers'", '')))
  const page = made.find((file) => file.startsWith('web/pages/'))!
  const atStep = (file: string) => {
    const found: number[] = steps.map((step) =>
      file === step ? 3 : file.endsWith(`/${step}`) ? 2 : step.endsWith('/') && file.startsWith(step) ? 1 : 0,
    )
    return Math.max(...found) > 0 ? steps[found.indexOf(Math.max(...found))] : file
  }
  t.same([...made, join(dirname(page), 'texts.ts')].map(atStep).sort(), [...steps].sort())
})
