// What a terminal is and where: the facts, its last position, and the vehicles that it was in.
import { Link } from '@tanstack/react-router'
import type { Terminal } from '../../../services/contracts/api/terminals.ts'
import { plateAsPrinted } from '../../../services/domain/vehicle.ts'
import { may, useAccount } from '../../kit/api/session.ts'
import { formatPlace, formatSpeed, MISSING } from '../../kit/format/number.ts'
import { formatInstant } from '../../kit/format/time.ts'
import { Fact, Facts } from '../../kit/panel/Facts.tsx'
import { writeLiveUrl } from '../../parts/vehicle/liveUrl.ts'
import { Contact, Moment } from './marks.tsx'
import { useText } from './texts.ts'

/** Near enough that the street is seen. */
const STREET = 14

export function StandingPart({ terminal }: { terminal: Terminal }) {
  const { t } = useText()
  const { vehicle, boundSince } = terminal
  return (
    <section className="panel-part" aria-label={t('terminal.file')}>
      <h3>{t('terminal.file')}</h3>
      <Facts>
        <Fact name={t('terminal.contact')}>
          <Contact at={terminal.lastContactAt} whole />
        </Fact>
        <Fact name={t('terminal.vehicle')}>
          {vehicle ? (
            <Link to="/ledger" search={{ id: String(vehicle.vehicleId) } as never}>
              {plateAsPrinted(vehicle.plate)}
            </Link>
          ) : (
            t('terminal.noVehicle')
          )}
        </Fact>
        {vehicle && (
          <Fact name={t('terminal.since')}>
            <Moment at={boundSince} none={t('terminal.sinceEver')} />
          </Fact>
        )}
        {!vehicle && boundSince !== null && (
          <Fact name={t('terminal.sinceOff')}>
            <Moment at={boundSince} />
          </Fact>
        )}
        <Fact name={t('kit.unit')}>{terminal.organisation.name}</Fact>
        <Fact name={t('terminal.model')}>{terminal.model ?? MISSING}</Fact>
        {terminal.gatewayId !== null && <Fact name={t('terminal.gateway')}>{terminal.gatewayId}</Fact>}
        <Fact name={t('terminal.registeredAt')}>
          <Moment at={terminal.registeredAt} none={t('terminal.before')} />
        </Fact>
        <Fact name={t('terminal.credentialAt')}>
          <Moment at={terminal.credentialAt} none={t(terminal.state === 'unissued' ? 'terminal.noCredential' : 'terminal.before')} />
        </Fact>
        {terminal.revokedAt !== null && (
          <Fact name={t('terminal.revokedAt')}>
            <Moment at={terminal.revokedAt} />
          </Fact>
        )}
        {terminal.note !== null && <Fact name={t('kit.note')}>{terminal.note}</Fact>}
      </Facts>
    </section>
  )
}

/** As it came from this terminal in the vehicle that it is in. */
export function LastPositionPart({ terminal, vehicleId }: { terminal: Terminal; vehicleId: number }) {
  const { t } = useText()
  const account = useAccount()
  const last = terminal.lastPosition
  return (
    <section className="panel-part" aria-label={t('terminal.lastPosition')}>
      <h3>{t('terminal.lastPosition')}</h3>
      {last === null ? (
        <p className="quiet">{t('terminal.noPosition')}</p>
      ) : (
        <>
          <Facts>
            <Fact name={t('report.time')}>
              <Moment at={last.at} />
            </Fact>
            <Fact name={t('terminal.receivedAt')}>
              <Moment at={last.receivedAt} />
            </Fact>
            <Fact name={t('report.place')}>{formatPlace(last.lon, last.lat)}</Fact>
            <Fact name={t('column.speed')}>{formatSpeed(last.speedKph)}</Fact>
            <Fact name={t('report.ignition')}>{last.ignition === null ? MISSING : t(last.ignition ? 'report.on' : 'report.off')}</Fact>
          </Facts>
          {may(account, 'live.view') && (
            <Link
              to="/live"
              search={
                writeLiveUrl({
                  filter: {},
                  vehicleId,
                  range: null,
                  trail: true,
                  at: { center: [last.lon, last.lat], zoom: STREET },
                }) as never
              }
            >
              {t('vehicle.showOnMap')}
            </Link>
          )}
        </>
      )}
    </section>
  )
}

export function PastPart({ terminal }: { terminal: Terminal }) {
  const { t } = useText()
  const moment = (at: string) => formatInstant(Date.parse(at)).slice(0, 16)
  return (
    <section className="panel-part" aria-label={t('terminal.past')}>
      <h3>{t('terminal.past')}</h3>
      {terminal.pastBindings.length === 0 && <p className="quiet">{t('terminal.noPast')}</p>}
      <ul className="rows">
        {terminal.pastBindings.map(({ vehicle, from, until }) => (
          <li key={until}>
            {vehicle ? (
              <Link to="/ledger" search={{ id: String(vehicle.vehicleId) } as never}>
                {plateAsPrinted(vehicle.plate)}
              </Link>
            ) : (
              <span className="quiet">{t('terminal.hiddenVehicle')}</span>
            )}
            <span className="quiet figure">
              {from === null
                ? t('terminal.pastUntil', { until: moment(until) })
                : t('terminal.pastFrom', { from: moment(from), until: moment(until) })}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
