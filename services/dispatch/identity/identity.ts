// The parts of identity, wired once for the service.
import type { Clock } from '../../platform/clock.ts'
import { sealingKeyOf } from '../../platform/crypto.ts'
import type { Database } from '../../platform/db.ts'
import { Accounts } from './accounts.ts'
import { NameKeys } from './failures.ts'
import { Grants } from './grants.ts'
import { SecurityPolicies } from './policy.ts'
import { SecondFactors } from './secondFactor.ts'
import { Sessions } from './sessions.ts'
import { SignIn, type SignInDeps } from './signIn.ts'
import { ApiTokens } from './tokens.ts'

export type Identity = SignInDeps & { signIn: SignIn; accounts: Accounts; grants: Grants; tokens: ApiTokens; key: Buffer | undefined }

/** `identityKey`: 32 bytes as base64url, for what is sealed in the database; without it no second factor works. */
export function openIdentity(
  db: Database,
  clock: Clock,
  { identityKey, demoTotp }: { identityKey: string | undefined; demoTotp: boolean },
): Identity {
  const key = identityKey === undefined ? undefined : sealingKeyOf(identityKey)
  const policies = new SecurityPolicies(db, clock)
  const sessions = new Sessions(db, clock, policies)
  const factors = new SecondFactors(db, key)
  const accounts = new Accounts({ db, clock }, sessions)
  const deps: SignInDeps = { db, clock, sessions, policies, factors, names: new NameKeys(key), demoTotp }
  return {
    ...deps,
    key,
    signIn: new SignIn(deps),
    accounts,
    grants: new Grants({ accounts, sessions, factors, policies, demoTotp }),
    tokens: new ApiTokens(db, clock),
  }
}
