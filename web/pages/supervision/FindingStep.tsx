// A step on one finding or several, all of them or none, with its reason.
import type { FindingRow } from '../../../services/contracts/api/supervision.ts'
import { call, queryClient } from '../../kit/api/session.ts'
import { ReasonDialog } from '../../kit/form/ReasonDialog.tsx'
import { useText } from './texts.ts'

export type Action = FindingRow['mayAct'][number]

export function FindingStep({
  rows,
  action,
  onDone,
  onClose,
}: {
  rows: readonly Pick<FindingRow, 'findingId' | 'version'>[]
  action: Action
  onDone?: () => void
  onClose: () => void
}) {
  const { t } = useText()
  const title =
    rows.length === 1
      ? t(`supervisionAction.${action}`)
      : t('supervision.chosen', { action: t(`supervisionAction.${action}`), n: rows.length })
  return (
    <ReasonDialog
      title={title}
      onSubmit={async (reason) => {
        const findings = rows.map(({ findingId, version }) => ({ findingId, version }))
        await call('actOnSupervisionFindings', { body: { findings, action, reason } })
        onDone?.()
        await queryClient.invalidateQueries({ queryKey: ['supervision'] })
      }}
      onClose={onClose}
    />
  )
}
