// The filters of vehicles: the same on the map and in the fleet list, because the server's words are the same.
import { CloseCircleFilled, DownOutlined } from '@ant-design/icons'
import { Button, Popover, Select } from 'antd'
import { useState } from 'react'
import type { LiveFilter } from '../../../services/contracts/liveSocket.ts'
import { useText } from '../texts.ts'
import './filters.css'
import { OrganisationPicker } from '../organisation/OrganisationPicker.tsx'
import { useOrganisations } from '../organisation/organisations.ts'
import { filterChoices } from './words.ts'

type Key = 'league' | 'category' | 'energy' | 'class' | 'status'

type Props = {
  filter: LiveFilter
  onChange: (filter: LiveFilter) => void
  /** Which of them, besides the unit; the map's panel filters class and status by its counts. */
  keys: readonly Key[]
}

export function VehicleFilters({ filter, onChange, keys }: Props) {
  const { t, locale } = useText()
  const choices = filterChoices(t, locale)
  return (
    <div className="filters">
      <UnitFilter filter={filter} onChange={onChange} />
      {keys.map((key) => (
        <Select
          key={key}
          className={key === 'category' ? 'filter-wide' : undefined}
          allowClear
          aria-label={t(`filter.${key}`)}
          placeholder={t(`filter.${key}`)}
          options={choices[key]}
          value={filter[key]}
          onChange={(value) => onChange({ ...filter, [key]: value })}
          popupMatchSelectWidth={false}
        />
      ))}
    </div>
  )
}

function UnitFilter({ filter, onChange }: { filter: LiveFilter; onChange: (filter: LiveFilter) => void }) {
  const { t } = useText()
  const tree = useOrganisations()
  const [open, setOpen] = useState(false)
  if (!tree || tree.rows.length < 2) return null
  const chosen = filter.organisationId
  const choose = (organisationId: number | undefined) => {
    setOpen(false)
    onChange({ ...filter, organisationId })
  }
  return (
    <div className="filter-wide">
      <Popover
        open={open}
        onOpenChange={setOpen}
        trigger="click"
        placement="bottomLeft"
        destroyOnHidden
        content={<OrganisationPicker tree={tree} chosen={chosen} onChoose={choose} />}
      >
        <Button className="filter-unit" aria-label={t('filter.unit')}>
          <span className={chosen === undefined ? 'quiet' : undefined}>
            {chosen === undefined ? t('filter.unit') : tree.nameOf(chosen)}
          </span>
          {chosen === undefined ? (
            <DownOutlined className="quiet" />
          ) : (
            <CloseCircleFilled
              className="quiet"
              onClick={(event) => {
                event.stopPropagation()
                choose(undefined)
              }}
            />
          )}
        </Button>
      </Popover>
    </div>
  )
}
