// 相遇: which vehicles were close to one of them for a while, and which drove with it.
import { useQuery } from '@tanstack/react-query'
import { Button, Segmented } from 'antd'
import { useEffect, useMemo, useState } from 'react'
import type { MeetingRow } from '../../../services/contracts/api/whereabouts.ts'
import type { AnswerOf } from '../../../services/contracts/api.ts'
import { meetingKinds } from '../../../services/domain/meetings.ts'
import { plateAsPrinted } from '../../../services/domain/vehicle.ts'
import { call } from '../../kit/api/session.ts'
import { Field } from '../../kit/form/FormDialog.tsx'
import { formatKm } from '../../kit/format/number.ts'
import { formatDuration, formatInstant } from '../../kit/format/time.ts'
import { EmptyState, ErrorState } from '../../kit/State.tsx'
import { useUrl, withEntries } from '../../kit/useUrl.ts'
import { ALL, askedInUrl, FoundVehicle, GoOn, Pair, PeriodFields, periodInUrl, usePeriod, VehicleField, Withheld } from './fields.tsx'
import { useText } from './texts.ts'
import { emptyScene, type LonLat, type TabProps } from './useWhereaboutsMap.ts'

const DAYS = 7
/** Of one vehicle, or of all in a case with each other. */
type Told = Omit<AnswerOf<'findMeetings'>, 'meetings'> & { meetings: (MeetingRow & { withId?: number })[] }

export function MeetingsTab({ caseId, onScene }: TabProps) {
  const { t } = useText()
  const { url, change } = useUrl()
  const period = usePeriod(caseId, DAYS)
  const [vehicleId, setVehicleId] = useState(askedInUrl(url))
  const [kind, setKind] = useState<MeetingRow['kind'] | 'all'>('all')
  const asked = periodInUrl(url)
  const askedVehicle = askedInUrl(url)
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ['whereabouts', 'meetings', askedVehicle, asked, caseId],
    enabled: asked !== undefined && askedVehicle !== undefined && (askedVehicle !== ALL || caseId !== undefined),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
    queryFn: ({ signal }): Promise<Told> =>
      askedVehicle === ALL
        ? call('findCaseMeetings', { params: { caseId: caseId! }, query: asked!, signal })
        : call('findMeetings', { params: { vehicleId: askedVehicle! }, query: { ...asked!, caseId }, signal }),
  })
  const plates = useMemo(() => new Map(data?.vehicles.map((vehicle) => [vehicle.vehicleId, vehicle])), [data])
  const meetings = useMemo(() => (data?.meetings ?? []).filter((one) => kind === 'all' || one.kind === kind), [data, kind])
  useEffect(() => {
    const dots = meetings.map(({ vehicleId: id, at: [lon, lat] }) => ({
      id,
      lon,
      lat,
      shade: 3 as const,
      label: plateAsPrinted(plates.get(id)?.plate ?? ''),
    }))
    onScene({ ...emptyScene, dots, fit: meetings.map(({ at }): LonLat => at) })
  }, [onScene, meetings, plates])
  return (
    <>
      <div className="where-form">
        <Field label={t('where.vehicle')}>
          <VehicleField caseId={caseId} value={vehicleId} onChange={setVehicleId} orAll />
        </Field>
        <PeriodFields {...period} />
        <Button
          type="primary"
          disabled={vehicleId === undefined}
          loading={isFetching}
          onClick={() => change((old) => withEntries(old, { v: String(vehicleId), from: period.from, to: period.to }))}
        >
          {t('where.ask')}
        </Button>
      </div>
      {error && <ErrorState error={error} retry={() => void refetch()} />}
      {!data && !error && !isFetching && <EmptyState title={t('where.tab.meetings')} text={t('where.meetHint')} />}
      {data && !error && (
        <>
          <p className="where-note" role="status">
            {t('where.meetCount', { vehicles: data.vehicles.length, n: data.meetings.length })}
          </p>
          <Withheld count={data.withheld} />
          <GoOn next={data.next} />
          <Segmented
            className="where-kinds"
            aria-label={t('where.kinds')}
            value={kind}
            options={[
              { value: 'all', label: t('where.kind.all') },
              ...meetingKinds.map((value) => ({ value, label: t(`where.kind.${value}`) })),
            ]}
            onChange={(value) => setKind(value as typeof kind)}
          />
          {meetings.length === 0 && <EmptyState title={t('where.tab.meetings')} text={t('where.meetNone')} />}
          <ul className="where-list">
            {meetings.map((meeting) => {
              const vehicle = plates.get(meeting.vehicleId)
              const other = meeting.withId === undefined ? undefined : plates.get(meeting.withId)
              return (
                <li key={`${meeting.vehicleId} ${meeting.withId} ${meeting.from}`}>
                  {vehicle && other && <Pair one={vehicle} other={other} caseId={caseId} from={meeting.from} until={meeting.until} />}
                  {vehicle && !other && (
                    <FoundVehicle vehicle={vehicle} askId={data.askId} caseId={caseId} from={meeting.from} until={meeting.until} />
                  )}
                  <Meeting meeting={meeting} />
                </li>
              )
            })}
          </ul>
        </>
      )}
    </>
  )
}

function Meeting({ meeting }: { meeting: MeetingRow }) {
  const { t, locale } = useText()
  const [fromMs, untilMs] = [Date.parse(meeting.from), Date.parse(meeting.until)]
  return (
    <p className="where-meeting">
      <span className="figure">
        {formatInstant(fromMs).slice(5)} – {formatInstant(untilMs).slice(5)}
      </span>
      <strong>{t(`where.kind.${meeting.kind}`)}</strong>
      <span className="quiet">
        {[
          formatDuration(untilMs - fromMs, locale),
          t('where.nearest', { m: meeting.nearestM, mean: meeting.meanM }),
          ...(meeting.kind === 'convoy' ? [t('where.together', { km: formatKm(Math.min(meeting.ownWayM, meeting.wayM)) })] : []),
        ].join(' · ')}
      </span>
    </p>
  )
}
