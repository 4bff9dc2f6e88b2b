// Endpoint → identity. Nothing is decided here.

import type { identityApi } from '../../contracts/api/identity.ts'
import type { EndpointName } from '../../contracts/api.ts'
import { Refusal } from '../../contracts/errors.ts'
import type { HandlerDeps } from '../handlers.ts'
import type { Handlers } from '../routes.ts'
import { findAccount, listAccounts } from './accountList.ts'
import { listNotices, publishNotice } from './notices.ts'
import { endOwnSessions, listOwnSessions, readOwnAccount } from './own.ts'
import type { Moved } from './signIn.ts'
import { refusalOfStep } from './steps.ts'

type Own = keyof typeof identityApi | 'signIn' | 'getSession' | 'signOut' | 'statePurpose'

export function createIdentityHandlers({ db, clock, identity, settings }: HandlerDeps): Pick<Handlers, Own & EndpointName> {
  const { signIn, sessions, accounts, grants, policies, tokens } = identity
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
    async endOwnSession({ caller, params }) {
      await endOwnSessions(identity, caller, params.sessionId)
      return {}
    },
    endOwnSessions: async ({ caller }) => ({ ended: await endOwnSessions(identity, caller) }),
    listAccounts: ({ caller, query }) => listAccounts(db, caller.scope, query, clock.nowMs()),
    async getAccount({ caller, params }) {
      const account = await findAccount(db, sessions, caller, params.accountId, clock.nowMs())
      if (!account) throw new Refusal('NOT_FOUND')
      return account
    },
    createAccount: ({ caller, body }) => accounts.create(caller, body),
    changeAccount: ({ caller, params, body }) => accounts.change(caller, params.accountId, body),
    disableAccount: ({ caller, params, body }) => accounts.disable(caller, params.accountId, body),
    enableAccount: ({ caller, params, body }) => accounts.enable(caller, params.accountId, body),
    resetPassword: ({ caller, params, body }) => accounts.resetPassword(caller, params.accountId, body),
    async unlockAccount({ caller, params, body }) {
      await accounts.unlock(caller, params.accountId, body.reason)
      return {}
    },
    endAccountSessions: ({ caller, params, body }) => accounts.endSessions(caller, params.accountId, body.reason),
    grantRole: ({ caller, params, body }) => grants.grant(caller, params.accountId, body),
    endRole: ({ caller, params, body }) => grants.end(caller, params.accountId, body),
    resetSecondFactor: ({ caller, params, body }) => grants.resetSecondFactor(caller, params.accountId, body),
    getSecurityPolicy: () => policies.read(),
    setSecurityPolicy: ({ caller, body }) => policies.set(caller, body),
    listNotices: () => listNotices(db),
    publishNotice: ({ caller, body }) => publishNotice(db, caller, body, clock.nowMs()),
    listTokens: ({ caller, query }) => tokens.list(caller.scope, query),
    createToken: ({ caller, body }) => tokens.create(caller, body),
    revokeToken: ({ caller, params, body }) => tokens.revoke(caller, params.tokenId, body.reason),
  }
}
