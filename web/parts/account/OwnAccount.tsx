// One's own account: password, second factor, sessions, and the notices that concern oneself. Without the component library: a phone shows it too.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { errorText } from '../../kit/api/errorText.ts'
import { call } from '../../kit/api/session.ts'
import { formatInstant } from '../../kit/format/time.ts'
import { ErrorState } from '../../kit/State.tsx'
import { useText } from './texts.ts'
import '../../kit/panel/cards.css'
import '../signIn/signIn.css'
import { Fact, Facts } from '../../kit/panel/Facts.tsx'
import { EnrolForm } from './EnrolForm.tsx'
import './account.css'
import { PasswordForm } from './PasswordForm.tsx'
import { SessionList } from './SessionList.tsx'

const time = (instant: string) => formatInstant(Date.parse(instant)).slice(0, 16)

export function OwnAccount({ children }: { children?: React.ReactNode }) {
  const { t, locale } = useText()
  const cache = useQueryClient()
  const [done, setDone] = useState(false)
  const [refused, setRefused] = useState<unknown>(null)
  const [editing, setEditing] = useState<'password' | 'factor' | null>(null)
  const me = useQuery({ queryKey: ['me'], queryFn: ({ signal }) => call('getOwnAccount', { signal }) })
  const sessions = useQuery({ queryKey: ['me', 'sessions'], queryFn: ({ signal }) => call('listOwnSessions', { signal }) })
  const renew = () => {
    setEditing(null)
    void cache.invalidateQueries({ queryKey: ['me'] })
    void cache.invalidateQueries({ queryKey: ['session'] })
  }
  const end = (work: Promise<unknown>) => work.then(renew, setRefused)
  if (me.error && !me.data) return <ErrorState error={me.error} retry={() => void me.refetch()} />
  if (!me.data)
    return (
      <div className="cards-page" aria-busy="true">
        <div className="bone bone-card" aria-hidden="true" />
        <div className="bone bone-card" aria-hidden="true" />
      </div>
    )
  const { secondFactor, passwordRules, username } = me.data
  return (
    <div className="cards-page">
      <h1>{t('page.me')}</h1>
      {me.data.roleExpiresAt && <p className="quiet">{t('me.roleExpiresAt', { time: time(me.data.roleExpiresAt) })}</p>}
      <div className="identity-columns">
        <section className="card" aria-labelledby="me-password">
          <div className="card-head">
            <h2 id="me-password">{t('me.password')}</h2>
            {editing !== 'password' && (
              <button type="button" className="plain-button" onClick={() => setEditing('password')}>
                {t('password.submit')}
              </button>
            )}
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
                setDone(true)
              }}
            />
          )}
          <p role="status">{done && t('password.done')}</p>
        </section>
        <section className="card" aria-labelledby="me-factor">
          <div className="card-head">
            <h2 id="me-factor">{t('me.factor')}</h2>
            {editing !== 'factor' && (
              <button type="button" className="plain-button" onClick={() => setEditing('factor')}>
                {t(secondFactor.enrolledAt ? 'enrol.renew' : 'enrol.begin')}
              </button>
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
              <button type="button" className="plain-button" onClick={() => void end(call('endOwnSessions'))}>
                {t('session.endOthers')}
              </button>
            )}
          </div>
          {sessions.error && !sessions.data && <ErrorState error={sessions.error} retry={() => void sessions.refetch()} />}
          <div role="alert">{refused !== null && <p className="error-text">{errorText(refused, t, locale)}</p>}</div>
          {sessions.data && (
            <SessionList rows={sessions.data.rows} onEnd={(sessionId) => void end(call('endOwnSession', { params: { sessionId } }))} />
          )}
        </section>
        {children}
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
