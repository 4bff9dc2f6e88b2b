// Before anything else of worker.ts is loaded: what it imports as tap, and what tap imports, goes by tapOfFile.mjs.
import { register } from 'node:module'

register('./tapOfFile.mjs', import.meta.url)
