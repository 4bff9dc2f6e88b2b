// A file that cannot be read at all: said in the two languages of the product, and never a crash.
import type { Words } from '../contracts/exchange.ts'

export class Unreadable extends Error {
  readonly words: Words
  constructor(zh: string, en: string) {
    super(en)
    this.name = 'Unreadable'
    this.words = { zh, en }
  }
}
