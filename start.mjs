// `npm start`: installs what is missing, then runs everything in this process. Needs Node and npm, nothing else.
import { installMissing } from './install.mjs'
import { program } from './programs.mjs'

installMissing()
await import(await program('services/embedded/main.ts'))
