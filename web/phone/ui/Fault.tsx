// What went wrong with what was just tried; nothing where nothing did.
import { errorText } from '../../kit/api/errorText.ts'
import { useText } from '../texts.ts'

export function Fault({ error }: { error: unknown }) {
  const { t, locale } = useText()
  return <div role="alert">{error != null && <p className="error-text">{errorText(error, t, locale)}</p>}</div>
}
