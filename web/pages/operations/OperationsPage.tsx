// 运维: is the system well, is every position accounted for, and what was put aside with its reason.
import { useQuery } from '@tanstack/react-query'
import { call } from '../../kit/api/session.ts'
import { ErrorState } from '../../kit/State.tsx'
import { useOrganisations } from '../../parts/organisation/organisations.ts'
import { ConservationPart } from './ConservationPart.tsx'
import { HealthPart } from './HealthPart.tsx'
import { JobsPart } from './JobsPart.tsx'
import { useText } from './texts.ts'
import '../../kit/panel/cards.css'
import './operations.css'
import { QuarantinePart } from './QuarantinePart.tsx'

const EVERY_MS = 5000

export function OperationsPage() {
  const { t } = useText()
  const region = useOrganisations()?.root?.kind === 'region'
  const { data, error, refetch } = useQuery({
    queryKey: ['health'],
    queryFn: ({ signal }) => call('getHealth', { signal }),
    refetchInterval: EVERY_MS,
  })
  const known = error || data?.status === 'down' ? undefined : data
  return (
    <div className="operations">
      <h1>{t('page.operations')}</h1>
      {/* What was true before the service fell silent says nothing of now. It is asked again all the time. */}
      {error ? <ErrorState error={error} retry={() => void refetch()} /> : <HealthPart health={data} />}
      <ConservationPart total={known?.conservation} rows={known?.rows} />
      {/* It is the installation’s and no unit’s. */}
      {region && <JobsPart />}
      <QuarantinePart />
    </div>
  )
}
