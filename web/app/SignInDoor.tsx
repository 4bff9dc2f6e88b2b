// The door at its address: where one goes on to afterwards stands in the search.
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { UrlText } from '../kit/urlText.ts'
import { SignInPage } from '../parts/signIn/SignInPage.tsx'

/** Only a path of ours: a link to the door must not lead out of the house. */
const safeTarget = (to: string | undefined) => (to?.startsWith('/') && !to.startsWith('//') && !to.includes('\\') ? to : '/')

export function SignInDoor() {
  const { to, oidc } = useSearch({ strict: false }) as UrlText
  const navigate = useNavigate()
  const target = safeTarget(to)
  // The phone's pages are a program of their own, which this router does not know.
  const goOn = async () => (/^\/phone(\/|$)/.test(target) ? window.location.assign(target) : navigate({ href: target, replace: true }))
  return <SignInPage to={target} oidc={oidc} onIn={goOn} />
}
