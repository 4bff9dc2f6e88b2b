// Forms that hold something typed and not yet saved. While there is one, the end of the session covers the page instead of taking it away.
const forms = new Set<symbol>()

export const hasUnsaved = (): boolean => forms.size > 0

/** Counts a form as unsaved until the answer is called. */
export function countUnsaved(): () => void {
  const form = Symbol('form')
  forms.add(form)
  return () => void forms.delete(form)
}
