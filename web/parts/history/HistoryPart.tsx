// Who changed what, when and why: the history of a vehicle, a unit or a quota.
import type { LedgerHistory } from '../../../services/contracts/api/ledger.ts'
import { History } from './History.tsx'
import { useText } from './texts.ts'

type Props = { rows: LedgerHistory['rows'] | undefined; of: 'vehicle' | 'organisation' | 'quota' }

export function HistoryPart({ rows, of }: Props) {
  const { t } = useText()
  return (
    <section className="panel-part" aria-label={t('file.history')}>
      <h3>{t('file.history')}</h3>
      <History entries={rows} of={of} />
    </section>
  )
}
