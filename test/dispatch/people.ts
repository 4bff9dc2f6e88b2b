// Makes accounts as they are made in life: one administrator creates, another grants, and the new one changes the first password.
import { generate } from 'otplib'
import type { AnswerOf } from '../../services/contracts/api.ts'
import type { Role } from '../../services/domain/permissions.ts'
import { ask, type Signed, type World } from './world.ts'

export const reason = '岗位调整需要'
let counter = 0

export type Made = { accountId: number; username: string; password: string; version: number; entryCode?: string | undefined }

export async function createAccount(world: World, by: Signed, more: Record<string, unknown> = {}): Promise<Made> {
  const n = ++counter
  const username = String(more.username ?? `person.${n}`)
  const body = {
    username,
    displayName: `示例人员${n}`,
    personNo: `G${1000 + n}`,
    organisationId: 20,
    requestedRole: 'fleet_manager',
    reason,
    ...more,
  }
  const answer = await ask(world, 'createAccount', by, { body })
  if (answer.status !== 200) throw new Error(`create ${username}: ${answer.body}`)
  const { accountId, oneTimePassword, version } = answer.json()
  return { accountId, username, password: oneTimePassword, version }
}

export async function grant(world: World, by: Signed, made: Made, role: Role, organisationId = 20) {
  const body = { version: made.version, role, organisationId, reason }
  const answer = await ask(world, 'grantRole', by, { params: { accountId: made.accountId }, body })
  if (answer.status === 200) {
    made.version = answer.json().version
    made.entryCode = answer.json().entryCode?.code
  }
  return answer
}

/** A token as it comes about: the security administrator permits it, the account's owner collects its secret. */
export async function makeToken(world: Pick<World, 'app'>, by: Signed, owner: Signed, body: object): Promise<AnswerOf<'collectOwnToken'>> {
  const permitted = await ask(world, 'permitToken', by, { body })
  if (permitted.status !== 200) throw new Error(`a token: ${permitted.body}`)
  const answer = await ask(world, 'collectOwnToken', owner, { params: { tokenId: permitted.json().tokenId } })
  if (answer.status !== 200) throw new Error(`a token: ${answer.body}`)
  return answer.json()
}

/** What a browser does with the cookie of a sign-in that may have steps to do. */
export class Browser {
  readonly #world: World
  signed: Signed = { cookie: '', csrfToken: '', headers: { cookie: '', 'x-csrf-token': '' } }

  constructor(world: World) {
    this.#world = world
  }

  async signIn(username: string, password: string) {
    const answer = await ask(this.#world, 'signIn', this.signed.cookie ? this.signed : undefined, { body: { username, password } })
    if (answer.headers['set-cookie']) await this.take(answer.headers['set-cookie'])
    return answer
  }

  /** The first entrance of a made and granted account, up to the password that it must change. */
  async enter(made: Made): Promise<string> {
    await this.signIn(made.username, made.password)
    return (await this.act('passEntryCode', { code: made.entryCode! })).json().step
  }

  async step(): Promise<AnswerOf<'getSignInStep'>> {
    return (await ask(this.#world, 'getSignInStep', this.signed)).json()
  }

  async act<
    N extends 'passSecondFactor' | 'passEntryCode' | 'beginEnrolment' | 'confirmEnrolment' | 'changePassword' | 'acknowledgeNotice',
  >(name: N, body: object) {
    const answer = await ask(this.#world, name, this.signed, { body })
    if (answer.headers['set-cookie']) await this.take(answer.headers['set-cookie'])
    return answer
  }

  async take(setCookie: string | string[]): Promise<void> {
    const cookie = String(Array.isArray(setCookie) ? setCookie[0] : setCookie).split(';')[0]!
    this.signed = { cookie, csrfToken: '', headers: { cookie, 'x-csrf-token': '' } }
    const { csrfToken } = await this.step()
    this.signed = { cookie, csrfToken, headers: { cookie, 'x-csrf-token': csrfToken } }
  }
}

/** The code of `secret` at an instant. */
export const codeAt = (secret: string, atMs: number): Promise<string> => generate({ secret, epoch: Math.floor(atMs / 1000) })
