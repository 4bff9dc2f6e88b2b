// Identity of every vehicle in scope, for the search box and the labels of the map. 23,188 rows are half a megabyte of JSON, so each
// scope's answer is made and compressed once per ledger and then told apart by its ETag.
import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { AnswerOf } from '../../contracts/api.ts'
import type { Unmasking } from '../kernel/caller.ts'
import { COARSE, eligibleVehicles, type LiveScope } from './filter.ts'
import type { Ledger } from './ledger.ts'

const compress = promisify(gzip)

/** An answer whose bytes are ready, as they are and compressed. */
export type Prepared = { etag: string; json: Buffer; gzip: Buffer }

/** Scopes times sets of cleared vehicles: a few of each are in use at a time. */
const MAX_ANSWERS = 200

export class RosterCache {
  #ledger: Ledger | undefined
  readonly #answers = new Map<string, Promise<Prepared>>()

  get(ledger: Ledger, scope: LiveScope, unmasked: readonly Unmasking[]): Promise<Prepared> {
    if (ledger !== this.#ledger || this.#answers.size >= MAX_ANSWERS) this.#answers.clear()
    this.#ledger = ledger
    // Whatever decides what is in the answer: a roster made for those who are named is never handed to anyone else.
    const key = JSON.stringify([scope, unmasked])
    let answer = this.#answers.get(key)
    if (!answer) {
      answer = prepare(rosterOf(ledger, scope, unmasked))
      this.#answers.set(key, answer)
    }
    return answer
  }
}

export function rosterOf(ledger: Ledger, scope: LiveScope, unmasked: readonly Unmasking[] = []): AnswerOf<'getRoster'> {
  const eligible = eligibleVehicles(ledger, scope, {})
  const roster: AnswerOf<'getRoster'> = { vehicleId: [], plate: [], class: [], userUnitId: [], unmasked: [] }
  for (let i = 0; i < ledger.count; i++) {
    if (eligible[i] === 0) continue
    const coarse = eligible[i] === COARSE ? ledger.coarse.get(i) : undefined
    roster.vehicleId.push(coarse?.secretNo ?? ledger.vehicleId[i]!)
    roster.plate.push(coarse ? '' : ledger.plate[i]!)
    roster.class.push(ledger.class[i]!)
    roster.userUnitId.push(coarse?.homeId ?? ledger.userUnitId[i]!)
  }
  roster.unmasked = unmasked.map(({ vehicleId, untilMs }) => ({ vehicleId, until: new Date(untilMs).toISOString() }))
  return roster
}

async function prepare(value: unknown): Promise<Prepared> {
  const json = Buffer.from(JSON.stringify(value))
  return { etag: `"${createHash('sha256').update(json).digest('base64url').slice(0, 22)}"`, json, gzip: await compress(json) }
}
