// The sheet over the phone's map: a line to glance at, half for counts and filters, full for the list. Drag or tap its head.
import { useRef, useState } from 'react'
import { useText } from './texts.ts'

const stops = ['peek', 'half', 'full'] as const
type Stop = (typeof stops)[number]
const DRAG_PX = 40

export function BottomSheet({ title, badge, children }: { title: string; badge: number; children: React.ReactNode }) {
  const { t } = useText()
  const [stop, setStop] = useState<Stop>('peek')
  const startY = useRef<number | null>(null)
  const dragged = useRef(false)
  const move = (by: number) => setStop(stops[Math.max(0, Math.min(stops.length - 1, stops.indexOf(stop) + by))]!)
  return (
    <section className={`sheet sheet-${stop}`} aria-label={t('live.panel')}>
      <button
        type="button"
        className="bare sheet-head"
        aria-expanded={stop !== 'peek'}
        onPointerDown={(event) => {
          startY.current = event.clientY
          dragged.current = false
          event.currentTarget.setPointerCapture(event.pointerId)
        }}
        onPointerUp={(event) => {
          const dy = event.clientY - (startY.current ?? event.clientY)
          dragged.current = Math.abs(dy) > DRAG_PX
          if (dragged.current) move(dy < 0 ? 1 : -1)
        }}
        onClick={() => {
          if (!dragged.current) setStop(stop === 'peek' ? 'half' : 'peek')
        }}
      >
        <span className="sheet-grip" aria-hidden="true" />
        <span>{title}</span>
        {badge > 0 && <span className="sheet-badge">{t('filter.active', { n: badge })}</span>}
      </button>
      {stop !== 'peek' && <div className="sheet-body">{children}</div>}
    </section>
  )
}
