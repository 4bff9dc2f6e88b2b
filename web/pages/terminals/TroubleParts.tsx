// What goes wrong with a terminal, in plain words and with what to do about it: reports that were refused, attempts that failed.
import { Link } from '@tanstack/react-router'
import type { Terminal } from '../../../services/contracts/api/terminals.ts'
import { may, useAccount } from '../../kit/api/session.ts'
import { formatCount } from '../../kit/format/number.ts'
import { Contact } from './marks.tsx'
import { useText } from './texts.ts'

export function RefusedPart({ terminal }: { terminal: Terminal }) {
  const { t } = useText()
  const account = useAccount()
  const { refused, terminalId } = terminal
  return (
    <section className="panel-part" aria-label={t('terminal.refused')}>
      <h3>{t('terminal.refused')}</h3>
      {refused.length === 0 && <p className="quiet">{t('terminal.noRefused')}</p>}
      <ul className="terminal-troubles">
        {refused.map(({ reason, detail, lastAt, times, positions }) => (
          <li key={reason}>
            <strong>{t(`reason.${reason}`)}</strong>
            <span>{t(`refusedAdvice.${reason}`)}</span>
            <span className="quiet figure">
              <Contact at={lastAt} whole />
              {' · '}
              {t('terminal.refusedTimes', { times: formatCount(times), positions: formatCount(positions) })}
            </span>
            {detail && (
              <details>
                <summary>{t('terminal.refusedDetail')}</summary>
                <span lang="en">{detail}</span>
              </details>
            )}
          </li>
        ))}
      </ul>
      {refused.length > 0 && may(account, 'operations.view') && (
        <Link to="/operations" search={{ terminal: terminalId } as never}>
          {t('terminal.inQuarantine')}
        </Link>
      )}
    </section>
  )
}

export function KnocksPart({ terminal }: { terminal: Terminal }) {
  const { t } = useText()
  return (
    <section className="panel-part" aria-label={t('terminal.knocks')}>
      <h3>{t('terminal.knocks')}</h3>
      {terminal.knocks.length === 0 && <p className="quiet">{t('terminal.noKnocks')}</p>}
      <ul className="terminal-troubles">
        {terminal.knocks.map(({ why, lastAt, times, cameBy }) => (
          <li key={why}>
            <strong>{t(`knockWhy.${why}`)}</strong>
            <span>{t(`knockAdvice.${why}`)}</span>
            <span className="quiet figure">
              <Contact at={lastAt} whole />
              {' · '}
              {t('terminal.knockTimes', { times: formatCount(times), from: cameBy })}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
