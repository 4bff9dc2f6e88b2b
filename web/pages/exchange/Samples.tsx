// Some of what would be written: changed rows before and after, then new ones.
import type { Sample } from '../../../services/contracts/exchange.ts'
import { useText } from './texts.ts'
import { useWords } from './useWords.ts'

export function Samples({ samples }: { samples: Sample[] }) {
  const { t } = useText()
  const say = useWords()
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a table that scrolls must be reached by keyboard
    <section className="exchange-scroll" tabIndex={0} aria-label={t('exchange.samples')}>
      <table className="exchange-table">
        <thead>
          <tr>
            <th scope="col">{t('exchange.row')}</th>
            <th scope="col" />
            <th scope="col">{t('exchange.column')}</th>
            <th scope="col">{t('exchange.before')}</th>
            <th scope="col">{t('exchange.after')}</th>
          </tr>
        </thead>
        <tbody>
          {samples.flatMap(({ row, key, kind, changes }) =>
            kind === 'create' ? (
              <tr key={row}>
                <td className="figure">{row}</td>
                <td>
                  {t('exchange.kind.create')} <strong>{key}</strong>
                </td>
                <td colSpan={3} className="exchange-message quiet">
                  {changes.map(({ heading, after }) => `${say(heading)} ${after}`).join(' · ')}
                </td>
              </tr>
            ) : (
              changes.map(({ heading, before, after }, index) => (
                <tr key={`${row} ${heading.en}`}>
                  <td className="figure">{index === 0 ? row : ''}</td>
                  <td>
                    {index === 0 && (
                      <>
                        {t('exchange.kind.change')} <strong>{key}</strong>
                      </>
                    )}
                  </td>
                  <td>{say(heading)}</td>
                  <td className="exchange-value quiet">{before || t('exchange.blank')}</td>
                  <td className="exchange-value">{after || t('exchange.blank')}</td>
                </tr>
              ))
            ),
          )}
        </tbody>
      </table>
    </section>
  )
}
