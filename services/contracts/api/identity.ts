// Who is who: the steps of a sign-in, one's own account, accounts and their grants, security policy, notices, integration tokens.
import { z } from 'zod'
import { type Role, roles, tokenCapabilities } from '../../domain/permissions.ts'
import { securityLimitsSchema } from '../../domain/securityPolicy.ts'
import { newUsernameSchema } from '../../domain/username.ts'
import { type Endpoint, id, instant, offset, page, pageSize, purposeSchema } from './endpoint.ts'

export const accountStatuses = ['pending', 'active', 'disabled'] as const
const signInSteps = ['totp', 'entry', 'password', 'enrol', 'notice', 'open'] as const
export type SignInStep = (typeof signInSteps)[number]

const roleSchema = z.enum(roles as readonly [Role, ...Role[]])
const unit = z.object({ organisationId: z.int(), name: z.string() })
const version = z.int().min(1)
const reason = purposeSchema
const password = z.string().min(1).max(256)
/** Six digits of a second factor, or a recovery code in groups of four. */
const code = z
  .string()
  .trim()
  .regex(/^(\d{6}|[A-Za-z0-8]{4}(-?[A-Za-z0-8]{4}){3})$/)
const phone = z.string().regex(/^1\d{10}$/, '手机号码应为 1 开头的 11 位数字 / a mobile number: eleven digits that begin with 1')
const accountId = z.object({ accountId: id })

const noticeTextSchema = z.object({
  noticeId: z.int(),
  effectiveFrom: instant,
  titleZh: z.string(),
  textZh: z.string(),
  titleEn: z.string(),
  textEn: z.string(),
})

const signInStepSchema = z.object({
  step: z.enum(signInSteps),
  csrfToken: z.string(),
  username: z.string(),
  displayName: z.string(),
  passwordRules: securityLimitsSchema.pick({ minLength: true, classes: true, history: true, maxAgeDays: true }),
  /** The notice to acknowledge, when that is the step. */
  notice: noticeTextSchema.nullable(),
})
export type SignInStepAnswer = z.infer<typeof signInStepSchema>

const sessionRowSchema = z.object({
  sessionId: z.int(),
  createdAt: instant,
  lastSeenAt: instant,
  expiresAt: instant,
  address: z.string().nullable(),
  agent: z.string().nullable(),
  method: z.enum(['password', 'oidc']),
  open: z.boolean(),
  /** The session that asks. */
  own: z.boolean(),
})

const accountRowSchema = z.object({
  accountId: z.int(),
  username: z.string(),
  displayName: z.string(),
  status: z.enum(accountStatuses),
  role: roleSchema.nullable(),
  /** Where the role reaches; before a grant, where the account belongs. */
  organisation: unit,
  roleExpiresAt: instant.nullable(),
  lockedUntil: instant.nullable(),
  /** A role that was asked for and waits for the security administrator. */
  requestedRole: roleSchema.nullable(),
  secondFactor: z.boolean(),
  /** Whether the next entrance takes the code of another person, and whether that has been issued. */
  entry: z.enum(['none', 'wanted', 'issued']),
  demo: z.boolean(),
  version: z.int(),
})
export type AccountRow = z.infer<typeof accountRowSchema>

const grantSchema = z.object({
  grantId: z.int(),
  role: roleSchema,
  organisation: unit,
  requestedAt: instant.nullable(),
  requestedBy: z.string().nullable(),
  requestReason: z.string().nullable(),
  grantedAt: instant.nullable(),
  grantedBy: z.string().nullable(),
  reason: z.string().nullable(),
  expiresAt: instant.nullable(),
  endedAt: instant.nullable(),
  endedBy: z.string().nullable(),
  endReason: z.string().nullable(),
})
export type GrantRow = z.infer<typeof grantSchema>

const accountDetailSchema = accountRowSchema.extend({
  personNo: z.string().nullable(),
  phone: z.string().nullable(),
  driver: z.object({ driverId: z.int(), name: z.string() }).nullable(),
  createdAt: instant,
  createdBy: z.string().nullable(),
  /** The caller made this account, or is the same person: someone else must grant. */
  ownWork: z.boolean(),
  /** The caller may issue the entry code: neither owner, nor who did what makes it necessary. */
  mayVouch: z.boolean(),
  entryCodeUntil: instant.nullable(),
  passwordSetAt: instant.nullable(),
  mustChangePassword: z.boolean(),
  ssoBound: z.boolean(),
  grants: z.array(grantSchema),
  sessions: z.array(sessionRowSchema),
  history: z.array(
    z.object({
      at: instant,
      username: z.string(),
      action: z.string(),
      purpose: z.string().nullable(),
      before: z.unknown().optional(),
      after: z.unknown().optional(),
      names: z.record(z.string(), z.string()),
    }),
  ),
})
export type AccountDetail = z.infer<typeof accountDetailSchema>

const oneTimeSchema = z.object({ accountId: z.int(), version: z.int(), oneTimePassword: z.string() })
const changedSchema = z.object({ accountId: z.int(), version: z.int() })
/** Shown once. */
const entryCodeSchema = z.object({ code: z.string(), expiresAt: instant })

const policyRowSchema = z.object({
  policyId: z.int(),
  effectiveFrom: instant,
  limits: securityLimitsSchema,
  setAt: instant,
  setBy: z.string().nullable(),
  reason: z.string(),
})

const tokenRowSchema = z.object({
  tokenId: z.int(),
  name: z.string(),
  username: z.string(),
  capabilities: z.array(z.string()),
  organisation: unit,
  createdAt: instant,
  createdBy: z.string(),
  /** permitted: its owner has yet to collect the secret, up to `collectUntil`. */
  state: z.enum(['permitted', 'lapsed', 'valid', 'expired', 'revoked']),
  collectUntil: instant.nullable(),
  /** When its owner was shown the present secret; null for a valid token whose secret somebody else was shown, before this was the owner's alone. */
  collectedAt: instant.nullable(),
  expiresAt: instant,
  lastUsedAt: instant.nullable(),
  revokedAt: instant.nullable(),
  reason: z.string(),
})
export type TokenRow = z.infer<typeof tokenRowSchema>

/** In capitals, or a7 and A7 would be two people, and one of them a second administrator. */
export const personNoSchema = z
  .string()
  .trim()
  .regex(/^[0-9A-Za-z-]{2,32}$/, '应为 2 至 32 个字母或数字 / 2 to 32 letters and digits')
  .toUpperCase()

export const identityApi = {
  getSignInOptions: {
    method: 'GET',
    path: '/sign-in-options',
    summary: 'Ways to sign in beside user name and password',
    access: 'public',
    answer: z.object({ oidc: z.boolean() }),
  },
  getSignInStep: {
    method: 'GET',
    path: '/session/step',
    summary: 'What this session has still to do before it may work',
    access: 'step',
    answer: signInStepSchema,
  },
  passSecondFactor: {
    method: 'POST',
    path: '/session/code',
    summary: 'Second step of a sign-in: a code of the second factor, or a recovery code',
    access: 'step',
    body: z.object({ code }),
    answer: signInStepSchema,
  },
  passEntryCode: {
    method: 'POST',
    path: '/session/entry',
    summary: 'First entrance, or after a reset: the code that another administrator issued than who gave the password',
    access: 'step',
    body: z.object({ code }),
    answer: signInStepSchema,
  },
  beginEnrolment: {
    method: 'POST',
    path: '/session/enrolment',
    summary: 'A new secret for a second factor; password (and code, where one is enrolled) are needed outside the sign-in',
    access: 'step',
    body: z.object({ password: password.optional(), code: code.optional() }),
    answer: z.object({ secret: z.string(), uri: z.string(), qrSvg: z.string() }),
  },
  confirmEnrolment: {
    method: 'POST',
    path: '/session/enrolment/confirm',
    summary: 'Prove the new second factor with one code; answers the recovery codes, once',
    access: 'step',
    body: z.object({ code }),
    answer: signInStepSchema.extend({ recoveryCodes: z.array(z.string()) }),
  },
  changePassword: {
    method: 'POST',
    path: '/session/password',
    summary: 'Change your password; your other sessions end',
    access: 'step',
    body: z.object({ currentPassword: password, newPassword: password }),
    answer: signInStepSchema,
  },
  acknowledgeNotice: {
    method: 'POST',
    path: '/session/notice',
    summary: 'Put on record that the notice has been read',
    access: 'step',
    body: z.object({ noticeId: z.int() }),
    answer: signInStepSchema,
  },
  getOwnAccount: {
    method: 'GET',
    path: '/me',
    summary: 'Your account: password age, second factor, notices',
    access: 'signed-in',
    answer: z.object({
      username: z.string(),
      displayName: z.string(),
      passwordSetAt: instant.nullable(),
      passwordEndsAt: instant.nullable(),
      passwordRules: signInStepSchema.shape.passwordRules,
      secondFactor: z.object({ required: z.boolean(), enrolledAt: instant.nullable(), recoveryCodesLeft: z.int() }),
      roleExpiresAt: instant.nullable(),
      notices: z.array(noticeTextSchema.extend({ acknowledgedAt: instant.nullable() })),
    }),
  },
  listOwnSessions: {
    method: 'GET',
    path: '/me/sessions',
    summary: 'Your sessions that are open',
    access: 'signed-in',
    answer: z.object({ rows: z.array(sessionRowSchema) }),
  },
  endOwnSession: {
    method: 'DELETE',
    path: '/me/sessions/:sessionId',
    summary: 'End one of your sessions',
    access: 'signed-in',
    params: z.object({ sessionId: id }),
    answer: z.object({}),
  },
  endOwnSessions: {
    method: 'DELETE',
    path: '/me/sessions',
    summary: 'Sign out everywhere else',
    access: 'signed-in',
    answer: z.object({ ended: z.int() }),
  },
  listOwnTokens: {
    method: 'GET',
    path: '/me/tokens',
    summary: 'Integration tokens of your account, newest first',
    access: 'signed-in',
    answer: z.object({ rows: z.array(tokenRowSchema) }),
  },
  collectOwnToken: {
    method: 'POST',
    path: '/me/tokens/:tokenId/collect',
    summary: 'The secret of a token that was permitted for your account, once',
    access: 'signed-in',
    params: z.object({ tokenId: id }),
    answer: z.object({ token: z.string(), row: tokenRowSchema }),
  },
  rotateOwnToken: {
    method: 'POST',
    path: '/me/tokens/:tokenId/rotate',
    summary: 'Another secret for a token of your account, shown once; the old one ends at once',
    access: 'signed-in',
    params: z.object({ tokenId: id }),
    answer: z.object({ token: z.string(), row: tokenRowSchema }),
  },
  revokeOwnToken: {
    method: 'POST',
    path: '/me/tokens/:tokenId/revoke',
    summary: 'End a token of your account at once',
    access: 'signed-in',
    params: z.object({ tokenId: id }),
    answer: tokenRowSchema,
  },
  listAccounts: {
    method: 'GET',
    path: '/accounts',
    summary: 'Accounts in scope by name, status and role',
    access: 'account.view',
    query: z.object({
      q: z.string().trim().max(64).optional(),
      status: z.enum(accountStatuses).optional(),
      role: roleSchema.optional(),
      organisationId: id.optional(),
      /** Only those that wait for a grant. */
      waiting: z.enum(['true']).optional(),
      limit: pageSize,
      offset,
    }),
    answer: page(accountRowSchema),
  },
  getAccount: {
    method: 'GET',
    path: '/accounts/:accountId',
    summary: 'One account with its grants, sessions and history',
    access: 'account.view',
    params: accountId,
    answer: accountDetailSchema,
  },
  createAccount: {
    method: 'POST',
    path: '/accounts',
    summary: 'Make an account and ask for its role; it may do nothing until another person grants one',
    access: 'account.create',
    body: z.object({
      username: newUsernameSchema,
      displayName: z.string().trim().min(1).max(40),
      personNo: personNoSchema,
      phone: phone.optional(),
      organisationId: id,
      driverId: id.optional(),
      requestedRole: roleSchema,
      reason,
    }),
    answer: oneTimeSchema,
  },
  changeAccount: {
    method: 'PATCH',
    path: '/accounts/:accountId',
    summary: 'Change name, telephone or driver of an account',
    access: 'account.create',
    params: accountId,
    body: z.object({
      version,
      displayName: z.string().trim().min(1).max(40).optional(),
      phone: phone.nullable().optional(),
      driverId: id.nullable().optional(),
      reason,
    }),
    answer: changedSchema,
  },
  disableAccount: {
    method: 'POST',
    path: '/accounts/:accountId/disable',
    summary: 'Disable an account; its sessions and tokens end',
    access: 'account.create',
    params: accountId,
    body: z.object({ version, reason }),
    answer: changedSchema,
  },
  enableAccount: {
    method: 'POST',
    path: '/accounts/:accountId/enable',
    summary: 'Enable a disabled account: active with its role, or pending without one',
    access: 'account.create',
    params: accountId,
    body: z.object({ version, reason }),
    answer: changedSchema,
  },
  resetPassword: {
    method: 'POST',
    path: '/accounts/:accountId/password',
    summary: 'A one-time password, which opens nothing without the entry code of another person; ends the sessions',
    access: 'account.create',
    params: accountId,
    body: z.object({ version, reason }),
    answer: oneTimeSchema,
  },
  issueEntryCode: {
    method: 'POST',
    path: '/accounts/:accountId/entry-code',
    summary: 'The code for the next entrance of an account, shown once; never by who gave its password or took its second factor off',
    access: 'account.vouch',
    params: accountId,
    body: z.object({ version, reason }),
    answer: changedSchema.extend({ entryCode: entryCodeSchema }),
  },
  unlockAccount: {
    method: 'POST',
    path: '/accounts/:accountId/unlock',
    summary: 'Lift the lock that failures brought',
    access: 'account.create',
    params: accountId,
    body: z.object({ reason }),
    answer: z.object({}),
  },
  endAccountSessions: {
    method: 'POST',
    path: '/accounts/:accountId/sessions/end',
    summary: 'End every session of an account',
    access: 'account.create',
    params: accountId,
    body: z.object({ reason }),
    answer: z.object({ ended: z.int() }),
  },
  grantRole: {
    method: 'POST',
    path: '/accounts/:accountId/grant',
    summary: 'Grant a role in a subtree; never by who made the account, nor to oneself. Issues the entry code where one is waited for',
    access: 'role.grant',
    params: accountId,
    body: z.object({ version, role: roleSchema, organisationId: id, reason, expiresAt: instant.nullable().optional() }),
    answer: changedSchema.extend({ entryCode: entryCodeSchema.nullable() }),
  },
  endRole: {
    method: 'POST',
    path: '/accounts/:accountId/grant/end',
    summary: 'End the role (or refuse the one asked for); its sessions end',
    access: 'role.grant',
    params: accountId,
    body: z.object({ version, reason }),
    answer: changedSchema,
  },
  resetSecondFactor: {
    method: 'POST',
    path: '/accounts/:accountId/second-factor/reset',
    summary: 'Forget a lost second factor; the next entrance takes the entry code of another person',
    access: 'role.grant',
    params: accountId,
    body: z.object({ version, reason }),
    answer: changedSchema,
  },
  getSecurityPolicy: {
    method: 'GET',
    path: '/security-policy',
    summary: 'The policy in force, what is to come and what was',
    access: 'policy.manage',
    answer: z.object({ current: policyRowSchema, rows: z.array(policyRowSchema) }),
  },
  setSecurityPolicy: {
    method: 'POST',
    path: '/security-policy',
    summary: 'A new policy from an instant on; `basedOn` is the newest row that was seen',
    access: 'policy.manage',
    body: z.object({ basedOn: z.int(), effectiveFrom: instant.optional(), limits: securityLimitsSchema, reason }),
    answer: policyRowSchema,
  },
  listNotices: {
    method: 'GET',
    path: '/notices',
    summary: 'The versions of the notice on positions, newest first, with how many acknowledged each',
    access: 'policy.manage',
    answer: z.object({ rows: z.array(noticeTextSchema.extend({ publishedAt: instant, acknowledged: z.int() })) }),
  },
  publishNotice: {
    method: 'POST',
    path: '/notices',
    summary: 'A new version of the notice; everyone concerned must read it at the next sign-in',
    access: 'policy.manage',
    body: z.object({
      titleZh: z.string().trim().min(4).max(100),
      textZh: z.string().trim().min(20).max(8000),
      titleEn: z.string().trim().min(4).max(100),
      textEn: z.string().trim().min(20).max(8000),
      effectiveFrom: instant.optional(),
      reason,
    }),
    answer: noticeTextSchema,
  },
  listTokens: {
    method: 'GET',
    path: '/tokens',
    summary: 'Integration tokens of accounts in scope, newest first',
    access: 'token.manage',
    query: z.object({ limit: pageSize, offset }),
    answer: page(tokenRowSchema),
  },
  permitToken: {
    method: 'POST',
    path: '/tokens',
    summary: 'Permit a token that acts for an account with some of its capabilities; its owner alone collects the secret',
    access: 'token.manage',
    body: z.object({
      accountId: id,
      name: z.string().trim().min(2).max(60),
      capabilities: z.array(z.enum(tokenCapabilities)).min(1).max(tokenCapabilities.length),
      organisationId: id,
      expiresAt: instant,
      reason,
    }),
    answer: tokenRowSchema,
  },
  revokeToken: {
    method: 'POST',
    path: '/tokens/:tokenId/revoke',
    summary: 'End a token at once',
    access: 'token.manage',
    params: z.object({ tokenId: id }),
    body: z.object({ reason }),
    answer: tokenRowSchema,
  },
} as const satisfies Record<string, Endpoint>
