// Rows of sessions, accounts, grants, policy, notices and tokens.

import type { identityApi } from '../../../services/contracts/api/identity.ts'
import { alwaysSecondFactorRoles } from '../../../services/domain/securityPolicy.ts'
import { PASSWORD } from '../region.ts'
import { type Aim, change, type Parts, type Row, reason, rowIds } from './row.ts'
import type { Site } from './sites.ts'

const ofAccount =
  (body?: object, of: 'account' | 'activeAccount' | 'disabledAccount' = 'account') =>
  (site: Site): Parts => ({ params: { accountId: site[of] }, ...(body ? { body } : {}) })
const path = (body?: object, of?: 'account' | 'activeAccount' | 'disabledAccount'): { path: Aim } => ({ path: { at: ofAccount(body, of) } })
const made = { username: 'new.person', displayName: '示例新人', personNo: 'N-1', requestedRole: 'dispatcher', reason }
const granted = { ...change, role: 'dispatcher' }
const token = { name: '报表接口', capabilities: ['ledger.view'], expiresAt: '2026-12-01T00:00:00Z', reason }
const long = '本告知书说明车辆定位信息的处理目的、范围和保存期限。'
const limits = {
  minLength: 12,
  classes: 3,
  history: 5,
  maxAgeDays: 90,
  warnDays: 14,
  lockAfterFailures: 5,
  lockMinutes: 15,
  idleMinutes: 30,
  absoluteHours: 12,
  tokenMaxDays: 365,
  auditKeepDays: 365,
  secondFactorRoles: [...alwaysSecondFactorRoles],
}
const ofToken = ({ apiToken }: Site): Parts => ({ params: { tokenId: apiToken } })
const failureWrites = ['sign_in_failures']

export const identityRows: Record<keyof typeof identityApi, Row> = {
  getSignInOptions: { plain: {} },
  getSignInStep: { plain: {} },
  // The half-way session is at its second factor; an open one has nothing to pass.
  passSecondFactor: {
    plain: {
      request: { body: { code: '000000' } },
      told: ({ actor }) => (actor.kind === 'half-way' ? 'BAD_CODE' : 'CONFLICT'),
      failureWrites,
    },
  },
  // No session of the matrix waits for a code.
  passEntryCode: { plain: { request: { body: { code: 'AAAA-BBBB-CCCC-DDDD' } }, told: () => 'CONFLICT' } },
  beginEnrolment: {
    plain: {
      request: { body: { password: PASSWORD } },
      told: ({ actor }) => (actor.kind === 'half-way' ? 'TOTP_REQUIRED' : 'OK'),
      unrecorded: true,
    },
  },
  confirmEnrolment: { plain: { request: { body: { code: '000000' } }, told: () => 'CONFLICT' } },
  changePassword: {
    plain: {
      request: { body: { currentPassword: PASSWORD, newPassword: 'Another-long-enough-1' } },
      told: ({ actor }) => (actor.kind === 'half-way' ? 'TOTP_REQUIRED' : 'OK'),
    },
  },
  acknowledgeNotice: { plain: { request: { body: { noticeId: 1 } }, told: () => 'CONFLICT' } },
  getOwnAccount: { plain: {} },
  listOwnSessions: { plain: {} },
  endOwnSession: { aims: { path: { at: ({ session }) => ({ params: { sessionId: session } }), reach: 'mine' } } },
  endOwnSessions: { plain: { leavesNothing: true } },
  listOwnTokens: { plain: {} },
  collectOwnToken: { aims: { path: { at: ofToken, reach: 'mine' } } },
  rotateOwnToken: { aims: { path: { at: ofToken, reach: 'mine' } } },
  revokeOwnToken: { aims: { path: { at: ofToken, reach: 'mine' } } },
  listAccounts: {
    lists: {
      accounts: {
        request: { query: { limit: 200 } },
        all: 'SELECT account_id AS id, organisation_id AS unit FROM accounts',
        ids: rowIds('accountId'),
        narrowed: (organisationId) => ({ organisationId }),
      },
    },
  },
  getAccount: { aims: path() },
  createAccount: {
    aims: {
      organisation: { at: ({ unit }) => ({ body: { ...made, organisationId: unit } }) },
      driver: { at: ({ driver }, { own }) => ({ body: { ...made, organisationId: own.unit, driverId: driver } }) },
    },
  },
  changeAccount: {
    aims: {
      ...path({ ...change, displayName: '示例改名' }),
      driver: { at: ({ driver }, { own }) => ofAccount({ ...change, driverId: driver })(own) },
    },
  },
  disableAccount: { aims: path(change) },
  enableAccount: { aims: path(change, 'disabledAccount') },
  resetPassword: { aims: path(change) },
  issueEntryCode: { aims: path(change, 'activeAccount') },
  unlockAccount: { aims: { path: { at: ofAccount({ reason }), leavesNothing: true } } },
  endAccountSessions: { aims: path({ reason }, 'activeAccount') },
  grantRole: {
    aims: {
      path: { at: (at, { own }) => ofAccount({ ...granted, organisationId: own.unit })(at) },
      organisation: { at: ({ unit }, { own }) => ofAccount({ ...granted, organisationId: unit })(own) },
    },
  },
  endRole: { aims: path(change) },
  resetSecondFactor: { aims: path(change) },
  getSecurityPolicy: { plain: {} },
  setSecurityPolicy: { plain: { request: { body: { basedOn: 1, limits, reason } }, region: true } },
  listNotices: { plain: {} },
  publishNotice: {
    plain: { request: { body: { titleZh: '新的告知书', textZh: long, titleEn: 'A new notice', textEn: long, reason } }, region: true },
  },
  listTokens: {
    lists: {
      tokens: {
        request: { query: { limit: 200 } },
        all: 'SELECT t.token_id AS id, a.organisation_id AS unit FROM api_tokens t JOIN accounts a USING (account_id)',
        ids: rowIds('tokenId'),
      },
    },
  },
  permitToken: {
    aims: {
      account: { at: ({ activeAccount, unit }) => ({ body: { ...token, accountId: activeAccount, organisationId: unit } }) },
      // A token never reaches beyond its account, whoever makes it.
      organisation: {
        at: ({ unit }, { own }) => ({ body: { ...token, accountId: own.activeAccount, organisationId: unit } }),
        insideOwn: true,
      },
    },
  },
  revokeToken: { aims: { path: { at: ({ apiToken }) => ({ params: { tokenId: apiToken }, body: { reason } }) } } },
}
