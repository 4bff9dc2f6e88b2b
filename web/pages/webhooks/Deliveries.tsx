// What was sent to one system lately, and what it answered.
import { useQuery } from '@tanstack/react-query'
import { call } from '../../kit/api/session.ts'
import { formatInstant } from '../../kit/format/time.ts'
import { type TextKey, useText } from './texts.ts'

const SHOWN = 10
const EVERY_MS = 5_000

export function Deliveries({ webhookId }: { webhookId: number }) {
  const { t } = useText()
  const { data } = useQuery({
    queryKey: ['webhooks', 'deliveries', webhookId],
    queryFn: ({ signal }) => call('listDeliveries', { params: { webhookId }, query: { limit: SHOWN }, signal }),
    refetchInterval: EVERY_MS,
  })
  if (!data) return null
  return (
    <>
      <h3>{t('webhooks.deliveries')}</h3>
      {data.rows.length === 0 && <p className="quiet">{t('webhooks.noDeliveries')}</p>}
      <ul className="webhook-deliveries">
        {data.rows.map((row) => (
          <li key={row.deliveryId}>
            <span className="figure">{formatInstant(Date.parse(row.triedAt ?? row.owedAt))}</span>
            <span>{row.kind === 'test' ? t('webhooks.testKind') : t(`eventKind.${row.kind}` as TextKey)}</span>
            <span>{t(`webhooks.outcome.${row.outcome}`)}</span>
            <span className="quiet">
              {t('webhooks.attempts', { n: row.attempts })}
              {row.attempts > 0 && ` · ${row.status ?? t('webhooks.unreached')}`}
              {row.answer && ` · ${row.answer.slice(0, 80)}`}
            </span>
          </li>
        ))}
      </ul>
    </>
  )
}
