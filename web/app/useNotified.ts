// Hears over the line that one was told something. After a break the server says at once how much is unread: nothing is missed.
import { useEffect } from 'react'
import { joinLine } from '../parts/connection/line.ts'
import { toldAgain } from '../parts/notifications/queries.ts'

export function useNotified(): void {
  useEffect(() => joinLine({ notified: () => void toldAgain() }).leave, [])
}
