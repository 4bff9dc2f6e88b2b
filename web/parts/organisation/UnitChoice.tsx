// One organisation of one’s scope, chosen by walking the tree or by its name.
import { DownOutlined } from '@ant-design/icons'
import { Button, Popover } from 'antd'
import { useState } from 'react'
import { useText } from '../texts.ts'
import { OrganisationPicker } from './OrganisationPicker.tsx'
import { useOrganisations } from './organisations.ts'

type Props = {
  label: string
  value: number | undefined
  /** undefined = everything in scope; with `required` the scope’s own top organisation instead. */
  onChange: (organisationId: number | undefined) => void
  required?: boolean
}

export function UnitChoice({ label, value, onChange, required = false }: Props) {
  const { t } = useText()
  const tree = useOrganisations()
  const [open, setOpen] = useState(false)
  if (!tree) return <Button disabled>{label}</Button>
  if (tree.rows.length < 2 && !required) return null
  const choose = (id: number | undefined) => {
    setOpen(false)
    onChange(id ?? (required ? tree.root?.organisationId : undefined))
  }
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      trigger="click"
      placement="bottomLeft"
      destroyOnHidden
      content={<OrganisationPicker tree={tree} chosen={value} onChoose={choose} />}
    >
      <Button className="filter-unit">
        {value !== undefined && <span className="visually-hidden">{label}</span>}
        <span className={value === undefined ? 'quiet' : undefined}>
          {value === undefined ? label : tree.nameOf(value) || t('kit.outside')}
        </span>
        <DownOutlined className="quiet" />
      </Button>
    </Popover>
  )
}
