import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { quarantineReasons } from '../../services/contracts/position.ts'
import { fieldWords } from '../../services/domain/fieldWords.ts'
import { roles } from '../../services/domain/permissions.ts'
import { vehicleStatuses } from '../../services/domain/status.ts'
import { energyTypes, vehicleCategories, vehicleClasses } from '../../services/domain/vehicle.ts'
import { wordLists } from '../../services/domain/words.ts'
import { en, rooms, type TextKey, zhCN } from '../harness/texts.ts'

const slots = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]).sort()
const sources = readdirSync('web', { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file) && !/^(dist|node_modules|public)\//.test(file))
  .map((file) => join('web', file))
const source = new Map(sources.map((file) => [file, readFileSync(file, 'utf8')]))
const isTexts = (file: string) => /\/texts\.ts$/.test(file)
/** Keys that a file of texts writes down itself. */
const ownKeys = (file: string) => [...source.get(file)!.matchAll(/^ {2}'([^']+)':/gm)].map((match) => match[1]!)

t.test('every file of texts is known to the suites', async (t) => {
  t.same(sources.filter(isTexts).sort(), Object.keys(rooms).sort())
})

t.test('a text stands once, and no word of an enumeration or field is written again', async (t) => {
  const words = [
    ...Object.entries(wordLists).flatMap(([list, words]) => Object.keys(words).map((value) => `${list}.${value}`)),
    ...Object.keys(fieldWords).map((name) => `field.${name}`),
  ]
  const all = [...words, ...sources.filter(isTexts).flatMap(ownKeys)]
  t.ok(all.length > 1500)
  t.same(
    all.filter((key, index) => all.indexOf(key) !== index),
    [],
  )
})

t.test('both languages fill the same places in each text', async (t) => {
  for (const key of Object.keys(zhCN) as TextKey[]) t.same(slots(en[key]), slots(zhCN[key]), key)
})

t.test('no text is empty, and none shouts', async (t) => {
  for (const text of [...Object.values(zhCN), ...Object.values(en)]) t.match(text, /^[^!！]+$/)
})

t.test('English is written with the punctuation of English, what is put together outside the texts as well', async (t) => {
  const wide = /[（）：，；。]/
  t.same(
    (Object.keys(en) as TextKey[]).filter((key) => wide.test(en[key])),
    [],
  )
  const written = [...source].filter(([file]) => !isTexts(file) && !file.startsWith('web/verify/'))
  const lines = written.flatMap(([file, text]) =>
    // What people type is taken as they type it: expressions may have both. A place of Chinese says beside it what stands there in English.
    text
      .replace(/\/(?![/*])(?:\[[^\]\n]*\]|\\.|[^/\\\n[])+\//g, '')
      .replace(/\/\/.*|\/\*[\s\S]*?\*\//g, '')
      .split('\n')
      .filter((line) => wide.test(line) && !/=== 'en' \?/.test(line))
      .map((line) => `${file}: ${line.trim()}`),
  )
  t.same(lines, [])
})

/** Beginnings of keys whose end a file adds: `'audit.part.'`, `reason.${…}`, and of a table whose words are joined, `'ledger.over'`. */
function beginningsIn(text: string): string[] {
  const written = [...text.matchAll(/['"]([a-zA-Z][\w.-]*\.)['"]/g), ...text.matchAll(/`([\w.-]+\.)\$\{/g)].map((match) => match[1]!)
  const joined = /\$\{\w+\}\.\$\{/.test(text) ? [...text.matchAll(/'([a-z]\w*\.[\w.]*)'/g)].map((match) => `${match[1]}.`) : []
  return [...written, ...joined]
}

t.test('every text has somebody who says it, in its own room or above', async (t) => {
  for (const file of sources.filter(isTexts)) {
    const home = dirname(file)
    const users = sources.filter((one) => !isTexts(one) && (!home.startsWith('web/pages/') || one.startsWith(`${home}/`)))
    const text = users.map((one) => source.get(one)!).join('\n')
    const beginnings = users.flatMap((one) => beginningsIn(source.get(one)!))
    for (const key of ownKeys(file))
      if (
        ![`'${key}'`, `"${key}"`, `\`${key}\``].some((written) => text.includes(written)) &&
        !beginnings.some((one) => key.startsWith(one))
      )
        t.fail(`nobody says ${key} of ${file}`)
  }
})

t.test('every word of the contracts has a name in both languages', async (t) => {
  const keys = [
    ...roles.flatMap((role) => [`role.${role}`, `roleFor.${role}`]),
    ...vehicleStatuses.map((status) => `status.${status}`),
    ...vehicleClasses.map((kind) => `class.${kind}`),
    ...vehicleCategories.map((category) => `category.${category}`),
    ...energyTypes.map((energy) => `energy.${energy}`),
    ...quarantineReasons.map((reason) => `reason.${reason}`),
  ]
  for (const key of keys) t.ok(key in zhCN, key)
})
