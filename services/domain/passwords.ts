// Which passwords will do.
import type { SecurityLimits } from './securityPolicy.ts'

export const passwordFaults = ['too-short', 'too-few-classes', 'holds-user-name', 'too-common', 'used-before'] as const
export type PasswordFault = (typeof passwordFaults)[number]

/** Passwords that everybody tries first, in small letters and without signs around them. */
const worst = [
  'password',
  'passw0rd',
  'p@ssw0rd',
  '1234567890',
  '0123456789',
  '12345678',
  'qwertyuiop',
  'qwerty123',
  '1q2w3e4r5t',
  '1qaz2wsx3edc',
  'abc123456',
  'iloveyou',
  'admin123',
  'administrator',
  'woaini1314',
  'a123456789',
  'zaq12wsx',
  'changeme',
  'welcome123',
  'morin2026',
]

const classesOf = (password: string): number => [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z\d]/].filter((kind) => kind.test(password)).length

/** What is wrong with a new password, beside having been used before, which only the server can tell. Empty when it will do. */
export function faultsOf(password: string, username: string, limits: Pick<SecurityLimits, 'minLength' | 'classes'>): PasswordFault[] {
  const faults: PasswordFault[] = []
  const plain = password.toLowerCase()
  // A worst one with a year and a sign behind it is as bad; so is one character again and again.
  const core = plain.replace(/^[^a-z\d]+|[^a-z\d]+$/g, '')
  if ([...password].length < limits.minLength) faults.push('too-short')
  if (classesOf(password) < limits.classes) faults.push('too-few-classes')
  if (username.length >= 3 && plain.includes(username.toLowerCase())) faults.push('holds-user-name')
  if (new Set(plain).size < 5 || worst.some((each) => core === each || core.replace(/\d{1,4}$/, '') === each)) faults.push('too-common')
  return faults
}
