// The rows of the fleet list as a plain table: the server pages, so nothing here needs to be clever.
import type { CoarseRow, VehicleRow } from '../../../services/contracts/api.ts'
import { formatSpeed, MISSING } from '../../kit/format/number.ts'
import { formatAge, formatDuration, formatInstant } from '../../kit/format/time.ts'
import { useNow } from '../../kit/useNow.ts'
import { ClassMark, StatusWord } from '../../parts/marks/Marks.tsx'
import { Plate } from '../../parts/marks/Plate.tsx'
import { SecretMark } from '../../parts/marks/SecretMark.tsx'
import { SecretRow } from './SecretRow.tsx'
import { type TextKey, useText } from './texts.ts'

const columns: TextKey[] = [
  'column.plate',
  'column.status',
  'column.unit',
  'column.class',
  'column.model',
  'column.driver',
  'column.speed',
  'column.last',
]

/** `rows` undefined while the first page is on its way. */
export function FleetTable({
  rows,
  selected,
  onOpen,
}: {
  rows: (VehicleRow | CoarseRow)[] | undefined
  selected: number | null
  onOpen: (id: number) => void
}) {
  const { t } = useText()
  return (
    <table className="list-table">
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column} scope="col">
              {t(column)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows
          ? rows.map((row) =>
              row.seen === 'whole' ? (
                <Row key={row.vehicleId} row={row} selected={row.vehicleId === selected} onOpen={onOpen} />
              ) : (
                <SecretRow key={row.vehicleId} row={row} selected={row.vehicleId === selected} onOpen={onOpen} />
              ),
            )
          : Array.from({ length: 14 }, (_, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: equal bars that never change
              <tr key={index}>
                <td colSpan={columns.length}>
                  <div className="bone" />
                </td>
              </tr>
            ))}
      </tbody>
    </table>
  )
}

function Row({ row, selected, onOpen }: { row: VehicleRow; selected: boolean; onOpen: (id: number) => void }) {
  const { t, locale } = useText()
  const nowMs = useNow(10_000)
  const kind = t(`class.${row.class}`)
  const category = t(`category.${row.category}`)
  // By a sane clock: a report is never newer than its arrival.
  const lastMs = row.last ? Math.min(Date.parse(row.last.time), Date.parse(row.last.receivedAt)) : null
  const aheadS = row.last?.clockAheadS ?? null
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the plate's button does the same by keyboard
    <tr className={selected ? 'list-row list-chosen' : 'list-row'} onClick={() => onOpen(row.vehicleId)}>
      <td>
        <button
          type="button"
          className="bare"
          aria-pressed={selected}
          onClick={(event) => {
            event.stopPropagation()
            onOpen(row.vehicleId)
          }}
        >
          <Plate plate={row.plate} colour={row.plateColour} />
        </button>
        <SecretMark secret={row.secret} until={row.unmaskedUntil} />
      </td>
      <td>
        <StatusWord status={row.status} />
      </td>
      <td className="list-unit">{row.userUnit.name}</td>
      <td>
        <ClassMark vehicleClass={row.class} /> {kind}
        {kind !== category && <small className="quiet"> {category}</small>}
      </td>
      <td>
        {row.make} {row.model} <small className="quiet">{t(`energy.${row.energy}`)}</small>
      </td>
      <td>{row.driverName ?? MISSING}</td>
      <td className="figure fleet-right">{row.status === 'moving' ? formatSpeed(row.last?.speedKph ?? null) : MISSING}</td>
      <td className={row.status === 'offline' ? 'figure stale' : 'figure'} title={lastMs === null ? undefined : formatInstant(lastMs)}>
        {lastMs === null ? t('report.never') : formatAge((nowMs - lastMs) / 1000, locale)}
        {aheadS !== null && <small className="fleet-clock">{t('fleet.clockAhead', { time: formatDuration(aheadS * 1000, locale) })}</small>}
      </td>
    </tr>
  )
}
