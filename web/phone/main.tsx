// Starts what a phone gets: the same door, texts and parts as the desk, without its component library, its router and its map.
import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { queryClient } from '../kit/api/session.ts'
import { startLanguage } from '../kit/i18n/i18n.ts'
import '../kit/theme/base.css'
import { startTheme } from '../kit/theme/preference.ts'
import { Phone } from './Phone.tsx'

startTheme()
startLanguage()
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <Phone />
    </QueryClientProvider>
  </StrictMode>,
)
