// What was found out about the lines before they are sent: how many are good, and each that is not, with its reason.
import { plateAsPrinted } from '../../../services/domain/vehicle.ts'
import { errorText } from '../../kit/api/errorText.ts'
import { formatCount } from '../../kit/format/number.ts'
import type { Line } from './lines.ts'
import { useText } from './texts.ts'

/** A line, and what is wrong with it; undefined = nothing is known to be. */
export type LineSaid = { line: Line; wrong: string | undefined }

const LISTED = 100

type Props = {
  judged: readonly LineSaid[]
  heading: boolean
  checking: boolean
  /** What is wrong with all of them together. */
  whole: string | undefined
  error: unknown
}

export function RegisterCheck({ judged, heading, checking, whole, error }: Props) {
  const { t, locale } = useText()
  const wrong = judged.filter((each) => each.wrong !== undefined)
  return (
    <div className="form-whole register-check" role="status">
      {heading && <p className="quiet">{t('register.heading')}</p>}
      {whole && <p className="error-text">{whole}</p>}
      {error !== null && <p className="error-text">{errorText(error, t, locale)}</p>}
      {checking && <p className="quiet">{t('register.checking')}</p>}
      {!whole && !checking && error === null && judged.length > 0 && (
        <p className={wrong.length > 0 ? 'error-text' : undefined}>
          {wrong.length > 0 ? t('register.bad', { n: formatCount(wrong.length) }) : t('register.good', { n: formatCount(judged.length) })}
        </p>
      )}
      {wrong.length > 0 && (
        <ol className="register-lines">
          {wrong.slice(0, LISTED).map(({ line, wrong: why }) => (
            <li key={line.no}>
              <span className="quiet figure">{t('register.line', { n: line.no })}</span>
              <span>
                <code>{line.terminalId}</code>
                {line.plate && ` · ${plateAsPrinted(line.plate)}`} {why}
              </span>
            </li>
          ))}
          {wrong.length > LISTED && <li>{t('register.more', { n: formatCount(wrong.length - LISTED) })}</li>}
        </ol>
      )}
    </div>
  )
}
