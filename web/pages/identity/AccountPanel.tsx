// One account beside the list: who it is, what may be done with it by whoever looks, its grants, sessions and history.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import type { AccountDetail, GrantRow } from '../../../services/contracts/api/identity.ts'
import type { AuditAction } from '../../../services/contracts/auditActions.ts'
import { call, may, useAccount } from '../../kit/api/session.ts'
import { ReasonDialog } from '../../kit/form/ReasonDialog.tsx'
import { formatInstant } from '../../kit/format/time.ts'
import { Fact, Facts } from '../../kit/panel/Facts.tsx'
import { Panel } from '../../kit/panel/Panel.tsx'
import { SessionList } from '../../parts/account/SessionList.tsx'
import { GrantDialog } from './GrantDialog.tsx'
import { OneTime } from './OneTime.tsx'
import { StatusBadge } from './StatusBadge.tsx'
import { useText } from './texts.ts'

type Act = 'disable' | 'enable' | 'vouch' | 'reset' | 'unlock' | 'endAll' | 'grant' | 'endRole' | 'resetFactor'
/** Acts that are half of something: what the other half is. */
const explained = { vouch: 'account.vouchText', reset: 'account.resetText', resetFactor: 'account.resetFactorText' } as const
const day = (instant: string | null) => (instant === null ? '—' : formatInstant(Date.parse(instant)).slice(0, 16))

export function AccountPanel({ accountId, onClose }: { accountId: number; onClose: () => void }) {
  const { t } = useText()
  const { data, error, refetch } = useQuery({
    queryKey: ['account', accountId],
    queryFn: ({ signal }) => call('getAccount', { params: { accountId }, signal }),
  })
  return (
    <Panel
      id={accountId}
      title={data && `${data.displayName} · ${data.username}`}
      kind={
        data && (
          <>
            <StatusBadge account={data} /> {data.demo && <span className="account-badge">{t('account.demo')}</span>}
          </>
        )
      }
      actions={data && <Actions account={data} />}
      loading={!data}
      error={error}
      retry={() => void refetch()}
      onClose={onClose}
    >
      {data && <Parts account={data} />}
    </Panel>
  )
}

function Actions({ account }: { account: AccountDetail }) {
  const { t } = useText()
  const own = useAccount()
  const cache = useQueryClient()
  const [act, setAct] = useState<Act | null>(null)
  const [secret, setSecret] = useState<{ kind: 'password' | 'code'; text: string } | null>(null)
  const { accountId, version } = account
  const params = { accountId }
  const done = () => {
    setAct(null)
    void cache.invalidateQueries({ queryKey: ['account', accountId] })
    void cache.invalidateQueries({ queryKey: ['accounts'] })
  }
  const keeps = may(own, 'account.create')
  const grants = may(own, 'role.grant')
  const vouches = may(own, 'account.vouch') && account.entry !== 'none'
  const asked = account.requestedRole !== null
  const offered: [Act, boolean][] = [
    ['grant', grants && account.status !== 'disabled'],
    ['endRole', grants && (account.role !== null || asked)],
    ['vouch', vouches],
    ['resetFactor', grants && account.secondFactor],
    ['reset', keeps && account.username !== own.username],
    ['unlock', keeps && account.lockedUntil !== null],
    ['endAll', keeps && account.sessions.length > 0],
    ['disable', keeps && account.status !== 'disabled' && account.username !== own.username],
    ['enable', keeps && account.status === 'disabled'],
  ]
  const names: Record<Act, string> = {
    grant: t(account.role ? 'account.regrant' : 'account.grant'),
    endRole: t(account.role ? 'account.endRole' : 'account.refuse'),
    vouch: t('account.vouch'),
    resetFactor: t('account.resetFactor'),
    reset: t('account.reset'),
    unlock: t('account.unlock'),
    endAll: t('session.endAll'),
    disable: t('account.disable'),
    enable: t('account.enable'),
  }
  const works: Record<Exclude<Act, 'grant'>, (reason: string) => Promise<unknown>> = {
    endRole: (reason) => call('endRole', { params, body: { version, reason } }),
    resetFactor: (reason) => call('resetSecondFactor', { params, body: { version, reason } }),
    reset: async (reason) =>
      setSecret({ kind: 'password', text: (await call('resetPassword', { params, body: { version, reason } })).oneTimePassword }),
    vouch: async (reason) =>
      setSecret({ kind: 'code', text: (await call('issueEntryCode', { params, body: { version, reason } })).entryCode.code }),
    unlock: (reason) => call('unlockAccount', { params, body: { reason } }),
    endAll: (reason) => call('endAccountSessions', { params, body: { reason } }),
    disable: (reason) => call('disableAccount', { params, body: { version, reason } }),
    enable: (reason) => call('enableAccount', { params, body: { version, reason } }),
  }
  return (
    <>
      {offered
        .filter(([, shown]) => shown)
        .map(([each]) => (
          <Button
            key={each}
            type={
              (each === 'grant' && asked) || (each === 'vouch' && account.entry === 'wanted' && account.mayVouch) ? 'primary' : 'default'
            }
            danger={each === 'disable' || each === 'endRole'}
            disabled={(account.ownWork && (each === 'grant' || each === 'endRole')) || (each === 'vouch' && !account.mayVouch)}
            onClick={() => setAct(each)}
          >
            {names[each]}
          </Button>
        ))}
      {grants && account.ownWork && <p className="quiet">{t('account.ownWork')}</p>}
      {vouches && !account.mayVouch && <p className="quiet">{t('account.mayNotVouch')}</p>}
      {act === 'grant' && (
        <GrantDialog
          account={account}
          title={names.grant}
          onDone={(entryCode) => {
            if (entryCode !== null) setSecret({ kind: 'code', text: entryCode })
            done()
          }}
          onClose={() => setAct(null)}
        />
      )}
      {act !== null && act !== 'grant' && (
        <ReasonDialog
          title={names[act]}
          {...(act in explained ? { text: t(explained[act as keyof typeof explained]) } : {})}
          danger={act === 'disable' || act === 'endRole'}
          onClose={() => {
            setAct(null)
            // A refusal may say that someone else was first: what is shown then is old.
            void cache.invalidateQueries({ queryKey: ['account', accountId] })
          }}
          onSubmit={async (reason) => {
            await works[act](reason)
            done()
          }}
        />
      )}
      {secret !== null && (
        <OneTime
          title={t(secret.kind === 'code' ? 'account.entryCode' : 'account.oneTime')}
          text={t(secret.kind === 'code' ? 'account.entryCodeText' : 'account.oneTimeText', { name: account.displayName })}
          secret={secret.text}
          onClose={() => setSecret(null)}
        />
      )}
    </>
  )
}

function Parts({ account }: { account: AccountDetail }) {
  const { t } = useText()
  return (
    <>
      <section className="panel-part">
        <Facts>
          <Fact name={t('account.role')}>
            {account.role ? t(`role.${account.role}`) : t('account.noRole')}
            {account.roleExpiresAt && ` ${t('account.expires', { time: day(account.roleExpiresAt) })}`}
          </Fact>
          {account.requestedRole && <Fact name={t('account.requestedRole')}>{t(`role.${account.requestedRole}`)}</Fact>}
          <Fact name={t(account.role ? 'account.unit' : 'account.belongs')}>{account.organisation.name}</Fact>
          <Fact name={t('account.personNo')}>{account.personNo ?? '—'}</Fact>
          <Fact name={t('account.phone')}>{account.phone ?? '—'}</Fact>
          {account.driver && <Fact name={t('account.driver')}>{account.driver.name}</Fact>}
          <Fact name={t('account.factor')}>{t(account.secondFactor ? 'enrol.on' : 'enrol.off')}</Fact>
          {account.entry !== 'none' && (
            <Fact name={t('account.entryCode')}>
              {account.entryCodeUntil ? t('account.entryUntil', { time: day(account.entryCodeUntil) }) : t('account.entry.wanted')}
            </Fact>
          )}
          {account.ssoBound && <Fact name={t('account.sso')}>{t('account.bound')}</Fact>}
          <Fact name={t('password.setAt')}>{day(account.passwordSetAt)}</Fact>
          <Fact name={t('account.created')}>{t('account.by', { name: account.createdBy ?? '—', time: day(account.createdAt) })}</Fact>
        </Facts>
      </section>
      <section className="panel-part">
        <h3>{t('account.grants')}</h3>
        <ul className="identity-list">
          {account.grants.map((grant) => (
            <Grant key={grant.grantId} grant={grant} />
          ))}
        </ul>
      </section>
      <section className="panel-part">
        <h3>{t('me.sessions')}</h3>
        <SessionList rows={account.sessions} />
      </section>
      <section className="panel-part">
        <h3>{t('account.history')}</h3>
        {account.history.length === 0 && <p className="quiet">{t('kit.none')}</p>}
        <ul className="identity-list">
          {account.history.map((entry, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: entries of one reading, never reordered
            <li key={index}>
              <span>
                {t(`audit.action.${entry.action as AuditAction}`)} · {entry.username}
                {entry.purpose && <span className="quiet"> · {entry.purpose}</span>}
              </span>
              <span className="quiet figure">{day(entry.at)}</span>
            </li>
          ))}
        </ul>
      </section>
    </>
  )
}

function Grant({ grant }: { grant: GrantRow }) {
  const { t } = useText()
  const state = grant.endedAt ? 'ended' : grant.grantedAt ? 'current' : 'open'
  return (
    <li>
      <span>
        <strong>{t(`role.${grant.role}`)}</strong> · {grant.organisation.name}
        <br />
        <span className="quiet">
          {[
            grant.requestedBy && `${t('grant.requestedBy', { name: grant.requestedBy })} ${day(grant.requestedAt)} ${grant.requestReason}`,
            grant.grantedAt && `${t('grant.grantedBy', { name: grant.grantedBy ?? '—' })} ${day(grant.grantedAt)} ${grant.reason}`,
            grant.endedAt && `${t('grant.endedBy', { name: grant.endedBy ?? '—' })} ${day(grant.endedAt)} ${grant.endReason}`,
          ]
            .filter(Boolean)
            .join(t('kit.stop'))}
        </span>
      </span>
      <span className={`account-badge account-${state === 'current' ? 'active' : state === 'open' ? 'pending' : 'disabled'}`}>
        {t(`grant.${state}`)}
      </span>
    </li>
  )
}
