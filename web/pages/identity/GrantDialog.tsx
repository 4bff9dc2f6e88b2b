// Granting: what was asked for is filled in; the granter may narrow it, and sets an end where the work has one.
import { useState } from 'react'
import type { AccountDetail } from '../../../services/contracts/api/identity.ts'
import type { Role } from '../../../services/domain/permissions.ts'
import { call } from '../../kit/api/session.ts'
import { ReasonDialog } from '../../kit/form/ReasonDialog.tsx'
import { LastDayField, RoleField, UnitField } from '../../parts/account/fields.tsx'
import { useText } from './texts.ts'

type Props = { account: AccountDetail; title: string; onDone: (entryCode: string | null) => void; onClose: () => void }

export function GrantDialog({ account, title, onDone, onClose }: Props) {
  const { t } = useText()
  const [role, setRole] = useState<Role | undefined>(account.requestedRole ?? account.role ?? undefined)
  const [unit, setUnit] = useState<number | undefined>(account.organisation.organisationId)
  const [expiresAt, setExpiresAt] = useState<string | null>(null)
  return (
    <ReasonDialog
      title={title}
      text={role ? t(`roleFor.${role}`) : ''}
      ready={role !== undefined && unit !== undefined}
      onClose={onClose}
      onSubmit={async (reason) => {
        const { entryCode } = await call('grantRole', {
          params: { accountId: account.accountId },
          body: { version: account.version, role: role!, organisationId: unit!, reason, expiresAt },
        })
        onDone(entryCode?.code ?? null)
      }}
    >
      <RoleField label={t('account.role')} value={role} onChange={setRole} />
      <UnitField label={t('account.unit')} value={unit} onChange={setUnit} />
      <LastDayField label={t('account.expiresAt')} onChange={setExpiresAt} />
    </ReasonDialog>
  )
}
