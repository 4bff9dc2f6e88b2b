// What went wrong with what was just tried; nothing where nothing did.
import { errorText } from '../../kit/api/errorText.ts'
import { useText } from '../texts.ts'
import { useInSight } from './useInSight.ts'

export function Fault({ error }: { error: unknown }) {
  const { t, locale } = useText()
  const said = useInSight<HTMLDivElement>(error, 'nearest')
  return (
    <div ref={said} role="alert">
      {error != null && <p className="error-text">{errorText(error, t, locale)}</p>}
    </div>
  )
}
