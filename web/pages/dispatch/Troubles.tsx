// What is wrong on the board as it stands: trips that should have left or be back, and vehicles that cannot go.
import { Dropdown } from 'antd'
import { useMemo } from 'react'
import type { Board } from '../../../services/contracts/api/dispatching.ts'
import { useNow } from '../../kit/useNow.ts'
import { spanText } from '../../parts/trip/when.ts'
import { findTroubles } from './boardGeometry.ts'
import { nameOfRow } from './clashText.ts'
import { useText } from './texts.ts'

export function Troubles({ board, onOpen }: { board: Board; onOpen: (orderId: number) => void }) {
  const { t } = useText()
  const nowMs = useNow(30_000)
  const found = useMemo(() => findTroubles(board, nowMs), [board, nowMs])
  if (found.length === 0) return null
  const items = found.map(({ trip, row, code }) => ({
    key: String(trip.orderId),
    label: `${nameOfRow(row)} ${trip.number} ${spanText(trip.startsAt, trip.endsAt)}: ${t(`board.trouble.${code}`)}`,
  }))
  return (
    <Dropdown trigger={['click']} menu={{ items, onClick: ({ key }) => onOpen(Number(key)), className: 'board-troubles' }}>
      <button type="button" className="bare bad-text figure">
        {t('board.troubles', { n: found.length })}
      </button>
    </Dropdown>
  )
}
