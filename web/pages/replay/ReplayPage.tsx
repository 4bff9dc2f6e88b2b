// 轨迹回放: up to twenty vehicles in step over a time, on one clock. What is shown stands in the address; each track is a look on record, within a case where one
// is required. Map above, below it the bands that are the scrubber, and charts that share their axis; at the right what happened.
import { Link } from '@tanstack/react-router'
import { Button, Select } from 'antd'
import { useMemo } from 'react'
import { DAY_MS } from '../../../services/domain/days.ts'
import { plateAsPrinted } from '../../../services/domain/vehicle.ts'
import { useAccount } from '../../kit/api/session.ts'
import { formatInstant, fromWallClock, toWallClock } from '../../kit/format/time.ts'
import { readNumber } from '../../kit/list/declareList.ts'
import { ErrorState } from '../../kit/State.tsx'
import type { UrlText } from '../../kit/urlText.ts'
import { useUrl, withEntries } from '../../kit/useUrl.ts'
import { MAX_RANGE_MS, type Range, readRange } from '../../parts/vehicle/liveUrl.ts'
import { RangePicker } from '../../parts/vehicle/RangePicker.tsx'
import { Drafted } from './Drawn.tsx'
import { Stage } from './Stage.tsx'
import { useText } from './texts.ts'
import { MAX_REPLAYED, readable, useCase, useReplay } from './useReplay.ts'
import './replay.css'

export function ReplayPage() {
  const { t } = useText()
  const { url, change } = useUrl()
  const account = useAccount()
  const caseId = readNumber(url.case)
  const found = useCase(caseId)
  const range = readRange(url)
  const offered = useMemo(() => readable(found.data), [found.data])
  const plates = useMemo(() => new Map(offered.map(({ vehicleId, plate }) => [vehicleId, plate])), [offered])
  const asked = (url.v ?? '').split(',').flatMap((text) => readNumber(text) ?? [])
  const wanted = asked.length > 0 ? asked : offered.slice(0, 1).map(({ vehicleId }) => vehicleId)
  // Of a case what may be looked at; the others are said, and not asked for.
  const open = caseId === undefined || !found.data ? wanted : wanted.filter((id) => plates.has(id))
  const vehicleIds = open.slice(0, MAX_REPLAYED)
  // A case is waited for: outside it nothing would be read.
  const { vehicles, busy, error, retry } = useReplay(caseId === undefined || found.data ? vehicleIds : [], plates, range, caseId)
  const setRange = (next: Range | null) =>
    change((old) => withEntries(old, next ? { from: toWallClock(next.fromMs), to: toWallClock(next.toMs), t: undefined } : {}))
  return (
    <div className="replay">
      <header className="replay-bar">
        <h1>{t('page.replay')}</h1>
        {found.data && (
          <span>
            <Link to="/cases" search={{ id: String(caseId) } as never}>
              <strong>{found.data.number}</strong>
            </Link>{' '}
            {found.data.purpose} · {account.displayName}
          </span>
        )}
        {offered.length > 1 && (
          <Select
            mode="multiple"
            className="replay-choice"
            aria-label={t('replay.vehicles')}
            maxCount={MAX_REPLAYED}
            value={vehicleIds}
            options={offered.map(({ vehicleId, plate }) => ({ value: vehicleId, label: plateAsPrinted(plate) }))}
            onChange={(chosen: number[]) => change((old) => withEntries(old, { v: chosen.join(',') || undefined }))}
          />
        )}
        {range && <RangePicker range={range} onRange={setRange} />}
        <span className="quiet">{t('replay.zone')}</span>
        {busy && (
          <span className="quiet" role="status">
            <Drafted />
          </span>
        )}
      </header>
      {found.error !== null && <ErrorState error={found.error} retry={() => void found.refetch()} />}
      {error !== null && <ErrorState error={error} retry={retry} />}
      {wanted.length > MAX_REPLAYED && <p className="stale replay-note">{t('replay.many', { n: wanted.length, most: MAX_REPLAYED })}</p>}
      {open.length < wanted.length && <p className="stale replay-note">{t('replay.leftOut', { n: wanted.length - open.length })}</p>}
      {!range && <NoRange url={url} onRange={setRange} />}
      {caseId !== undefined && found.data && vehicleIds.length === 0 && <p className="quiet replay-note">{t('replay.noCase')}</p>}
      {caseId === undefined && range && vehicleIds.length === 0 && <p className="quiet replay-note">{t('replay.none')}</p>}
      {range && (vehicles.length > 0 || busy) && (
        <Stage
          key={`${range.fromMs} ${range.toMs}`}
          vehicleIds={vehicleIds}
          vehicles={vehicles}
          range={range}
          caseId={caseId}
          startMs={fromWallClock(url.t ?? '')}
          mark={t('replay.watermark', {
            name: account.displayName,
            time: formatInstant(Date.now()).slice(0, 16),
            case: found.data?.number ?? '',
          })}
        />
      )}
    </div>
  )
}

/** A time that is none, or too long for one replay: what would do. */
function NoRange({ url, onRange }: { url: UrlText; onRange: (range: Range) => void }) {
  const { t } = useText()
  const [fromMs, toMs] = [fromWallClock(url.from ?? ''), fromWallClock(url.to ?? '')]
  if (fromMs === undefined || toMs === undefined || toMs - fromMs <= MAX_RANGE_MS)
    return <p className="quiet replay-note">{t('replay.none')}</p>
  return (
    <p className="stale replay-note">
      {t('replay.long', {
        days: MAX_RANGE_MS / DAY_MS,
        from: formatInstant(fromMs).slice(0, 16),
        to: formatInstant(toMs).slice(0, 16),
      })}{' '}
      <Button size="small" onClick={() => onRange({ fromMs, toMs: fromMs + MAX_RANGE_MS })}>
        {t('replay.longFirst')}
      </Button>{' '}
      <Button size="small" onClick={() => onRange({ fromMs: toMs - MAX_RANGE_MS, toMs })}>
        {t('replay.longLast')}
      </Button>
    </p>
  )
}
