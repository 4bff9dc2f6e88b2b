// The keys of the page: J and K move through the queue, 1 to 9 assign, U undoes, M opens and folds the map, Escape closes. Not while something is typed or a dialog is open.
import { useEffect, useRef } from 'react'

type Keys = { onAssign: (index: number) => void; onUndo: () => void; onMap: () => void; onClose: () => void }

export function useDispatchKeys(keys: Keys): void {
  const latest = useRef(keys)
  latest.current = keys
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.isComposing) return
      const target = event.target as Element
      if (
        target.closest('input, textarea, select, [role="combobox"], [contenteditable="true"]') ||
        document.querySelector('[role="dialog"]')
      )
        return
      const step = { j: 1, k: -1 }[event.key.toLowerCase()]
      if (step !== undefined) moveFocus(step)
      else if (/^[1-9]$/.test(event.key)) latest.current.onAssign(Number(event.key) - 1)
      else if (event.key.toLowerCase() === 'u') latest.current.onUndo()
      else if (event.key.toLowerCase() === 'm') latest.current.onMap()
      // What is carried over the board is let go first.
      else if (event.key === 'Escape' && !document.querySelector('.board-ghost')) latest.current.onClose()
      else return
      event.preventDefault()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
}

/** From the row that has the focus, or the chosen one, to the next; Enter then opens it, as it presses any button. */
function moveFocus(step: number): void {
  const rows = [...document.querySelectorAll<HTMLElement>('.queue-row')]
  const at = rows.indexOf(document.activeElement as HTMLElement)
  const from = at >= 0 ? at : rows.findIndex((row) => row.classList.contains('queue-chosen'))
  rows[from < 0 ? 0 : Math.max(0, Math.min(rows.length - 1, from + step))]?.focus()
}
