// The tables of a filing, one below the other.
import type { Filing } from '../../../services/contracts/api/filing.ts'
import { sayValue } from '../../../services/domain/statistics/say.ts'
import { dimensionWords } from '../../../services/domain/statistics/table.ts'
import { statisticsTables } from '../../../services/domain/statistics/tables.ts'
import { formatFigure } from '../../kit/format/figure.ts'
import { useText } from './texts.ts'

export function FiledTables({ filing: { tables } }: { filing: Filing }) {
  const { t, locale } = useText()
  const column = locale === 'en' ? 1 : 0
  return tables.map(({ code, by, measures, rows, sum }) => (
    <section key={code} className="filing-table" aria-label={`${code} ${statisticsTables[code].words[column]}`}>
      <h2>
        {code} {statisticsTables[code].words[column]}
      </h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <div className="filing-scroll" tabIndex={0}>
        <table>
          <thead>
            <tr>
              {by.map((one) => (
                <th key={one} scope="col">
                  {dimensionWords[one][column]}
                </th>
              ))}
              {measures.map(({ key, words }) => (
                <th key={key} scope="col" className="figure">
                  {words[column]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ keys, figures }) => (
              <tr key={JSON.stringify(keys)}>
                {keys.map((key, at) => (
                  <th key={by[at]} scope="row">
                    {sayValue(by[at]!, key, null, locale)}
                  </th>
                ))}
                {measures.map(({ key, kind }, at) => (
                  <td key={key} className="figure">
                    {formatFigure(kind, figures[at])}
                  </td>
                ))}
              </tr>
            ))}
            <tr className="filing-sum">
              <th scope="row" colSpan={by.length}>
                {t('filings.whole')}
              </th>
              {measures.map(({ key, kind }, at) => (
                <td key={key} className="figure">
                  {formatFigure(kind, sum[at])}
                </td>
              ))}
            </tr>
          </tbody>
        </table>
      </div>
    </section>
  ))
}
