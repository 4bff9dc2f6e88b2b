// How a user name is written and found again: one law for making an account, looking it up and counting failures.
import { z } from 'zod'

/**
 * The one form of a user name, however it was typed: compatible forms (full-width letters) are taken together, capitals made small, spaces
 * around it and signs that nobody sees taken out.
 */
export const foldUsername = (typed: string): string =>
  typed
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .trim()
    .toLowerCase()

/** The name of a new account. */
export const newUsernameSchema = z
  .string()
  .overwrite(foldUsername)
  .regex(
    /^[a-z][a-z0-9._-]{2,31}$/,
    '用户名应为 3 至 32 个小写字母、数字、点或横线，字母开头 / 3 to 32 small letters, digits, dots and dashes, beginning with a letter',
  )

/** A name by which an account is looked for. */
export const typedUsernameSchema = z.string().max(256).overwrite(foldUsername).min(1).max(64)
