// The board with what one chooses of it: from which day, a day or a week, of which unit.
import { EnvironmentOutlined, LeftOutlined, RightOutlined } from '@ant-design/icons'
import { Button, Input, Segmented } from 'antd'
import type { Board } from '../../../services/contracts/api/dispatching.ts'
import { addDays, dayAt } from '../../../services/domain/days.ts'
import { useUrl, withEntries } from '../../kit/useUrl.ts'
import { UnitChoice } from '../../parts/organisation/UnitChoice.tsx'
import type { Span } from './boardGeometry.ts'
import { Troubles } from './Troubles.tsx'
import { useText } from './texts.ts'

type Props = {
  day: string
  span: Span
  unit: number | undefined
  shown: number | null
  board: Board | undefined
  onOpen: (orderId: number) => void
  /** The map beside the board. */
  map: React.ReactNode
  onMap: (open: boolean) => void
  children: React.ReactNode
}

export function BoardPart({ day, span, unit, shown, board, onOpen, map, onMap, children }: Props) {
  const { t } = useText()
  const { change } = useUrl()
  const set = (entries: Record<string, string | undefined>) => change((old) => withEntries(old, entries), 'follow')
  const today = dayAt(Date.now())
  const go = (to: string) => set({ day: to === today ? undefined : to })
  const step = span === 'day' ? 1 : 7
  return (
    <section className="board" aria-label={t('board.title')}>
      <header className="board-head">
        <Segmented
          aria-label={t('board.span')}
          value={span}
          options={[
            { value: 'day', label: t('board.day') },
            { value: 'week', label: t('board.week') },
          ]}
          onChange={(value) => set({ span: value === 'week' ? 'week' : undefined })}
        />
        <span className="board-days">
          <Button icon={<LeftOutlined />} aria-label={t('board.earlier')} onClick={() => go(addDays(day, -step))} />
          <Input type="date" aria-label={t('board.date')} value={day} onChange={({ target }) => target.value && go(target.value)} />
          <Button icon={<RightOutlined />} aria-label={t('board.later')} onClick={() => go(addDays(day, step))} />
        </span>
        <Button disabled={day === today} onClick={() => go(today)}>
          {t('board.today')}
        </Button>
        <UnitChoice
          label={t('board.unit')}
          value={unit}
          onChange={(chosen) => set({ org: chosen === undefined ? undefined : String(chosen) })}
        />
        {board && <Troubles board={board} onOpen={onOpen} />}
        {shown !== null && <span className="warn-text">{t('board.more', { n: shown })}</span>}
        <Button
          className="board-map"
          icon={<EnvironmentOutlined />}
          aria-expanded={map !== null}
          aria-keyshortcuts="M"
          onClick={() => onMap(map === null)}
        >
          {t(map === null ? 'deskMap.show' : 'deskMap.hide')}
        </Button>
      </header>
      {children}
      {map}
    </section>
  )
}
