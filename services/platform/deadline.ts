// A limit on how long the database may be silent.
// The work it bounds is answered by a socket: while our own loop stands still nothing can answer, so the end of the time is looked at again
// one turn of the loop later, when what had arrived has been read.

/** How long an answer of the database is waited for, ms. */
export type Patience = {
  /** Getting a connection and its first statement together: a read, a lone statement, BEGIN. */
  answerMs: number
  /** Each later statement of a transaction: it holds locks that others wait for, and its work is worth more than its wait. */
  inTransactionMs: number
}

/** The database did not answer in time. */
export class DatabaseSilent extends Error {
  /** The statement had gone out and was one that changes something at once, or COMMIT: it may be done, or be done yet. */
  readonly mayHaveCommitted: boolean

  constructor(ms: number, mayHaveCommitted: boolean) {
    super(`the database did not answer within ${ms} ms`)
    this.mayHaveCommitted = mayHaveCommitted
  }
}

/** What `work` gives, or, after `ms`, the rejection with what `giveUp` makes; `work` then ends unheard. */
export function withinPatience<T>(ms: number, work: Promise<T>, giveUp: () => Error): Promise<T> {
  return new Promise((resolve, reject) => {
    let again: NodeJS.Immediate | undefined
    const timer = setTimeout(() => {
      // Two turns: sockets are read between them, and what was read settles `work` before the second.
      again = setImmediate(() => {
        again = setImmediate(() => reject(giveUp()))
      })
    }, ms)
    work.then(resolve, reject).finally(() => {
      clearTimeout(timer)
      clearImmediate(again)
    })
  })
}
