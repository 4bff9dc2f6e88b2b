// The page of the phone's entry is the desk's, but for what it starts.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'

export function phoneEntry(): Plugin {
  return {
    name: 'phone-entry',
    transformIndexHtml: {
      order: 'pre',
      handler: (html, { path }) =>
        path === '/phone/index.html'
          ? readFileSync(join(import.meta.dirname, 'index.html'), 'utf8').replace('/app/main.tsx', '/phone/main.tsx')
          : html,
    },
  }
}
