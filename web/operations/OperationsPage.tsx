// 运维: is the system well, is every position accounted for, and what was put aside with its reason.
import { useQuery } from '@tanstack/react-query'
import { call } from '../api/session.ts'
import { ErrorState } from '../frame/State.tsx'
import { useText } from '../i18n/i18n.ts'
import { ConservationPart } from './ConservationPart.tsx'
import { HealthPart } from './HealthPart.tsx'
import './operations.css'
import { QuarantinePart } from './QuarantinePart.tsx'

const EVERY_MS = 5000

export function OperationsPage() {
  const { t } = useText()
  const { data, error, refetch } = useQuery({
    queryKey: ['health'],
    queryFn: ({ signal }) => call('getHealth', { signal }),
    refetchInterval: EVERY_MS,
  })
  return (
    <div className="operations">
      <h1>{t('page.operations')}</h1>
      {/* What was true before the service fell silent says nothing of now. It is asked again all the time. */}
      {error ? <ErrorState error={error} retry={() => void refetch()} /> : <HealthPart health={data} />}
      <ConservationPart total={error || data?.status === 'down' ? undefined : data?.conservation} />
      <QuarantinePart />
    </div>
  )
}
