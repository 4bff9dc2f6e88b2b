// The verification page: one file that works from the disk without network. It reads a package piece by piece, and says what services/evidence says of it.
import type { Source } from '../../services/evidence/container.ts'
import { readGivenKeys } from '../../services/evidence/keys.ts'
import { regionalOf } from '../../services/evidence/tracks/track.ts'
import { type Outcome, verifyPackage } from '../../services/evidence/verify.ts'
import { findingText, type Language, verdictText } from '../../services/evidence/words.ts'
import { pageText } from './words.ts'

const find = <T extends HTMLElement>(id: string): T => document.getElementById(id) as T
const key = find<HTMLTextAreaElement>('key')
const file = find<HTMLInputElement>('file')
const drop = find<HTMLLabelElement>('drop')
const result = find('result')
const progress = find<HTMLProgressElement>('progress')

let language: Language = languageOfReader()
let shown: Outcome | 'failed' | 'key' | undefined
/** The file that was chosen last: another key asks it again. */
let chosen: File | undefined
let turn = 0

/** Where the page came from a platform, its keys stand in it; who has the page from elsewhere gives one. */
const known = find('known-keys').textContent?.trim() ?? ''
key.value = known.startsWith('%') ? '' : known

/** The one that was chosen on the platform that the page came from; elsewhere the browser's. From the disk some browsers keep nothing. */
function languageOfReader(): Language {
  try {
    const chosen = localStorage.getItem('morin.locale')
    if (chosen === 'zh-CN' || chosen === 'en') return chosen
  } catch {}
  return navigator.language.startsWith('zh') ? 'zh-CN' : 'en'
}

function sayAll(): void {
  document.documentElement.lang = language
  for (const element of document.querySelectorAll<HTMLElement>('[data-text]'))
    element.textContent = pageText(element.dataset.text!, language)
  document.title = pageText('title', language)
  show()
}

async function check(): Promise<void> {
  if (!chosen) return
  const mine = ++turn
  const keys = key.value.trim() === '' ? [] : readGivenKeys(key.value)
  if (!keys) {
    // What was under way is of no interest any more.
    progress.hidden = true
    shown = 'key'
    return show()
  }
  shown = undefined
  progress.hidden = false
  progress.removeAttribute('value')
  show()
  try {
    const outcome = await verifyPackage(sourceOf(chosen), {
      keys,
      onProgress: (done, of) => {
        if (mine === turn && of > 0) progress.value = done / of
      },
    })
    if (mine !== turn) return
    shown = outcome
  } catch {
    if (mine !== turn) return
    // The file went away, or the browser gave up on it: that says nothing of the package.
    shown = 'failed'
  }
  progress.hidden = true
  show()
}

const sourceOf = (from: File): Source => ({
  size: from.size,
  read: async (begin, end) => new Uint8Array(await from.slice(begin, end).arrayBuffer()),
})

function show(): void {
  result.replaceChildren()
  if (shown === undefined) return
  if (shown === 'failed' || shown === 'key') {
    result.append(element('p', 'verdict unchecked', pageText(shown === 'key' ? 'keyWrong' : 'failed', language)))
    return
  }
  const { verdict, findings, manifest } = shown
  const head = element('p', `verdict ${verdict}`, verdictText(verdict, language))
  head.dataset.verdict = verdict
  result.append(head)
  if (findings.length > 0) {
    const list = element('ul', 'findings')
    for (const finding of findings) {
      const line = element('li', '', findingText(finding, language))
      line.dataset.code = finding.code
      list.append(line)
    }
    result.append(list)
  }
  if (!manifest) return
  if (verdict !== 'intact') result.append(element('p', 'quiet', pageText('itself', language)))
  const facts = element('dl', '')
  const fact = (name: string, value: string) => facts.append(element('dt', '', pageText(name, language)), element('dd', '', value))
  fact('number', manifest.number)
  fact('purpose', manifest.case.purpose)
  fact('period', `${minuteOf(manifest.period.from)} – ${regional(manifest.period.until)}`)
  fact('vehicles', manifest.vehicles.map(({ plate }) => plate).join(language === 'en' ? ', ' : '、') || '–')
  fact('madeBy', `${manifest.madeBy.displayName} (${manifest.madeBy.username}) ${manifest.madeBy.organisation}`)
  fact('madeAt', regional(manifest.madeAt))
  fact('datum', manifest.datum)
  fact('signature', `${manifest.signature.algorithm}\n${grouped(manifest.signature.fingerprint)}`)
  fact('audit', `${manifest.audit.seq} · ${manifest.audit.algorithm.toUpperCase()}\n${grouped(manifest.audit.hash)}`)
  fact('parts', manifest.parts.map(({ name }) => name).join('\n'))
  result.append(facts)
}

/** 2026-03-08 07:30, of the region's clock wherever the page is read. */
const minuteOf = (instant: string): string => regionalOf(Date.parse(instant)).slice(0, 16)
const regional = (instant: string): string => `${minuteOf(instant)} (UTC+08:00)`
/** In fours, as one reads it aloud. */
const grouped = (hex: string): string => hex.match(/.{1,4}/g)!.join(' ')

function element(tag: string, className: string, text = ''): HTMLElement {
  const made = document.createElement(tag)
  if (className) made.className = className
  made.textContent = text
  return made
}

function choose(from: File | undefined): void {
  if (!from) return
  chosen = from
  find('name').textContent = from.name
  void check()
}

file.addEventListener('change', () => choose(file.files?.[0]))
key.addEventListener('change', () => void check())
find('again').addEventListener('click', () => void check())
find('language').addEventListener('click', () => {
  language = language === 'en' ? 'zh-CN' : 'en'
  sayAll()
})
drop.addEventListener('dragover', (event) => {
  event.preventDefault()
  drop.classList.add('over')
})
drop.addEventListener('dragleave', () => drop.classList.remove('over'))
drop.addEventListener('drop', (event) => {
  event.preventDefault()
  drop.classList.remove('over')
  choose(event.dataTransfer?.files[0])
})
sayAll()
