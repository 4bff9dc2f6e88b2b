// What the tabs ask with: a period, a vehicle, and what is done with a vehicle that was found.
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Button, Input, Select } from 'antd'
import { useState } from 'react'
import type { NamedVehicle } from '../../../services/contracts/api/whereabouts.ts'
import { DAY_MS } from '../../../services/domain/days.ts'
import { plateAsPrinted } from '../../../services/domain/vehicle.ts'
import { errorText } from '../../kit/api/errorText.ts'
import { call, queryClient } from '../../kit/api/session.ts'
import { Field } from '../../kit/form/FormDialog.tsx'
import { formatCount } from '../../kit/format/number.ts'
import { fromWallClock, startOfDay, toWallClock } from '../../kit/format/time.ts'
import { readNumber } from '../../kit/list/declareList.ts'
import { useUrl, withEntries } from '../../kit/useUrl.ts'
import { Plate } from '../../parts/marks/Plate.tsx'
import { VehicleChoice } from '../../parts/vehicle/VehicleChoice.tsx'
import { useText } from './texts.ts'

export type Period = { from: string; to: string }

/** All vehicles of the case, in place of one. */
export const ALL = 'all'
export type AskedVehicle = number | typeof ALL

export const useCase = (caseId: number | undefined) =>
  useQuery({
    queryKey: ['cases', caseId],
    enabled: caseId !== undefined,
    queryFn: ({ signal }) => call('getCase', { params: { caseId: caseId! }, signal }),
  })

/** The period of the address as the API takes it; undefined where it is none. */
export function periodInUrl(url: { from?: string; to?: string } & Record<string, string | undefined>): Period | undefined {
  const [from, to] = [fromWallClock(url.from ?? ''), fromWallClock(url.to ?? '')]
  return from === undefined || to === undefined ? undefined : { from: new Date(from).toISOString(), to: new Date(to).toISOString() }
}

/** Two fields of a period: that of the case at first, or the last day, no longer than may be asked. */
export function usePeriod(caseId: number | undefined, days: number) {
  const { url } = useUrl()
  const { data } = useCase(caseId)
  const [typed, setTyped] = useState<{ from?: string; to?: string }>({})
  // The minute that is not over is asked about too.
  const nowMs = Math.ceil(Date.now() / 60_000) * 60_000
  const endMs = data ? Math.min(Date.parse(data.until), nowMs) : nowMs
  const beginMs = data ? Math.max(Date.parse(data.from), endMs - days * DAY_MS) : startOfDay(endMs)
  const from = typed.from ?? url.from ?? toWallClock(Math.floor(beginMs / 60_000) * 60_000)
  const to = typed.to ?? url.to ?? toWallClock(Math.floor(endMs / 60_000) * 60_000)
  return {
    from,
    to,
    setFrom: (value: string) => setTyped({ ...typed, from: value }),
    setTo: (value: string) => setTyped({ ...typed, to: value }),
  }
}

export function PeriodFields({ from, to, setFrom, setTo }: ReturnType<typeof usePeriod>) {
  const { t } = useText()
  return (
    <div className="where-period">
      <Field label={t('where.from')}>
        <Input type="datetime-local" value={from} onChange={(event) => setFrom(event.target.value)} />
      </Field>
      <Field label={t('where.to')}>
        <Input type="datetime-local" value={to} onChange={(event) => setTo(event.target.value)} />
      </Field>
    </div>
  )
}

/** The vehicle of the address: of a case one that may be looked at, otherwise any of the scope. */
export function VehicleField({
  caseId,
  value,
  onChange,
  orAll = false,
}: {
  caseId: number | undefined
  value: AskedVehicle | undefined
  onChange: (id: AskedVehicle | undefined) => void
  /** Offers all vehicles of the case too. */
  orAll?: boolean
}) {
  const { t } = useText()
  const { data } = useCase(caseId)
  const [chosen, setChosen] = useState<{ vehicleId: number; plate: string } | null>(null)
  const { data: known } = useQuery({
    queryKey: ['vehicle', value, 'plate'],
    enabled: caseId === undefined && typeof value === 'number' && chosen === null,
    queryFn: ({ signal }) => call('getVehicle', { params: { vehicleId: value as number }, signal }),
  })
  if (caseId === undefined)
    return (
      <VehicleChoice
        label={t('where.vehicle')}
        value={chosen ?? (known && typeof value === 'number' ? { vehicleId: value, plate: known.plate } : null)}
        onChange={(one) => {
          setChosen(one)
          onChange(one?.vehicleId)
        }}
      />
    )
  const offered = (data?.vehicleRows ?? []).flatMap(({ state, vehicle }) =>
    vehicle && (state === 'OPEN' || state === 'RELEASED') ? [vehicle] : [],
  )
  return (
    <Select
      aria-label={t('where.vehicle')}
      placeholder={t('where.vehicle')}
      // By its plate or not at all: what the case does not hold, or not yet, has none here.
      value={value === ALL || offered.some(({ vehicleId }) => vehicleId === value) ? value : undefined}
      options={[
        ...(orAll && offered.length > 1 ? [{ value: ALL, label: t('where.allOfCase') }] : []),
        ...offered.map(({ vehicleId, plate }) => ({ value: vehicleId, label: plateAsPrinted(plate) })),
      ]}
      onChange={(id: AskedVehicle) => onChange(id)}
    />
  )
}

export const vehicleInUrl = (url: Record<string, string | undefined>): number | undefined => readNumber(url.v)
export const askedInUrl = (url: Record<string, string | undefined>): AskedVehicle | undefined => (url.v === ALL ? ALL : vehicleInUrl(url))

type FoundProps = { vehicle: NamedVehicle; askId: number; caseId: number | undefined; from: string; until: string; onOpen?: () => void }

/** A vehicle that was found: its plate and unit; into the case with one click, and on to its replay. */
export function FoundVehicle({ vehicle, askId, caseId, from, until, onOpen }: FoundProps) {
  const { t, locale } = useText()
  const replay = useReplayOf(caseId)
  const [isIn, setIn] = useState(vehicle.inCase)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)

  async function putIn(): Promise<void> {
    setBusy(true)
    setError(null)
    try {
      const body = { vehicleIds: [vehicle.vehicleId], reason: t('where.putInReason', { n: askId }) }
      await call('addCaseVehicles', { params: { caseId: caseId! }, body })
      await queryClient.invalidateQueries({ queryKey: ['cases'] })
      setIn(true)
    } catch (failure) {
      setError(failure)
    }
    setBusy(false)
  }

  return (
    <div className="where-found">
      <button type="button" className="bare" onClick={onOpen}>
        <Plate plate={vehicle.plate} colour={vehicle.plateColour} />
      </button>
      <span className="where-unit">{vehicle.unit}</span>
      {caseId !== undefined &&
        (isIn ? (
          <span className="quiet">{t('where.isIn')}</span>
        ) : (
          <Button size="small" loading={busy} onClick={() => void putIn()}>
            {t('where.putIn')}
          </Button>
        ))}
      {(caseId === undefined || isIn) && (
        <Button size="small" onClick={() => replay([vehicle.vehicleId], from, until)}>
          {t('where.replay')}
        </Button>
      )}
      {error !== null && <p className="error-text">{errorText(error, t, locale)}</p>}
    </div>
  )
}

const AROUND_MS = 600_000
/** Goes where vehicles are seen around a time, as far as the case lets them be looked at. */
function useReplayOf(caseId: number | undefined) {
  const navigate = useNavigate()
  const { data } = useCase(caseId)
  return (vehicleIds: readonly number[], from: string, until: string): void => {
    const fromMs = Math.max(Date.parse(from) - AROUND_MS, data ? Date.parse(data.from) : 0)
    const toMs = Math.min(Date.parse(until) + AROUND_MS, data ? Date.parse(data.until) : Number.POSITIVE_INFINITY)
    const within = caseId === undefined ? {} : { case: String(caseId) }
    void navigate({
      to: '/replay',
      search: { ...within, v: vehicleIds.join(','), from: toWallClock(Math.ceil(fromMs / 1000) * 1000), to: toWallClock(toMs) },
    } as never)
  }
}

/** Two vehicles of the case that met, and on to the replay of both. */
export function Pair({
  one,
  other,
  caseId,
  from,
  until,
}: { one: NamedVehicle; other: NamedVehicle } & Pick<FoundProps, 'caseId' | 'from' | 'until'>) {
  const { t } = useText()
  const replay = useReplayOf(caseId)
  return (
    <div className="where-found">
      <Plate plate={one.plate} colour={one.plateColour} /> <span className="quiet">{t('where.with')}</span>{' '}
      <Plate plate={other.plate} colour={other.plateColour} />
      <Button size="small" onClick={() => replay([one.vehicleId, other.vehicleId], from, until)}>
        {t('where.replay')}
      </Button>
    </div>
  )
}

export function Withheld({ count }: { count: number }) {
  const { t } = useText()
  return count > 0 ? <p className="where-note stale">{t('where.withheld', { n: formatCount(count) })}</p> : null
}

/** Where an answer ended before what was asked: on from there. */
export function GoOn({ next }: { next: string | null }) {
  const { t } = useText()
  const { change } = useUrl()
  if (next === null) return null
  const wall = toWallClock(Date.parse(next))
  return (
    <p className="where-note stale">
      {t('where.next', { time: wall.replace('T', ' ') })}{' '}
      <Button size="small" onClick={() => change((old) => withEntries(old, { from: wall }))}>
        {t('where.goOn')}
      </Button>
    </p>
  )
}
