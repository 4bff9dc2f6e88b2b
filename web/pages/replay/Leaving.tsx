// What leaves a replay: a mark on the case, the track as a file, the page on paper. File and paper are on record and have a number.
import { useNavigate } from '@tanstack/react-router'
import { Button, Dropdown } from 'antd'
import { useState } from 'react'
import type { TrackFormat } from '../../../services/contracts/api.ts'
import { errorText } from '../../kit/api/errorText.ts'
import { saveFile } from '../../kit/api/saveFile.ts'
import { call, may, useAccount } from '../../kit/api/session.ts'
import { formatInstant, toWallClock } from '../../kit/format/time.ts'
import type { Range } from '../../parts/vehicle/liveUrl.ts'
import type { ReplayClock } from './clock.ts'
import { useText } from './texts.ts'
import type { ReplayedVehicle } from './useReplay.ts'

const trackFormats = ['csv', 'gpx', 'geojson', 'kml'] as const satisfies readonly TrackFormat[]

type Props = {
  clock: ReplayClock
  vehicle: ReplayedVehicle
  vehicles: readonly ReplayedVehicle[]
  range: Range
  caseId: number | undefined
  /** The number of the sheet stands in the watermark before it is printed. */
  onPrint: (watermark: string) => void
}

export function Leaving({ clock, vehicle, vehicles, range, caseId, onPrint }: Props) {
  const { t, locale } = useText()
  const account = useAccount()
  const navigate = useNavigate()
  const [sinceMs, setSince] = useState<number | null>(null)
  const [busy, setBusy] = useState(false)
  const [refused, setRefused] = useState<unknown>(null)
  const window = { from: new Date(range.fromMs).toISOString(), to: new Date(range.toMs).toISOString(), caseId }
  const attempt = (work: () => Promise<void>) => {
    setBusy(true)
    setRefused(null)
    work()
      .catch(setRefused)
      .finally(() => setBusy(false))
  }
  const mark = () => {
    const nowMs = clock.ms.get()
    const [fromMs, untilMs] = sinceMs === null ? [nowMs, nowMs] : [Math.min(sinceMs, nowMs), Math.max(sinceMs, nowMs)]
    const search = {
      case: String(caseId),
      finding: 'new',
      vehicleId: String(vehicle.vehicleId),
      from: toWallClock(fromMs),
      until: toWallClock(untilMs),
    }
    void navigate({ to: '/cases', search: search as never })
  }
  return (
    <>
      {caseId !== undefined && may(account, 'case.keep') && (
        <span className="replay-jumps">
          <Button
            aria-pressed={sinceMs !== null}
            title={t('replay.markFromHint')}
            onClick={() => setSince(sinceMs === null ? clock.ms.get() : null)}
          >
            {sinceMs === null ? t('replay.markFrom') : t('replay.markSince', { time: formatInstant(sinceMs).slice(11) })}
          </Button>
          <Button onClick={mark}>{t(sinceMs === null ? 'replay.mark' : 'replay.markSpan')}</Button>
        </span>
      )}
      {may(account, 'track.export') && (
        <>
          <Dropdown
            trigger={['click']}
            menu={{
              items: trackFormats.map((format) => ({ key: format, label: t(`replay.format.${format}`) })),
              onClick: ({ key }) =>
                attempt(() =>
                  saveFile('exportTrack', {
                    params: { vehicleId: vehicle.vehicleId },
                    query: { ...window, language: locale === 'en' ? 'en' : 'zh-CN', format: key as TrackFormat },
                  }),
                ),
            }}
          >
            <Button loading={busy} title={t('replay.exportHint', { plate: vehicle.label })} aria-haspopup="menu">
              {t('replay.export')}
            </Button>
          </Dropdown>
          <Button
            loading={busy}
            onClick={() =>
              attempt(async () => {
                const { watermark } = await call('printTracks', {
                  body: { ...window, vehicleIds: vehicles.map(({ vehicleId }) => vehicleId) },
                })
                onPrint(watermark)
              })
            }
          >
            {t('replay.print')}
          </Button>
        </>
      )}
      {refused !== null && (
        <p role="alert" className="error-text">
          {errorText(refused, t, locale)}
        </p>
      )}
    </>
  )
}
