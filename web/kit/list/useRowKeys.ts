// The keyboard of a list with a drawer: Esc closes the drawer and gives the focus back to the row, arrows move from row to row,
// and take the drawer along while it is open.
import { useEffect } from 'react'

const ROWS = '.list-scroll tbody tr'
const OPENER = '.list-opener'
/** What hangs over the page and has keys of its own. */
const ABOVE = '.ant-modal-wrap, .ant-popover:not(.ant-popover-hidden), .ant-select-open, .ant-dropdown:not(.ant-dropdown-hidden)'

const openerOf = (row: Element | undefined) => row?.querySelector<HTMLButtonElement>(OPENER)
const isTyping = (target: EventTarget | null) => target instanceof Element && target.closest('input, textarea, [role="combobox"]') !== null

/** @param isOpen whether a drawer stands beside the list */
export function useRowKeys(isOpen: boolean, close: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
      if (event.defaultPrevented || document.querySelector(ABOVE) || (event.key !== 'Escape' && !step)) return
      const rows = [...document.querySelectorAll(ROWS)]
      const chosen = rows.findIndex((row) => row.querySelector('[aria-current="true"]'))
      if (event.key === 'Escape' && isOpen) {
        close()
        openerOf(rows[chosen])?.focus()
      }
      if (!step || isTyping(event.target)) return
      const at = isOpen ? chosen : rows.findIndex((row) => row.contains(document.activeElement))
      const next = at === -1 ? undefined : openerOf(rows[at + step])
      if (!next) return
      event.preventDefault()
      next.closest('tr')!.scrollIntoView({ block: 'nearest' })
      if (isOpen) next.click()
      else next.focus()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [isOpen, close])
}
