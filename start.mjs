// `npm start`: installs what is missing, then runs everything in this process. Needs Node and npm, nothing else.
import { installMissing } from './install.mjs'

installMissing()
const { register } = await import('tsx/esm/api')
register()
await import('./services/embedded/main.ts')
