// Fields that several dialogs of identity share: a role, and an organisation of the own scope found by its name.
import { Select } from 'antd'
import { type Role, roles } from '../../services/contracts/permissions.ts'
import { useOrganisations } from '../filters/organisations.ts'
import { useText } from '../i18n/i18n.ts'

export function RoleField({ label, value, onChange }: { label: string; value: Role | undefined; onChange: (role: Role) => void }) {
  const { t } = useText()
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the select is the control inside
    <label>
      {label}
      <Select
        aria-label={label}
        value={value}
        options={roles.map((role) => ({ value: role, label: t(`role.${role}`) }))}
        onChange={(role: Role) => onChange(role)}
      />
    </label>
  )
}

export function UnitField({ label, value, onChange }: { label: string; value: number | undefined; onChange: (id: number) => void }) {
  const tree = useOrganisations()
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the select is the control inside
    <label>
      {label}
      <Select
        aria-label={label}
        showSearch
        optionFilterProp="label"
        loading={!tree}
        value={tree ? value : undefined}
        options={tree?.rows.map(({ organisationId, name }) => ({ value: organisationId, label: name }))}
        onChange={(id: number) => onChange(id)}
      />
    </label>
  )
}
