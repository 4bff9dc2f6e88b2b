// A statement can say that it succeeded and have written nothing. Where a missing row would be a lie, the rows are counted.

/** Fewer or more rows were written than were to be. Never a refusal of what was asked: what should be there is not. */
export class NotWritten extends Error {
  constructor(what: string, expected: number, written: number) {
    super(`${what}: ${expected} rows were to be written, the database wrote ${written}`)
    this.name = 'NotWritten'
  }
}

/** The result, when exactly `expected` rows were written. @throws NotWritten, which undoes the transaction it is thrown in */
export function wrote<R extends { rowCount: number }>(result: R, expected: number, what: string): R {
  if (result.rowCount !== expected) throw new NotWritten(what, expected, result.rowCount)
  return result
}
