// Module hooks of worker.ts: a test file that imports `tap` is given its own subtest of the process's root. Helpers are given the root,
// for they outlive the file that loaded them first.
const marker = 'morin-test-of-file:'
const domain = new URL('tapDomain.mjs', import.meta.url).href

export function resolve(specifier, context, next) {
  if (specifier === 'tap' && context.parentURL?.split('?')[0].endsWith('.test.ts')) {
    return { url: `${marker}${context.parentURL}`, format: 'module', shortCircuit: true }
  }
  if (specifier === 'async-hook-domain') return { url: domain, format: 'module', shortCircuit: true }
  return next(specifier, context)
}

export function load(url, context, next) {
  if (url.startsWith(marker)) return { format: 'module', source: 'export default globalThis.testOfFile', shortCircuit: true }
  return next(url, context)
}
