// Starts what a phone gets: the same door, texts and parts as the desk, without its component library, its router and its map.
import { onlineManager, QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { queryClient } from '../kit/api/session.ts'
import { startLanguage } from '../kit/i18n/i18n.ts'
import '../kit/theme/base.css'
import { startTheme } from '../kit/theme/preference.ts'
import { Phone } from './Phone.tsx'

// Where there is no network, what was answered last is shown: every question is asked.
onlineManager.setOnline(navigator.onLine)
const defaults = queryClient.getDefaultOptions()
queryClient.setDefaultOptions({ ...defaults, queries: { ...defaults.queries, networkMode: 'always' } })
// The page itself, for where there is no network. On plain http, off this machine, browsers have none of it.
if (import.meta.env.PROD && 'serviceWorker' in navigator)
  navigator.serviceWorker.register('/phone-worker.js', { scope: '/phone' }).catch((error: unknown) => console.warn(error))
startTheme()
startLanguage()
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <Phone />
    </QueryClientProvider>
  </StrictMode>,
)
