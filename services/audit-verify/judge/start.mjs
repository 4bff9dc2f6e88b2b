// Threads do not inherit what runs TypeScript in the main program: this turns it on and goes on with the thread itself.
import { register } from 'tsx/esm/api'

register()
await import('./thread.ts')
