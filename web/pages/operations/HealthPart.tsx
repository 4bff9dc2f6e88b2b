// Status and what it rests on.
import type { AnswerOf } from '../../../services/contracts/api.ts'
import { faultSentence } from '../../../services/contracts/healthFaults.ts'
import { formatCount, formatGigabytes, MISSING } from '../../kit/format/number.ts'
import { formatAge, formatDuration, formatInstant } from '../../kit/format/time.ts'
import { Fact, Facts } from '../../kit/panel/Facts.tsx'
import { ClocksFact } from './ClocksFact.tsx'
import { useText } from './texts.ts'

export function HealthPart({ health }: { health: AnswerOf<'getHealth'> | undefined }) {
  const { t, locale } = useText()
  if (!health) return <div className="card bone bone-card" aria-hidden="true" />
  const now = Date.parse(health.now)
  const ago = (instant: string | null) => (instant ? formatAge((now - Date.parse(instant)) / 1000, locale) : t('health.never'))
  const { disk, live, versions } = health
  return (
    <section className="card" aria-labelledby="health-title">
      <h2 id="health-title">
        {t('health.title')} <span className={`health-status health-${health.status}`}>{t(`health.${health.status}`)}</span>
      </h2>
      {health.faults.length > 0 && (
        <ul className="health-notices">
          {health.faults.map((fault) => (
            <li key={faultSentence(fault, 'en')}>{faultSentence(fault, locale)}</li>
          ))}
        </ul>
      )}
      <div className="health-columns">
        <Facts>
          <Fact name={t('health.running')}>
            <span title={formatInstant(Date.parse(health.startedAt))}>{formatDuration(now - Date.parse(health.startedAt), locale)}</span>
          </Fact>
          <Fact name={t('health.lastCommit')}>{ago(health.lastCommitAt)}</Fact>
          <Fact name={t('health.database')}>{t(`health.database.${health.database}`)}</Fact>
          <Fact name={t('health.disk')}>
            {disk ? t('health.diskFree', { free: formatGigabytes(disk.freeBytes), total: formatGigabytes(disk.totalBytes) }) : MISSING}
          </Fact>
        </Facts>
        <Facts>
          <Fact name={t('health.liveVehicles')}>{formatCount(live.vehicles)}</Fact>
          <Fact name={t('health.sockets')}>{formatCount(live.sockets)}</Fact>
          <Fact name={t('health.lastFrame')}>{ago(live.lastFrameAt)}</Fact>
          <Fact name={t('health.gaps')}>{formatCount(live.gaps)}</Fact>
          <ClocksFact />
        </Facts>
        <Facts>
          {health.jobs.map(({ task, procedure, state, lastSuccessAt, error }) => (
            <Fact key={`${task} ${procedure}`} name={task === 'other' ? procedure : t(`health.job.${task}`)}>
              <span title={error ?? undefined}>
                {t(`health.job.${state}`)}
                {state !== 'missing' && <span className="muted"> · {t('health.job.lastSuccess', { ago: ago(lastSuccessAt) })}</span>}
              </span>
            </Fact>
          ))}
        </Facts>
        <Facts>
          <Fact name="Morin">{versions.morin}</Fact>
          <Fact name="Node">{versions.node}</Fact>
          <Fact name="PostgreSQL">{versions.postgres}</Fact>
          <Fact name="TimescaleDB">{versions.timescaledb}</Fact>
        </Facts>
      </div>
    </section>
  )
}
