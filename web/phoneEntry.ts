// The page of the phone's entry is the desk's, but for what it starts; and the worker that keeps it for where there is no network.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'

/** An installed phone page has an icon and a name of its own. */
const HEAD = `    <link rel="manifest" href="/phone.webmanifest" />
    <link rel="apple-touch-icon" href="/phone-192.png" />
  </head>`

export function phoneEntry(): Plugin {
  return {
    name: 'phone-entry',
    transformIndexHtml: {
      order: 'pre',
      handler: (html, { path }) =>
        path === '/phone/index.html'
          ? readFileSync(join(import.meta.dirname, 'index.html'), 'utf8')
              .replace('/app/main.tsx', '/phone/main.tsx')
              .replace('  </head>', HEAD)
          : html,
    },
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const shell = new Set<string>()
        // The map, and what brings it in, is fetched by whoever opens it.
        const isMap = (file: string): boolean => {
          const chunk = bundle[file]
          return (
            chunk?.type === 'chunk' &&
            (chunk.name === 'map' || chunk.imports.some((each) => bundle[each]?.type === 'chunk' && bundle[each].name === 'map'))
          )
        }
        const add = (file: string): void => {
          if (shell.has(`/${file}`)) return
          const chunk = bundle[file]
          // A map comes with its first use, and is kept from then on.
          if (chunk?.type !== 'chunk' || chunk.facadeModuleId?.endsWith('/parts/trip/FollowMap.tsx')) return
          // Whoever waits for a phone's first load must not wait for schemas, which are the server's.
          const schemas = Object.keys(chunk.modules).find((id) => id.includes('/node_modules/zod/'))
          if (schemas) this.error(`the phone page would load ${schemas}, in ${file}`)
          shell.add(`/${file}`)
          for (const css of chunk.viteMetadata?.importedCss ?? []) shell.add(`/${css}`)
          for (const imported of [...chunk.imports, ...chunk.dynamicImports]) if (!isMap(imported)) add(imported)
        }
        for (const chunk of Object.values(bundle))
          if (chunk.type === 'chunk' && chunk.facadeModuleId?.endsWith('/phone/index.html')) add(chunk.fileName)
        if (shell.size === 0) this.error('the files of the phone page were not found')
        const files = JSON.stringify([...shell].sort())
        const worker = readFileSync(join(import.meta.dirname, 'phone/serviceWorker.js'), 'utf8')
        const version = createHash('sha256').update(worker).update(files).digest('hex').slice(0, 12)
        this.emitFile({
          type: 'asset',
          fileName: 'phone-worker.js',
          source: worker.replace(`'__SHELL__'`, files).replace('__VERSION__', version),
        })
      },
    },
  }
}
