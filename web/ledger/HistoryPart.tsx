// Who changed what, when and why: newest first, each field from what to what.
import type { LedgerHistory } from '../../services/contracts/api/ledger.ts'
import { formatInstant } from '../format/time.ts'
import { type TextKey, useText } from '../i18n/i18n.ts'
import { nameField, sayField } from './words.ts'
import './ledger.css'

export function HistoryPart({ rows }: { rows: LedgerHistory['rows'] | undefined }) {
  const { t } = useText()
  return (
    <section className="vehicle-part" aria-label={t('file.history')}>
      <h3>{t('file.history')}</h3>
      {rows?.length === 0 && <p className="quiet">{t('file.noHistory')}</p>}
      <ol className="ledger-history">
        {rows?.map((row) => (
          <li key={row.seq}>
            <p>
              <strong>{t(`audit.action.${row.action}` as TextKey)}</strong> <span className="quiet">{row.username}</span>
            </p>
            <p className="quiet figure">{formatInstant(Date.parse(row.at))}</p>
            {row.before && row.after && (
              <ul>
                {Object.keys(row.after).map((field) => (
                  <li key={field}>
                    {nameField(t, field)}：{sayField(t, field, row.before?.[field])} → {sayField(t, field, row.after?.[field])}
                  </li>
                ))}
              </ul>
            )}
            {row.reason && <p>{row.reason}</p>}
          </li>
        ))}
      </ol>
    </section>
  )
}
