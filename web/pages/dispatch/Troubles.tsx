// What is wrong on the board as it stands: trips that should have left or be back, and vehicles that cannot go; before them changes on the road that wait.
import { useQuery } from '@tanstack/react-query'
import { Dropdown } from 'antd'
import { useMemo } from 'react'
import type { Board } from '../../../services/contracts/api/dispatching.ts'
import { useNow } from '../../kit/useNow.ts'
import { minuteOf, spanText } from '../../parts/trip/when.ts'
import { findTroubles } from './boardGeometry.ts'
import { nameOfRow } from './clashText.ts'
import { waitingChangesQuery } from './queries.ts'
import { useText } from './texts.ts'

export function Troubles({ board, onOpen }: { board: Board; onOpen: (orderId: number) => void }) {
  const { t } = useText()
  const nowMs = useNow(30_000)
  const found = useMemo(() => findTroubles(board, nowMs), [board, nowMs])
  const { data: changes } = useQuery(waitingChangesQuery)
  const asked = changes?.rows ?? []
  if (found.length + asked.length === 0) return null
  const waiting = asked.map(({ orderId, number, applicant, after }) => ({
    key: String(orderId),
    label: `${number} ${applicant.name} → ${after.to.name} ${minuteOf(after.endsAt).slice(5)}: ${t('board.roadChange')}`,
  }))
  const late = found.filter(({ trip }) => !asked.some(({ orderId }) => orderId === trip.orderId))
  const items = late.map(({ trip, row, code }) => ({
    key: String(trip.orderId),
    label: `${nameOfRow(row)} ${trip.number} ${spanText(trip.startsAt, trip.endsAt)}: ${t(`board.trouble.${code}`)}`,
  }))
  return (
    <Dropdown
      trigger={['click']}
      menu={{ items: [...waiting, ...items], onClick: ({ key }) => onOpen(Number(key)), className: 'board-troubles' }}
    >
      <button type="button" className="bare bad-text figure">
        {t('board.troubles', { n: waiting.length + items.length })}
      </button>
    </Dropdown>
  )
}
