// A module hook of worker.ts: tap's `async-hook-domain` is tapDomain.mjs.
const domain = new URL('tapDomain.mjs', import.meta.url).href

export function resolve(specifier, context, next) {
  return specifier === 'async-hook-domain' ? { url: domain, format: 'module', shortCircuit: true } : next(specifier, context)
}
