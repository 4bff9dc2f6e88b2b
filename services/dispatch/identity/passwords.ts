// Passwords: argon2id. An unknown user costs the same hash as a known one, so that time does not tell names.
import { hash, verify } from '@node-rs/argon2'

/** 19 MiB, two passes, one lane: OWASP's second choice of parameters, about 30 ms here. The package's default algorithm is argon2id. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

const hashPassword = (password: string): Promise<string> => hash(password, cost)

let nobodysHash: Promise<string> | undefined

/** Is this the password of the account with `passwordHash`? Without a hash (no such user) it takes as long and says no. */
export async function isPassword(password: string, passwordHash: string | undefined): Promise<boolean> {
  nobodysHash ??= hashPassword('nobody has this password')
  const right = await verify(passwordHash ?? (await nobodysHash), password)
  return right && passwordHash !== undefined
}
