// Everything behind the door: the component library in our colours and language, and the way out when the session ends.
import { useQuery } from '@tanstack/react-query'
import { Outlet, useNavigate } from '@tanstack/react-router'
import { ConfigProvider } from 'antd'
import enUS from 'antd/es/locale/en_US'
import zhCN from 'antd/es/locale/zh_CN'
import { lazy, Suspense, useEffect } from 'react'
import { endedStore, sessionQuery } from '../kit/api/session.ts'
import { useStore } from '../kit/store.ts'
import { useCalm, usePhone } from '../kit/theme/media.ts'
import { useTheme } from '../kit/theme/preference.ts'
import { antdTheme } from '../kit/theme/tokens.ts'
import { useText } from './texts.ts'

const SignInAgain = lazy(() => import('../parts/signIn/SignInAgain.tsx').then((module) => ({ default: module.SignInAgain })))

export function Inside() {
  const { locale } = useText()
  const theme = useTheme()
  const phone = usePhone()
  const calm = useCalm()
  const navigate = useNavigate()
  const { data: account } = useQuery(sessionQuery)
  const signedOut = account === null
  const ended = useStore(endedStore)

  useEffect(() => {
    if (signedOut) {
      const to = window.location.pathname + window.location.search
      void navigate({ to: '/sign-in', search: to === '/' ? {} : { to }, replace: true, ignoreBlocker: true } as never)
    }
  }, [signedOut, navigate])

  return (
    <ConfigProvider theme={antdTheme(theme, phone, calm)} locale={locale === 'en' ? enUS : zhCN} button={{ autoInsertSpace: false }}>
      {account && <Outlet />}
      {account && ended && (
        <Suspense>
          <SignInAgain />
        </Suspense>
      )}
    </ConfigProvider>
  )
}
