// Endpoint → identity. Nothing is decided here.

import type { identityApi } from '../../contracts/api/identity.ts'
import type { EndpointName } from '../../contracts/api.ts'
import { Refusal } from '../../contracts/errors.ts'
import type { HandlerDeps } from '../deps.ts'
import type { Handlers } from '../routes.ts'
import { findAccount, listAccounts } from './accountList.ts'
import { listNotices, publishNotice } from './notices.ts'
import { endOwnSessions, listOwnSessions, readOwnAccount } from './own.ts'
import { collectOwnToken, listOwnTokens, revokeOwnToken, rotateOwnToken } from './ownTokens.ts'
import type { Moved } from './signIn.ts'
import { refusalOfStep } from './steps.ts'
import { listTokens, permitToken, revokeToken } from './tokenPermits.ts'

type Own = keyof typeof identityApi | 'signIn' | 'getSession' | 'signOut' | 'statePurpose'

export function createIdentityHandlers({ db, clock, identity, settings }: HandlerDeps): Pick<Handlers, Own & EndpointName> {
  const { signIn, sessions, accounts, grants, policies } = identity
  const answerOf = ({ token, answer }: Moved, setSessionToken: (token: string) => void) => {
    if (token !== undefined) setSessionToken(token)
    return answer
  }
  return {
    async signIn({ caller, body, setSessionToken, origin }) {
      const session = await signIn.signIn(body.username, body.password, caller, origin)
      setSessionToken(session.token)
      const { step } = session.caller.session
      // The cookie goes out with the refusal: it opens the next step and nothing else.
      if (step !== 'open') throw new Refusal(refusalOfStep[step])
      return signIn.accountWithNotices(session.caller)
    },
    getSession: ({ caller }) => signIn.accountWithNotices(caller),
    async signOut({ caller, setSessionToken }) {
      await signIn.signOut(caller)
      setSessionToken(null)
      return {}
    },
    statePurpose: ({ caller, body }) => signIn.statePurpose(caller, body.purpose),
    getSignInOptions: async () => ({ oidc: settings['oidc-issuer'] !== undefined }),
    getSignInStep: ({ caller }) => signIn.stepOf(caller),
    passSecondFactor: async ({ caller, body, setSessionToken }) =>
      answerOf(await signIn.passSecondFactor(caller, body.code), setSessionToken),
    passEntryCode: async ({ caller, body, setSessionToken }) => answerOf(await signIn.passEntryCode(caller, body.code), setSessionToken),
    beginEnrolment: ({ caller, body }) => signIn.beginEnrolment(caller, body),
    async confirmEnrolment({ caller, body, setSessionToken }) {
      const confirmed = await signIn.confirmEnrolment(caller, body.code)
      return { ...answerOf(confirmed, setSessionToken), recoveryCodes: confirmed.recoveryCodes }
    },
    changePassword: async ({ caller, body, setSessionToken }) =>
      answerOf(await signIn.changePassword(caller, body.currentPassword, body.newPassword), setSessionToken),
    acknowledgeNotice: async ({ caller, body, setSessionToken }) =>
      answerOf(await signIn.acknowledgeNotice(caller, body.noticeId), setSessionToken),
    getOwnAccount: ({ caller }) => readOwnAccount(identity, caller),
    listOwnSessions: ({ caller }) => listOwnSessions(identity, caller),
    async endOwnSession(call) {
      await endOwnSessions(identity, call, call.params.sessionId)
      return {}
    },
    endOwnSessions: async (call) => ({ ended: await endOwnSessions(identity, call) }),
    listAccounts: ({ reach, query }) => listAccounts(db, reach, query, clock.nowMs()),
    async getAccount({ caller, reach, params }) {
      const account = await findAccount(db, sessions, { caller, reach }, params.accountId, clock.nowMs())
      if (!account) throw new Refusal('NOT_FOUND')
      return account
    },
    createAccount: (call) => accounts.create(call, call.body),
    changeAccount: (call) => accounts.change(call, call.params.accountId, call.body),
    disableAccount: (call) => accounts.disable(call, call.params.accountId, call.body),
    enableAccount: (call) => accounts.enable(call, call.params.accountId, call.body),
    resetPassword: (call) => accounts.resetPassword(call, call.params.accountId, call.body),
    issueEntryCode: (call) => accounts.issueEntryCode(call, call.params.accountId, call.body),
    async unlockAccount(call) {
      await accounts.unlock(call, call.params.accountId, call.body.reason)
      return {}
    },
    endAccountSessions: (call) => accounts.endSessions(call, call.params.accountId, call.body.reason),
    grantRole: (call) => grants.grant(call, call.params.accountId, call.body),
    endRole: (call) => grants.end(call, call.params.accountId, call.body),
    resetSecondFactor: (call) => grants.resetSecondFactor(call, call.params.accountId, call.body),
    getSecurityPolicy: () => policies.read(),
    setSecurityPolicy: (call) => policies.set(call, call.body),
    listNotices: () => listNotices(db),
    publishNotice: (call) => publishNotice({ db, clock }, call, call.body),
    listTokens: ({ reach, query }) => listTokens(identity, reach, query),
    permitToken: (call) => permitToken(identity, call, call.body),
    revokeToken: (call) => revokeToken(identity, call, call.params.tokenId, call.body.reason),
    listOwnTokens: ({ caller }) => listOwnTokens(identity, caller),
    collectOwnToken: (call) => collectOwnToken(identity, call, call.params.tokenId),
    rotateOwnToken: (call) => rotateOwnToken(identity, call, call.params.tokenId),
    revokeOwnToken: (call) => revokeOwnToken(identity, call, call.params.tokenId),
  }
}
