// Identity of every vehicle in scope, for the search box and the labels of the map. 23,188 rows are half a megabyte of JSON, so each
// scope's answer is made and compressed once per ledger and then told apart by its ETag.
import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { AnswerOf } from '../../contracts/api.ts'
import { eligibleVehicles, type LiveScope } from './filter.ts'
import type { Ledger } from './ledger.ts'

const compress = promisify(gzip)

/** An answer whose bytes are ready, as they are and compressed. */
export type Prepared = { etag: string; json: Buffer; gzip: Buffer }

export class RosterCache {
  #ledger: Ledger | undefined
  readonly #answers = new Map<string, Promise<Prepared>>()

  get(ledger: Ledger, scope: LiveScope): Promise<Prepared> {
    if (ledger !== this.#ledger) this.#answers.clear()
    this.#ledger = ledger
    const key = `${scope.organisationId}/${scope.vehicleId}`
    let answer = this.#answers.get(key)
    if (!answer) {
      answer = prepare(rosterOf(ledger, scope))
      this.#answers.set(key, answer)
    }
    return answer
  }
}

export function rosterOf(ledger: Ledger, scope: LiveScope): AnswerOf<'getRoster'> {
  const eligible = eligibleVehicles(ledger, scope, {})
  const roster: AnswerOf<'getRoster'> = { vehicleId: [], plate: [], class: [], userUnitId: [] }
  for (let i = 0; i < ledger.count; i++) {
    if (eligible[i] === 0) continue
    roster.vehicleId.push(ledger.vehicleId[i]!)
    roster.plate.push(ledger.plate[i]!)
    roster.class.push(ledger.class[i]!)
    roster.userUnitId.push(ledger.userUnitId[i]!)
  }
  return roster
}

async function prepare(value: unknown): Promise<Prepared> {
  const json = Buffer.from(JSON.stringify(value))
  return { etag: `"${createHash('sha256').update(json).digest('base64url').slice(0, 22)}"`, json, gzip: await compress(json) }
}
