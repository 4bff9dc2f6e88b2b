// Fields that several dialogs of identity share: a role, an organisation of one’s scope found by its name, a last day.
import { DatePicker, Select } from 'antd'
import { type Role, roles } from '../../../services/domain/permissions.ts'
import { Field } from '../../kit/form/FormDialog.tsx'
import { fromWallClock } from '../../kit/format/time.ts'
import { useOrganisations } from '../organisation/organisations.ts'
import { useText } from './texts.ts'

export function RoleField({ label, value, onChange }: { label: string; value: Role | undefined; onChange: (role: Role) => void }) {
  const { t } = useText()
  return (
    <Field label={label}>
      <Select
        aria-label={label}
        value={value}
        options={roles.map((role) => ({ value: role, label: t(`role.${role}`) }))}
        onChange={(role: Role) => onChange(role)}
      />
    </Field>
  )
}

export function UnitField({ label, value, onChange }: { label: string; value: number | undefined; onChange: (id: number) => void }) {
  const tree = useOrganisations()
  return (
    <Field label={label}>
      <Select
        aria-label={label}
        showSearch={{ optionFilterProp: 'label' }}
        loading={!tree}
        value={tree ? value : undefined}
        options={tree?.rows.map(({ organisationId, name }) => ({ value: organisationId, label: name }))}
        onChange={(id: number) => onChange(id)}
      />
    </Field>
  )
}

/** A last day; answers the instant at which that day ends in the region, wherever the browser is. */
export function LastDayField({ label, onChange }: { label: string; onChange: (instant: string | null) => void }) {
  return (
    <Field label={label}>
      <DatePicker
        aria-label={label}
        onChange={(day) => onChange(day ? new Date(fromWallClock(`${day.format('YYYY-MM-DD')}T23:59:59`)!).toISOString() : null)}
      />
    </Field>
  )
}
