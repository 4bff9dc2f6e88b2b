// 夜间停放: where a vehicle stands at night, by place and how often.
import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useEffect, useState } from 'react'
import { call } from '../../kit/api/session.ts'
import { Field } from '../../kit/form/FormDialog.tsx'
import { EmptyState, ErrorState } from '../../kit/State.tsx'
import { useUrl, withEntries } from '../../kit/useUrl.ts'
import { ALL, PeriodFields, periodInUrl, usePeriod, VehicleField, vehicleInUrl } from './fields.tsx'
import { useText } from './texts.ts'
import { emptyScene, type LonLat, type TabProps } from './useWhereaboutsMap.ts'

const DAYS = 93

export function NightsTab({ caseId, onScene }: TabProps) {
  const { t } = useText()
  const { url, change } = useUrl()
  const period = usePeriod(caseId, DAYS)
  const [vehicleId, setVehicleId] = useState(vehicleInUrl(url))
  const asked = periodInUrl(url)
  const askedVehicle = vehicleInUrl(url)
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ['whereabouts', 'nights', askedVehicle, asked, caseId],
    enabled: asked !== undefined && askedVehicle !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
    queryFn: ({ signal }) => call('findNightPlaces', { params: { vehicleId: askedVehicle! }, query: { ...asked!, caseId }, signal }),
  })
  useEffect(() => {
    const places = data?.places ?? []
    const dots = places.map(({ lon, lat, nights, hours }, id) => ({
      id,
      lon,
      lat,
      shade: 3 as const,
      label: t('where.nightAt', { nights, hours }),
    }))
    onScene({ ...emptyScene, dots, fit: places.map(({ lon, lat }): LonLat => [lon, lat]) })
  }, [onScene, data, t])
  return (
    <>
      <div className="where-form">
        <Field label={t('where.vehicle')}>
          <VehicleField caseId={caseId} value={vehicleId} onChange={(id) => setVehicleId(id === ALL ? undefined : id)} />
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
      {!data && !error && !isFetching && <EmptyState title={t('where.tab.nights')} text={t('where.nightHint')} />}
      {data && !error && (
        <>
          <p className="where-note" role="status">
            {t('where.nightCount', { n: data.nights, unknown: data.unknown })}
          </p>
          {data.places.length === 0 && <EmptyState title={t('where.tab.nights')} text={t('where.nightNone')} />}
          <ul className="where-list">
            {data.places.map(({ lon, lat, nights, hours, first, last }) => (
              <li key={`${lon} ${lat}`}>
                <strong>{t('where.nightAt', { nights, hours })}</strong>{' '}
                <span className="figure">
                  {lat.toFixed(5)}, {lon.toFixed(5)}
                </span>{' '}
                <span className="quiet">{first === last ? first : t('where.nightSpan', { first, last })}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  )
}
