// Threads do not inherit what runs the main program: this finds what a thread of it runs.
import { program } from '../../../../programs.mjs'

await import(await program('services/dispatch/exchange/read/worker.ts'))
