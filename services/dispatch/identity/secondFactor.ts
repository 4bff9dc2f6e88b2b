// The second factor: TOTP (RFC 6238, 30 s, six digits, one step of tolerance either way) and recovery codes.
// A time step is taken once: the newest taken one is kept, and it and everything before it is refused for ever.
import { generateSecret, generateURI, verify } from 'otplib'
import { renderSVG } from 'uqr'
import { Refusal } from '../../contracts/errors.ts'
import { seal, unseal } from '../../platform/crypto.ts'
import type { Database, Queryable } from '../../platform/db.ts'
import { hashOfCode, newCode } from './entry.ts'

const STEP_S = 30
const RECOVERY_CODES = 10

/** A code that was right, to be taken inside the transaction that acts on it. */
type Proof = { kind: 'totp'; step: number } | { kind: 'recovery'; hash: Buffer }

const contextOf = (accountId: number) => `second-factor ${accountId}`

export class SecondFactors {
  readonly #db: Database
  readonly #key: Uint8Array | undefined

  /** Without a key nothing can be enrolled or checked: that is refused as UNAVAILABLE. */
  constructor(db: Database, key: Uint8Array | undefined) {
    this.#db = db
    this.#key = key
  }

  /** A new secret for `username`, its sealed form for the session row, and what the authenticator app reads. */
  begin(accountId: number, username: string): { sealed: Buffer; secret: string; uri: string; qrSvg: string } {
    const secret = generateSecret()
    const uri = generateURI({ issuer: 'Morin', label: username, secret })
    return { sealed: seal(this.#keyOrRefuse(), secret, contextOf(accountId)), secret, uri, qrSvg: renderSVG(uri, { border: 4 }) }
  }

  /** The time step that `code` belongs to; undefined when the code is not right now. */
  async stepOf(accountId: number, sealed: Uint8Array, code: string, nowMs: number): Promise<number | undefined> {
    if (!/^\d{6}$/.test(code)) return undefined
    const secret = unseal(this.#keyOrRefuse(), sealed, contextOf(accountId)).toString()
    const result = await verify({ secret, token: code, period: STEP_S, epoch: Math.floor(nowMs / 1000), epochTolerance: STEP_S })
    return result.valid && 'timeStep' in result ? result.timeStep : undefined
  }

  /** Looks whether `code` is one of the account's; changes nothing. */
  async prove(accountId: number, code: string, nowMs: number): Promise<Proof | undefined> {
    if (!/^\d{6}$/.test(code)) return { kind: 'recovery', hash: hashOfCode(code) }
    const { rows } = await this.#db.query<{ secret: Buffer }>('SELECT secret FROM second_factors WHERE account_id = $1', [accountId])
    if (!rows[0]) return undefined
    const step = await this.stepOf(accountId, rows[0].secret, code, nowMs)
    return step === undefined ? undefined : { kind: 'totp', step }
  }

  /** Takes the code; false when it was taken before. Of two at once one wins. */
  async take(client: Queryable, accountId: number, proof: Proof, nowMs: number): Promise<boolean> {
    const { rowCount } =
      proof.kind === 'totp'
        ? await client.query('UPDATE second_factors SET last_step = $2 WHERE account_id = $1 AND last_step < $2', [accountId, proof.step])
        : await client.query('UPDATE recovery_codes SET used_at = $3 WHERE account_id = $1 AND code_hash = $2 AND used_at IS NULL', [
            accountId,
            proof.hash,
            new Date(nowMs),
          ])
    return rowCount === 1
  }

  /** Puts a proven secret in place of whatever was there; returns new recovery codes, which are nowhere else. */
  async enrol(client: Queryable, accountId: number, sealed: Uint8Array, step: number, nowMs: number): Promise<string[]> {
    await client.query(
      `INSERT INTO second_factors (account_id, secret, last_step, enrolled_at) VALUES ($1, $2, $3, $4)
       ON CONFLICT (account_id) DO UPDATE SET secret = excluded.secret, last_step = excluded.last_step, enrolled_at = excluded.enrolled_at`,
      [accountId, sealed, step, new Date(nowMs)],
    )
    await client.query('UPDATE accounts SET unproven_by = NULL WHERE account_id = $1', [accountId])
    await client.query('DELETE FROM recovery_codes WHERE account_id = $1', [accountId])
    const codes = Array.from({ length: RECOVERY_CODES }, newCode)
    await client.query('INSERT INTO recovery_codes (account_id, code_hash) SELECT $1, unnest($2::bytea[])', [
      accountId,
      codes.map(hashOfCode),
    ])
    return codes
  }

  async forget(client: Queryable, accountId: number): Promise<void> {
    await client.query('DELETE FROM recovery_codes WHERE account_id = $1', [accountId])
    await client.query('DELETE FROM second_factors WHERE account_id = $1', [accountId])
  }

  #keyOrRefuse(): Uint8Array {
    if (!this.#key) throw new Refusal('UNAVAILABLE', 'This server was started without --identity-key')
    return this.#key
  }
}
