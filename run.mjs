// `node run.mjs services/dispatch/main.ts --port 8080`: runs a program of ours, built (programs.mjs), as if it had been named itself.
import { program } from './programs.mjs'

process.argv.splice(1, 1)
await import(await program(process.argv[1]))
