// Where a process that plays test files begins: what tap imports to follow its promises is ours, before anything of worker.ts is loaded. The
// files stand as JavaScript in the directory that TEST_BUILT names (programs.mjs).
import { register } from 'node:module'
import { pathToFileURL } from 'node:url'

register('./tapDomainHook.mjs', import.meta.url)
await import(pathToFileURL(`${process.env.TEST_BUILT}/test/harness/worker.mjs`).href)
