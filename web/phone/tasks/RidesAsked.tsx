// Shared rides that one is asked about.
import { useQuery } from '@tanstack/react-query'
import { call } from '../../kit/api/session.ts'
import { RideCard } from './RideCard.tsx'

export const ridesQuery = {
  queryKey: ['phone', 'rides'],
  queryFn: () => call('listRides', { query: { waiting: 'own', limit: 20 } }),
  refetchInterval: 30_000,
} as const

export function RidesAsked({ onDone }: { onDone: (said: string) => void }) {
  const { data } = useQuery(ridesQuery)
  return (
    <div className="phone-cards">
      {data?.rows.map((ride) => (
        <RideCard key={ride.rideId} ride={ride} onDone={onDone} />
      ))}
    </div>
  )
}
