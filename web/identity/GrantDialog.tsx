// Granting: what was asked for is filled in; the granter may narrow it, and sets an end where the work has one.
import { useState } from 'react'
import type { AccountDetail } from '../../services/contracts/api/identity.ts'
import type { Role } from '../../services/contracts/permissions.ts'
import { call } from '../api/session.ts'
import { ReasonDialog } from '../desk/ReasonDialog.tsx'
import { useText } from '../i18n/i18n.ts'
import { LastDayField, RoleField, UnitField } from './fields.tsx'

type Props = { account: AccountDetail; title: string; onDone: () => void; onClose: () => void }

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
        await call('grantRole', {
          params: { accountId: account.accountId },
          body: { version: account.version, role: role!, organisationId: unit!, reason, expiresAt },
        })
        onDone()
      }}
    >
      <RoleField label={t('account.role')} value={role} onChange={setRole} />
      <UnitField label={t('account.unit')} value={unit} onChange={setUnit} />
      <LastDayField label={t('account.expiresAt')} onChange={setExpiresAt} />
    </ReasonDialog>
  )
}
