// Asks the programs that are named for help, one after the other in this one process, so that what they share is loaded once. Prints a line
// for each: what it said, and with which code it would have ended.
import { pathToFileURL } from 'node:url'

export type Said = { file: string; code: number | undefined; text: string; errors: string }

class Ended extends Error {}

let said: Said
const unlessEnded = (error: unknown): void => {
  if (!(error instanceof Ended)) throw error
}
const print = process.stdout.write.bind(process.stdout)
process.exit = (code) => {
  said.code = Number(code)
  throw new Ended()
}
process.stdout.write = (part: string | Uint8Array) => {
  said.text += part
  return true
}
process.stderr.write = (part: string | Uint8Array) => {
  said.errors += part
  return true
}
process.on('unhandledRejection', unlessEnded)
for (const file of process.argv.slice(2)) {
  said = { file, code: undefined, text: '', errors: '' }
  process.argv = [process.execPath, file, '--help']
  await import(pathToFileURL(file).href).catch(unlessEnded)
  print(`${JSON.stringify(said)}\n`)
}
