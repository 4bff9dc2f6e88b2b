// One row of the board: who it is, and for when he or it is promised to what.
import { TeamOutlined, WarningFilled } from '@ant-design/icons'
import { memo } from 'react'
import { permits } from '../../../services/domain/lifecycle.ts'
import { orderLifecycle } from '../../../services/domain/orders.ts'
import { plateAsPrinted } from '../../../services/domain/vehicle.ts'
import { spanText } from '../../parts/trip/when.ts'
import { type Bar, continuedOf, freeOf, type Load, type Place, type PlacedRow, placeOf, type Range, type Trip } from './boardGeometry.ts'
import { useText } from './texts.ts'

export const LABEL_PX = 164

type Props = {
  row: PlacedRow
  range: Range
  widthPx: number
  /** Its place among what is offered for the chosen request; 0 = none. */
  offer: number
  /** The trip that is open beside the board. */
  open: number | null
  /** The trip that is being put elsewhere. */
  lifted: number | null
  onOpen: (orderId: number) => void
  onGrab: (load: Load, event: React.PointerEvent) => void
  onPress: (trip: Trip, from: PlacedRow, event: React.KeyboardEvent) => boolean
  onLeave: () => void
  /** Gives this row to the chosen request; absent while none waits. */
  onGive?: ((row: PlacedRow) => void) | undefined
}

export const BoardLine = memo(function BoardLine(props: Props) {
  const { row, range, widthPx, offer, open, lifted, onGive } = props
  const { t } = useText()
  const name = row.kind === 'vehicle' ? plateAsPrinted(row.plate) : row.name
  const free = freeOf(row, range).map(({ startsAtMs, endsAtMs }) =>
    spanText(new Date(startsAtMs).toISOString(), new Date(endsAtMs).toISOString()),
  )
  return (
    <>
      <span
        className="board-name"
        style={{ width: LABEL_PX }}
        title={free.length > 0 ? t('board.freeTimes', { times: free.join(t('search.comma')) }) : t('board.noFree')}
      >
        {offer > 0 && <span className="pair-key">{offer}</span>}
        <span className="board-who">
          {onGive ? (
            <button type="button" className="bare board-give" title={t('board.give', { row: name })} onClick={() => onGive(row)}>
              <span className={row.kind === 'vehicle' ? 'figure' : undefined}>{name}</span>
            </button>
          ) : (
            <span className={row.kind === 'vehicle' ? 'figure' : undefined}>{name}</span>
          )}
          <small className="quiet">
            {row.kind === 'vehicle' && `${t('board.seats', { n: row.seats })} `}
            {row.unit.name}
          </small>
        </span>
      </span>
      <span className="board-track" style={{ width: widthPx }}>
        {row.bars.map((bar) => {
          const place = placeOf(Date.parse(bar.from), bar.until === null ? null : Date.parse(bar.until), range, widthPx)
          if (!place) return null
          return bar.order ? (
            <TripBar
              key={bar.order.orderId}
              {...props}
              trip={bar.order}
              place={place}
              state={bar.order.orderId === lifted ? 'lifted' : bar.order.orderId === open ? 'open' : ''}
            />
          ) : (
            <HeldBar key={`${bar.from} ${bar.reason}`} bar={bar} place={place} />
          )
        })}
      </span>
    </>
  )
})

function HeldBar({ bar, place }: { bar: Bar; place: Place }) {
  const { t } = useText()
  const word = t(`held.${bar.reason}`)
  return (
    <span className="board-bar board-held" style={place} title={word}>
      {word}
    </span>
  )
}

function TripBar({
  row,
  trip,
  place,
  state,
  range,
  widthPx,
  onOpen,
  onGrab,
  onPress,
  onLeave,
}: Props & { trip: Trip; place: Place; state: string }) {
  const { t } = useText()
  const movable = permits(orderLifecycle, 'void', trip.state)
  const driven = placeOf(Date.parse(trip.startsAt), Date.parse(trip.endsAt), range, widthPx)
  const continued = continuedOf(trip, range)
  const said = [
    t('board.bar', { number: trip.number, to: trip.to, when: spanText(trip.startsAt, trip.endsAt), state: t(`orderState.${trip.state}`) }),
    ...(continued.before ? [t('board.before')] : []),
    ...(continued.after ? [t('board.after')] : []),
    ...(trip.riders > 0 ? [t('board.shared', { n: trip.riders })] : []),
    ...(trip.alerts > 0 ? [t('board.alerts', { n: trip.alerts })] : []),
  ].join(t('kit.clause'))
  const edge = (grip: 'start' | 'end') => (
    <span
      className={`board-edge board-edge-${grip}`}
      onPointerDown={(event) => {
        event.stopPropagation()
        onGrab({ kind: 'trip', trip, from: row, grip }, event)
      }}
    />
  )
  return (
    <button
      type="button"
      className={`bare board-bar board-trip board-${trip.state.toLowerCase()}${state && ` board-${state}`}${movable ? ' board-movable' : ''}${trip.alerts > 0 ? ' board-alert' : ''}`}
      style={place}
      title={`${said} ${trip.unit}`}
      aria-label={said}
      onClick={() => onOpen(trip.orderId)}
      onPointerDown={movable ? (event) => onGrab({ kind: 'trip', trip, from: row, grip: 'whole' }, event) : undefined}
      onKeyDown={
        movable
          ? (event) => {
              if (onPress(trip, row, event)) {
                event.preventDefault()
                event.stopPropagation()
              }
            }
          : undefined
      }
      onBlur={onLeave}
    >
      {/* What comes before and after the trip itself is only held. */}
      {driven && (
        <span className="board-driven" style={{ left: driven.left - place.left, width: driven.width }}>
          {trip.alerts > 0 && <WarningFilled aria-hidden="true" />}
          {trip.riders > 0 && <TeamOutlined aria-hidden="true" />}
          {continued.before && <span aria-hidden="true">◂ </span>}
          {trip.to}
          {continued.after && <span aria-hidden="true"> ▸</span>}
        </span>
      )}
      {movable && !continued.before && edge('start')}
      {movable && !continued.after && edge('end')}
    </button>
  )
}
