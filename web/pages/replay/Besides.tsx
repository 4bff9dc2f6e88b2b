// A track that somebody else recorded, beside a vehicle's: brought in, chosen, and measured – how far apart, and for how much of the time that both know.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Checkbox, InputNumber, Select } from 'antd'
import { useMemo, useRef, useState } from 'react'
import { compareTracks, findOffset } from '../../../services/domain/trackComparison.ts'
import { errorText } from '../../kit/api/errorText.ts'
import { saveFile } from '../../kit/api/saveFile.ts'
import { call } from '../../kit/api/session.ts'
import { formatCount } from '../../kit/format/number.ts'
import { formatInstant } from '../../kit/format/time.ts'
import type { Range } from '../../parts/vehicle/liveUrl.ts'
import { type Beside, exhibitsQuery } from './beside.ts'
import { SeriesChart } from './Chart.tsx'
import type { ReplayClock } from './clock.ts'
import { useText } from './texts.ts'
import type { ReplayedVehicle } from './useReplay.ts'

type Props = {
  caseId: number
  vehicle: ReplayedVehicle
  chosen: number | undefined
  onChoose: (exhibitId: number | undefined) => void
  beside: Beside | null
  error: unknown
  range: Range
  clock: ReplayClock
}

export function Besides({ caseId, vehicle, chosen, onChoose, beside, error, range, clock }: Props) {
  const { t, locale } = useText()
  const client = useQueryClient()
  const picker = useRef<HTMLInputElement>(null)
  const [isGcj, setGcj] = useState(false)
  const [busy, setBusy] = useState(false)
  const [refused, setRefused] = useState<unknown>(null)
  const { data } = useQuery(exhibitsQuery(caseId))
  const rows = data?.rows ?? []
  const row = rows.find(({ exhibitId }) => exhibitId === chosen)
  async function bring(file: File | undefined) {
    if (!file) return
    setBusy(true)
    setRefused(null)
    try {
      const { exhibitId } = await call('addExhibit', {
        params: { caseId },
        query: { name: file.name.slice(-120), datum: isGcj ? 'gcj02' : 'wgs84' },
        upload: file,
      })
      await client.invalidateQueries({ queryKey: exhibitsQuery(caseId).queryKey })
      onChoose(exhibitId)
    } catch (failure) {
      setRefused(failure)
    } finally {
      setBusy(false)
    }
  }
  const failure = refused ?? error
  return (
    <section className="replay-besides" aria-label={t('replay.beside')}>
      <div className="replay-buttons">
        <Select
          allowClear
          className="replay-choice"
          aria-label={t('replay.beside')}
          placeholder={t('replay.beside')}
          notFoundContent={t('replay.beside.none')}
          value={chosen}
          options={rows.map(({ exhibitId, nth, edition, name, isNewest }) => ({
            value: exhibitId,
            label: isNewest && edition === 1 ? `${nth}. ${name}` : t('replay.beside.edition', { name: `${nth}. ${name}`, n: edition }),
          }))}
          onChange={onChoose}
        />
        <input
          ref={picker}
          type="file"
          hidden
          accept=".gpx,.kml,.geojson,.json"
          aria-label={t('replay.beside.file')}
          onChange={({ target }) => {
            void bring(target.files?.[0])
            target.value = ''
          }}
        />
        <Button loading={busy} title={t('replay.beside.hint')} onClick={() => picker.current?.click()}>
          {t('replay.beside.bring')}
        </Button>
        <Checkbox checked={isGcj} onChange={({ target }) => setGcj(target.checked)}>
          {t('replay.beside.gcj')}
        </Checkbox>
        {row && (
          <Button onClick={() => void saveFile('readExhibitFile', { params: { exhibitId: row.exhibitId } }).catch(setRefused)}>
            {t('replay.beside.save')}
          </Button>
        )}
      </div>
      {failure !== null && (
        <p role="alert" className="error-text">
          {errorText(failure, t, locale)}
        </p>
      )}
      {row && (
        <p className="quiet">
          {row.from && row.until
            ? t('replay.beside.said', {
                points: formatCount(row.points),
                from: formatInstant(Date.parse(row.from)),
                until: formatInstant(Date.parse(row.until)),
                by: row.by,
              })
            : t('replay.beside.untimed', { points: formatCount(row.points), by: row.by })}{' '}
          {row.notes.unordered + row.notes.repeated + row.notes.untimed > 0 && t('replay.beside.notes', row.notes)}{' '}
          {beside?.line && beside.line.apart.length > 0 && t('replay.beside.apart', { n: formatCount(beside.line.apart.length) })}{' '}
          <span className="figure">SHA-256 {row.sha256.slice(0, 16)}…</span>
        </p>
      )}
      {row && beside?.line && <Measured key={row.exhibitId} line={beside.line} name={row.name} {...{ vehicle, range, clock }} />}
    </section>
  )
}

type MeasuredProps = Pick<Props, 'vehicle' | 'range' | 'clock'> & { line: NonNullable<Beside['line']>; name: string }
function Measured({ line, name, vehicle, range, clock }: MeasuredProps) {
  const { t } = useText()
  const [widthM, setWidth] = useState(50)
  const [offsetS, setOffset] = useState(0)
  const compared = useMemo(
    () => compareTracks(vehicle.line, line, { widthM, offsetMs: offsetS * 1000 }),
    [vehicle.line, line, widthM, offsetS],
  )
  const caption = t('replay.beside.chart')
  const series = useMemo(
    () => ({
      ...{ caption, label: `${vehicle.label} – ${name}`, timeMs: compared.timeMs, values: compared.metres, gaps: line.gaps },
      ...{ scale: 1, digits: 0, fromNothing: true },
    }),
    [compared, line, caption, vehicle.label, name],
  )
  const estimate = () => {
    const found = findOffset(vehicle.line, line)
    if (found !== undefined) setOffset(found / 1000)
  }
  const { knownMs, shareWithin, meanM, mostM } = compared
  return (
    <>
      <div className="replay-buttons">
        <span>
          {t('replay.beside.width')}{' '}
          <InputNumber
            aria-label={t('replay.beside.width')}
            min={1}
            max={5_000}
            value={widthM}
            onChange={(value) => setWidth(value ?? 50)}
          />
        </span>
        <span>
          {t('replay.beside.offset')}{' '}
          <InputNumber
            aria-label={t('replay.beside.offset')}
            min={-172_800}
            max={172_800}
            value={offsetS}
            onChange={(value) => setOffset(value ?? 0)}
          />
        </span>
        <Button title={t('replay.beside.estimateHint')} onClick={estimate}>
          {t('replay.beside.estimate')}
        </Button>
        <strong className="figure" role="status">
          {knownMs === 0
            ? t('replay.beside.never')
            : t('replay.beside.result', {
                ...{ minutes: formatCount(Math.round(knownMs / 60_000)), share: (shareWithin * 100).toFixed(1), width: widthM },
                ...{ mean: formatCount(Math.round(meanM)), most: formatCount(Math.round(mostM)) },
              })}
        </strong>
      </div>
      <SeriesChart series={series} range={range} clock={clock} />
    </>
  )
}
