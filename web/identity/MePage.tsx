// 我的账号: password, second factor, sessions, and the notices that concern oneself.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, message, Skeleton } from 'antd'
import { useState } from 'react'
import { errorText } from '../api/errorText.ts'
import { call } from '../api/session.ts'
import { formatInstant } from '../format/time.ts'
import { ErrorState } from '../frame/State.tsx'
import { useText } from '../i18n/i18n.ts'
import '../operations/operations.css'
import '../signIn/signIn.css'
import { Fact, Facts } from '../vehicle/Facts.tsx'
import { EnrolForm } from './EnrolForm.tsx'
import './identity.css'
import { PasswordForm } from './PasswordForm.tsx'
import { SessionList } from './SessionList.tsx'

const time = (instant: string) => formatInstant(Date.parse(instant)).slice(0, 16)

export function MePage() {
  const { t, locale } = useText()
  const cache = useQueryClient()
  const [messages, holder] = message.useMessage()
  const [editing, setEditing] = useState<'password' | 'factor' | null>(null)
  const me = useQuery({ queryKey: ['me'], queryFn: ({ signal }) => call('getOwnAccount', { signal }) })
  const sessions = useQuery({ queryKey: ['me', 'sessions'], queryFn: ({ signal }) => call('listOwnSessions', { signal }) })
  const renew = () => {
    setEditing(null)
    void cache.invalidateQueries({ queryKey: ['me'] })
    void cache.invalidateQueries({ queryKey: ['session'] })
  }
  const end = (work: Promise<unknown>) => work.then(renew, (error: unknown) => messages.error(errorText(error, t, locale)))
  if (me.error && !me.data) return <ErrorState error={me.error} retry={() => void me.refetch()} />
  if (!me.data)
    return (
      <div className="identity-page">
        <Skeleton active paragraph={{ rows: 10 }} />
      </div>
    )
  const { secondFactor, passwordRules, username } = me.data
  return (
    <div className="identity-page">
      {holder}
      <h1>{t('page.me')}</h1>
      {me.data.roleExpiresAt && <p className="quiet">{t('me.roleExpiresAt', { time: time(me.data.roleExpiresAt) })}</p>}
      <div className="identity-columns">
        <section className="card" aria-labelledby="me-password">
          <div className="card-head">
            <h2 id="me-password">{t('me.password')}</h2>
            {editing !== 'password' && <Button onClick={() => setEditing('password')}>{t('password.submit')}</Button>}
          </div>
          <Facts>
            <Fact name={t('password.setAt')}>{me.data.passwordSetAt ? time(me.data.passwordSetAt) : '—'}</Fact>
            <Fact name={t('password.end')}>{me.data.passwordEndsAt ? time(me.data.passwordEndsAt) : t('password.never')}</Fact>
          </Facts>
          {editing === 'password' && (
            <PasswordForm
              username={username}
              rules={passwordRules}
              onDone={() => {
                renew()
                void messages.success(t('password.done'))
              }}
            />
          )}
        </section>
        <section className="card" aria-labelledby="me-factor">
          <div className="card-head">
            <h2 id="me-factor">{t('me.factor')}</h2>
            {editing !== 'factor' && (
              <Button onClick={() => setEditing('factor')}>{t(secondFactor.enrolledAt ? 'enrol.renew' : 'enrol.begin')}</Button>
            )}
          </div>
          <p>
            {secondFactor.enrolledAt ? `${t('enrol.on')} · ${time(secondFactor.enrolledAt)}` : t('enrol.off')}{' '}
            {secondFactor.required && <span className="quiet">{t('enrol.required')}</span>}
          </p>
          {secondFactor.enrolledAt && (
            <p className={secondFactor.recoveryCodesLeft < 3 ? 'stale' : 'quiet'}>
              {t('enrol.left', { n: secondFactor.recoveryCodesLeft })}
            </p>
          )}
          {editing === 'factor' && <EnrolForm proof={secondFactor.enrolledAt ? 'password-and-code' : 'password'} onDone={renew} />}
        </section>
        <section className="card" aria-labelledby="me-sessions">
          <div className="card-head">
            <h2 id="me-sessions">{t('me.sessions')}</h2>
            {sessions.data && sessions.data.rows.length > 1 && (
              <Button onClick={() => void end(call('endOwnSessions'))}>{t('session.endOthers')}</Button>
            )}
          </div>
          {sessions.error && !sessions.data && <ErrorState error={sessions.error} retry={() => void sessions.refetch()} />}
          {sessions.data && (
            <SessionList rows={sessions.data.rows} onEnd={(sessionId) => void end(call('endOwnSession', { params: { sessionId } }))} />
          )}
        </section>
        <section className="card" aria-labelledby="me-notices">
          <h2 id="me-notices">{t('me.notices')}</h2>
          {me.data.notices.length === 0 && <p className="quiet">{t('me.noNotices')}</p>}
          {me.data.notices.map((notice) => (
            <details key={notice.noticeId}>
              <summary>
                {locale === 'en' ? notice.titleEn : notice.titleZh}{' '}
                <span className="quiet">{notice.acknowledgedAt && t('me.readAt', { time: time(notice.acknowledgedAt) })}</span>
              </summary>
              <p className="notice-text">{locale === 'en' ? notice.textEn : notice.textZh}</p>
            </details>
          ))}
        </section>
      </div>
    </div>
  )
}
