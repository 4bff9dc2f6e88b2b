// Why a package could not be made, as whoever asked for it is told.
import type { RefusalReason, RefusalValues } from '../../../contracts/refusals.ts'

type UnmadeReason = Extract<RefusalReason, `evidence.${string}` | `case.${string}`>

export class Unmade extends Error {
  readonly reason: UnmadeReason
  readonly values: RefusalValues

  constructor(reason: UnmadeReason, values: RefusalValues = {}) {
    super(`${reason} ${JSON.stringify(values)}`)
    this.reason = reason
    this.values = values
  }
}
