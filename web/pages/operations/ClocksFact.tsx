// How many terminals have a clock that is ahead; for whoever may see the vehicles, a way to them.
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { call, may, useAccount } from '../../kit/api/session.ts'
import { formatCount, MISSING } from '../../kit/format/number.ts'
import { Fact } from '../../kit/panel/Facts.tsx'
import { useText } from './texts.ts'

const EVERY_MS = 60_000

export function ClocksFact() {
  const { t } = useText()
  const account = useAccount()
  const { data } = useQuery({
    queryKey: ['clocks'],
    queryFn: ({ signal }) => call('getClocks', { signal }),
    refetchInterval: EVERY_MS,
  })
  const count = data ? formatCount(data.ahead) : MISSING
  return (
    <Fact name={t('filter.clockAhead')}>
      {data && data.ahead > 0 && may(account, 'live.view') ? (
        <Link to="/fleet" search={{ clock: 'ahead' } as never}>
          {count}
        </Link>
      ) : (
        count
      )}
    </Fact>
  )
}
