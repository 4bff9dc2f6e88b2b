// A new account, with the role it is to have: asked for here, granted by the security administrator.
import { Input } from 'antd'
import { useState } from 'react'
import type { Role } from '../../../services/domain/permissions.ts'
import { call } from '../../kit/api/session.ts'
import { Field } from '../../kit/form/FormDialog.tsx'
import { ReasonDialog } from '../../kit/form/ReasonDialog.tsx'
import { RoleField, UnitField } from '../../parts/account/fields.tsx'
import { useText } from './texts.ts'

/** A new account: where it is, and the password that is shown once. */
export type MadeAccount = { accountId: number; displayName: string; oneTimePassword: string }

export function CreateAccount({ onMade, onClose }: { onMade: (made: MadeAccount) => void; onClose: () => void }) {
  const { t } = useText()
  const [username, setUsername] = useState('')
  const [displayName, setDisplayName] = useState('')
  const [personNo, setPersonNo] = useState('')
  const [phone, setPhone] = useState('')
  const [role, setRole] = useState<Role>()
  const [unit, setUnit] = useState<number>()
  const ready =
    /^[a-z][a-z0-9._-]{2,31}$/.test(username) &&
    displayName.trim() !== '' &&
    /^[0-9A-Za-z-]{2,32}$/.test(personNo) &&
    (phone === '' || /^1\d{10}$/.test(phone)) &&
    role !== undefined &&
    unit !== undefined
  const text = (name: string, label: string, value: string, onChange: (value: string) => void, maxLength: number) => (
    <Field name={name} label={label}>
      <Input value={value} maxLength={maxLength} onChange={(event) => onChange(event.target.value)} />
    </Field>
  )
  return (
    <ReasonDialog
      title={t('accounts.create')}
      text={t('accounts.createText')}
      ready={ready}
      onClose={onClose}
      onSubmit={async (reason) => {
        const body = {
          username,
          displayName: displayName.trim(),
          personNo,
          ...(phone ? { phone } : {}),
          organisationId: unit!,
          requestedRole: role!,
          reason,
        }
        onMade({ ...(await call('createAccount', { body })), displayName: body.displayName })
      }}
    >
      {text('username', t('account.username'), username, setUsername, 32)}
      {text('displayName', t('account.displayName'), displayName, setDisplayName, 40)}
      {text('personNo', t('account.personNo'), personNo, setPersonNo, 32)}
      {text('phone', t('account.phone'), phone, setPhone, 11)}
      <RoleField label={t('account.requestedRole')} value={role} onChange={setRole} />
      <UnitField label={t('account.belongs')} value={unit} onChange={setUnit} />
    </ReasonDialog>
  )
}
