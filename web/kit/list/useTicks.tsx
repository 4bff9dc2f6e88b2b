// Rows that are chosen to be acted on together; what was chosen on other pages stays chosen.
import { Checkbox } from 'antd'
import { useState } from 'react'
import type { Ticks } from './ListTable.tsx'

/** `page`: the rows in sight; `wholePage` and `one` name the boxes. */
export function useTicks<R, Id extends number | string>({
  page = [],
  idOf,
  wholePage,
  one,
}: {
  page: readonly R[] | undefined
  idOf: (row: R) => Id
  wholePage: string
  one: (row: R) => string
}): { chosen: ReadonlyMap<Id, R>; unchoose: () => void; ticks: Ticks<R> } {
  const [chosen, setChosen] = useState<ReadonlyMap<Id, R>>(new Map())
  const isChosen = (row: R) => chosen.has(idOf(row))
  const choose = (rows: readonly R[], wanted: boolean) => {
    const next = new Map(chosen)
    for (const row of rows) wanted ? next.set(idOf(row), row) : next.delete(idOf(row))
    setChosen(next)
  }
  const whole = page.length > 0 && page.every(isChosen)
  return {
    chosen,
    unchoose: () => setChosen(new Map()),
    ticks: {
      head: (
        <Checkbox
          checked={whole}
          indeterminate={!whole && page.some(isChosen)}
          aria-label={wholePage}
          onChange={() => choose(page, !whole)}
        />
      ),
      cell: (row) => <Checkbox checked={isChosen(row)} aria-label={one(row)} onChange={(event) => choose([row], event.target.checked)} />,
    },
  }
}
