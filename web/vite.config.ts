// Builds the web app from web/ into web/dist. Everything is served from our own origin: no CDN, no fonts from elsewhere.
// Pages are lazy chunks, so that signing in costs neither the map nor the component library.
import { join } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { api } from '../services/contracts/api.ts'
import { endpointTable } from './endpointTable.ts'
import { phoneEntry } from './phoneEntry.ts'
import { precompress } from './precompress.ts'

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), endpointTable(api), phoneEntry(), precompress()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    // The content security policy has no data: for scripts and fonts, and hashed files cache for ever.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200,
    rolldownOptions: {
      // Schemas that nothing of the web reads are left out: to make one changes nothing else.
      treeshake: { manualPureFunctions: ['z'] },
      // The desk, and what a phone gets.
      input: [join(import.meta.dirname, 'index.html'), join(import.meta.dirname, 'phone/index.html')],
      output: {
        codeSplitting: {
          groups: [
            { name: 'map', test: /node_modules\/(maplibre-gl|pmtiles|@mapbox|@maplibre)\//, priority: 30 },
            // Apart from the base: a phone's pages do without.
            { name: 'router', test: /node_modules\/@tanstack\/((react-)?(router|store)|history)[^/]*\//, priority: 15 },
            { name: 'base', test: /node_modules\/(react|react-dom|scheduler|@tanstack\/(react-)?query[^/]*)\//, priority: 20 },
            { name: 'antd', test: /node_modules\/(antd|@ant-design|@rc-component|rc-[^/]+|dayjs)\//, priority: 10, minShareCount: 2 },
          ],
        },
      },
    },
  },
})
