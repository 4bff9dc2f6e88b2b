// Before anything else of worker.ts is loaded: what tap imports to follow its promises is ours.
import { register } from 'node:module'

register('./tapDomainHook.mjs', import.meta.url)
