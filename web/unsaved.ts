// Forms that hold something typed and not yet saved. While there is one, leaving the page asks first, and the end of the session
// covers the page instead of taking it away.
import { useBlocker } from '@tanstack/react-router'
import { useEffect } from 'react'

const forms = new Set<symbol>()

export const hasUnsaved = (): boolean => forms.size > 0

/** Holds the page while `unsaved`; `question` is asked before it is left, except while it is being saved. */
export function useUnsaved(unsaved: boolean, question: string, saving = false): void {
  useEffect(() => {
    if (!unsaved) return
    const form = Symbol('form')
    forms.add(form)
    return () => void forms.delete(form)
  }, [unsaved])
  useBlocker({ shouldBlockFn: () => !window.confirm(question), enableBeforeUnload: true, disabled: !unsaved || saving })
}
