import { useBlocker } from '@tanstack/react-router'
import { useEffect } from 'react'
import { countUnsaved } from './unsaved.ts'

/** Holds the page while `unsaved`; `question` is asked before it is left, except while it is being saved. */
export function useUnsaved(unsaved: boolean, question: string, saving = false): void {
  useEffect(() => (unsaved ? countUnsaved() : undefined), [unsaved])
  useBlocker({ shouldBlockFn: () => !window.confirm(question), enableBeforeUnload: true, disabled: !unsaved || saving })
}
