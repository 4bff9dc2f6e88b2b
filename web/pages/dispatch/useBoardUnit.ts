// Whose rows the board shows: those of the unit that was chosen; else all of the scope, and where those are too many to list, while
// something is chosen or was just done, those of its unit.
import { useCallback, useState } from 'react'
import type { Board } from '../../../services/contracts/api/dispatching.ts'
import { readNumber } from '../../kit/list/declareList.ts'
import { useUrl } from '../../kit/useUrl.ts'

export function useBoardUnit(ofChosen: number | undefined) {
  const asked = readNumber(useUrl().url.org)
  const [tooMany, setTooMany] = useState(false)
  const shown = asked ?? (tooMany ? ofChosen : undefined)
  /** A board of the whole scope has come: are there more than it lists? */
  const learn = useCallback(
    (board: Board | undefined) => {
      if (board && shown === undefined) setTooMany(board.more)
    },
    [shown],
  )
  return { shown, learn }
}
