// Rows as a plain table whose first cell opens the row; the server pages, so nothing here needs to be clever.
import { EmptyState, ErrorState } from '../State.tsx'

export type Column<R> = { title: string; cell: (row: R) => React.ReactNode; className?: string }

type Props<R, Id extends number | string> = {
  columns: readonly Column<R>[]
  /** A box before each row and one over all of the page; a click on it does not open the row. */
  ticks?: { head: React.ReactNode; cell: (row: R) => React.ReactNode }
  /** undefined while the first page is on its way. */
  rows: readonly R[] | undefined
  idOf: (row: R) => Id
  selected: Id | null
  onOpen: (id: Id) => void
  error: unknown
  retry: () => void
  empty: { title: string; text: string; action?: React.ReactNode }
}

export function ListTable<R, Id extends number | string>(props: Props<R, Id>) {
  const { columns, ticks, rows, idOf, selected, onOpen, error, retry, empty } = props
  if (error && !rows) return <ErrorState error={error} retry={retry} />
  if (rows?.length === 0) return <EmptyState {...empty} />
  return (
    <table className="list-table cards-on-phone">
      <thead>
        <tr>
          {ticks && <th className="list-tick">{ticks.head}</th>}
          {columns.map(({ title, className }) => (
            <th key={title} scope="col" className={className}>
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows
          ? rows.map((row) => (
              // The button in the first cell does the same for the keyboard.
              <tr
                key={idOf(row)}
                className={idOf(row) === selected ? 'list-row list-chosen' : 'list-row'}
                onClick={() => onOpen(idOf(row))}
              >
                {ticks && (
                  // biome-ignore lint/a11y/useKeyWithClickEvents: only keeps the click from opening the row; the control is inside
                  <td className="list-tick" onClick={(event) => event.stopPropagation()}>
                    {ticks.cell(row)}
                  </td>
                )}
                {columns.map(({ title, cell, className }, index) => (
                  <td key={title} className={className} data-label={title}>
                    {index === 0 ? (
                      <button
                        type="button"
                        className="bare list-opener"
                        aria-current={idOf(row) === selected ? 'true' : undefined}
                        onClick={(event) => {
                          event.stopPropagation()
                          onOpen(idOf(row))
                        }}
                      >
                        {cell(row)}
                      </button>
                    ) : (
                      cell(row)
                    )}
                  </td>
                ))}
              </tr>
            ))
          : Array.from({ length: 14 }, (_, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: equal bars that never change
              <tr key={index}>
                <td colSpan={columns.length + (ticks ? 1 : 0)}>
                  <div className="bone" />
                </td>
              </tr>
            ))}
      </tbody>
    </table>
  )
}
