// Granting: what was asked for is filled in; the granter may narrow it, and sets an end where the work has one.
import { DatePicker } from 'antd'
import { useState } from 'react'
import type { AccountDetail } from '../../services/contracts/api/identity.ts'
import type { Role } from '../../services/contracts/permissions.ts'
import { call } from '../api/session.ts'
import { useText } from '../i18n/i18n.ts'
import { RoleField, UnitField } from './fields.tsx'
import { ReasonDialog } from './ReasonDialog.tsx'

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
      {/* biome-ignore lint/a11y/noLabelWithoutControl: the picker is the control inside */}
      <label>
        {t('account.expiresAt')}
        <DatePicker onChange={(value) => setExpiresAt(value ? value.endOf('day').toISOString() : null)} />
      </label>
    </ReasonDialog>
  )
}
