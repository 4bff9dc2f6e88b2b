// The scope as a breadcrumb: what all pages are cut to. Changing it sets `org` in the address, so a link keeps it.
import { DownOutlined } from '@ant-design/icons'
import { useLocation } from '@tanstack/react-router'
import { Button, Popover } from 'antd'
import { useState } from 'react'
import { useAccount } from '../kit/api/session.ts'
import { useUrl, withEntries } from '../kit/useUrl.ts'
import { OrganisationPicker } from '../parts/organisation/OrganisationPicker.tsx'
import { useOrganisations } from '../parts/organisation/organisations.ts'
import { useText } from './texts.ts'

/** Pages whose content follows the scope. */
const scoped = ['/live', '/fleet', '/ledger', '/quota']

export function Scope() {
  const { t } = useText()
  const account = useAccount()
  const tree = useOrganisations()
  const { url, change } = useUrl()
  const { pathname } = useLocation()
  const [open, setOpen] = useState(false)
  const chosen = url.org ? Number(url.org) : undefined
  const path = tree?.pathTo(chosen) ?? []

  const choose = (id: number | undefined) => {
    setOpen(false)
    change((old) => withEntries(old, { org: id === undefined ? undefined : String(id), page: undefined }))
  }

  if (!tree?.root || !scoped.includes(pathname)) return <div className="scope quiet">{account.organisation.name}</div>
  return (
    <nav className="scope" aria-label={t('scope.label')}>
      <ol>
        {path.map((step, index) => (
          <li key={step.organisationId}>
            {index < path.length - 1 ? (
              <button type="button" className="bare scope-step" onClick={() => choose(index === 0 ? undefined : step.organisationId)}>
                {step.name}
              </button>
            ) : (
              <strong aria-current="true">{step.name}</strong>
            )}
          </li>
        ))}
      </ol>
      {tree.rows.length > 1 && (
        <Popover
          open={open}
          onOpenChange={setOpen}
          trigger="click"
          placement="bottomLeft"
          destroyOnHidden
          content={<OrganisationPicker tree={tree} chosen={chosen ?? tree.root.organisationId} onChoose={choose} />}
        >
          <Button type="text" icon={<DownOutlined />} aria-label={t('scope.change')} />
        </Popover>
      )}
    </nav>
  )
}
