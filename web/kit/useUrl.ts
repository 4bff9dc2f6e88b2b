// Reads and changes the search part of the address. A change that a person made is a step to go back to;
// a change that merely follows (the map was moved) replaces.
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback } from 'react'
import type { UrlText } from './urlText.ts'

export function useUrl(): { url: UrlText; change: (next: (url: UrlText) => UrlText, how?: 'step' | 'follow') => void } {
  const url = useSearch({ strict: false }) as UrlText
  const navigate = useNavigate()
  const change = useCallback(
    (next: (url: UrlText) => UrlText, how: 'step' | 'follow' = 'step') => {
      void navigate({ to: '.', search: (old: unknown) => next(old as UrlText), replace: how === 'follow' } as never)
    },
    [navigate],
  )
  return { url, change }
}

/** `url` with these entries set, or removed where undefined. */
export function withEntries(url: UrlText, entries: Record<string, string | undefined>): UrlText {
  const next: UrlText = { ...url }
  for (const [name, value] of Object.entries(entries)) {
    if (value === undefined) delete next[name]
    else next[name] = value
  }
  return next
}
