// Starts the web app: theme and language first, so that nothing is painted twice.
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { queryClient } from '../kit/api/session.ts'
import { startLanguage } from '../kit/i18n/i18n.ts'
import { router } from './router.tsx'
import '../kit/theme/base.css'
import { startTheme } from '../kit/theme/preference.ts'

startTheme()
startLanguage()
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router as never} />
    </QueryClientProvider>
  </StrictMode>,
)
