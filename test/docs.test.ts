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
