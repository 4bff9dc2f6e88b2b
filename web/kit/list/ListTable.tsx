// Rows as a plain table of which one cell opens the row; the server pages, so nothing here needs to be clever.
import { EmptyState, ErrorState } from '../State.tsx'
import type { Column, Said } from './declareList.ts'

/** A box before each row and one over all of the page; a click on it does not open the row. */
export type Ticks<R> = { head: React.ReactNode; cell: (row: R) => React.ReactNode }

type Props<R, K extends string, Id extends number | string> = {
  name: string
  said: Said<K>
  columns: readonly Column<R, K>[]
  ticks?: Ticks<R>
  /** undefined while the first page is on its way. */
  rows: readonly R[] | undefined
  idOf: (row: R) => Id
  selected: Id | null
  onOpen: (row: R) => void
  error: unknown
  retry: () => void
  /** What is said where there is no row; without it the table stands empty, because what comes next has yet to be looked through. */
  empty: { title: string; text: string; action?: React.ReactNode } | undefined
}

const classOf = ({ className, yields }: { className?: string | undefined; yields?: true | undefined }): string | undefined =>
  yields ? `${className ?? ''} list-yields`.trim() : className

export function ListTable<R, K extends string, Id extends number | string>(props: Props<R, K, Id>) {
  const { name, said, columns, ticks, rows, idOf, selected, onOpen, error, retry, empty } = props
  if (error && !rows) return <ErrorState error={error} retry={retry} />
  if (rows?.length === 0 && empty) return <EmptyState {...empty} />
  const titles = columns.map(({ title }) => said.t(title))
  const opener = Math.max(
    0,
    columns.findIndex(({ opens }) => opens),
  )
  return (
    <table className="list-table" aria-label={name}>
      <thead>
        <tr>
          {ticks && <th className="list-tick">{ticks.head}</th>}
          {columns.map((column, index) => (
            <th key={column.title} scope="col" className={classOf(column)}>
              {titles[index]}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows
          ? rows.map((row) => {
              const chosen = idOf(row) === selected
              return (
                // A click on the button, by keyboard too, comes up here.
                <tr key={idOf(row)} className={chosen ? 'list-row list-chosen' : 'list-row'} onClick={() => onOpen(row)}>
                  {ticks && (
                    // biome-ignore lint/a11y/useKeyWithClickEvents: only keeps the click from opening the row; the control is inside
                    <td className="list-tick" onClick={(event) => event.stopPropagation()}>
                      {ticks.cell(row)}
                    </td>
                  )}
                  {columns.map(({ title, cell, className, yields, beside }, index) => (
                    <td key={title} className={classOf({ className, yields })} data-label={titles[index]}>
                      {index === opener ? (
                        <button type="button" className="bare list-opener" aria-current={chosen ? 'true' : undefined}>
                          {cell(row, said)}
                        </button>
                      ) : (
                        cell(row, said)
                      )}
                      {beside?.(row)}
                    </td>
                  ))}
                </tr>
              )
            })
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
