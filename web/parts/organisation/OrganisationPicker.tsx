// Choose an organisation: walk the tree a level at a time, or type a part of its name.
import { RightOutlined } from '@ant-design/icons'
import { Input } from 'antd'
import { useState } from 'react'
import type { Organisation } from '../../../services/contracts/api.ts'
import { formatCount } from '../../kit/format/number.ts'
import { useText } from '../texts.ts'
import type { OrganisationTree } from './organisations.ts'
import '../filters/filters.css'

const MAX_FOUND = 60

export function OrganisationPicker({
  tree,
  chosen,
  onChoose,
}: {
  tree: OrganisationTree
  chosen: number | undefined
  /** undefined = the whole scope. */
  onChoose: (id: number | undefined) => void
}) {
  const { t } = useText()
  const [text, setText] = useState('')
  const [at, setAt] = useState(() => {
    const path = tree.pathTo(chosen)
    const here = path.at(-1)
    return here && tree.childrenOf(here.organisationId).length > 0 ? here : path.at(-2)
  })
  const here = at ?? tree.root
  const found = text.trim() ? tree.find(text, MAX_FOUND) : here ? tree.childrenOf(here.organisationId) : []
  const choose = (organisation: Organisation) =>
    onChoose(organisation.organisationId === tree.root?.organisationId ? undefined : organisation.organisationId)

  return (
    <div className="picker">
      <Input
        autoFocus
        allowClear
        value={text}
        placeholder={t('picker.search')}
        aria-label={t('picker.search')}
        onChange={(event) => setText(event.target.value)}
      />
      {!text.trim() && here && (
        <div className="picker-path">
          {tree.pathTo(here.organisationId).map((step) => (
            <button key={step.organisationId} type="button" className="bare" onClick={() => setAt(step)}>
              {step.name}
            </button>
          ))}
        </div>
      )}
      <ul className="picker-list" aria-label={t('picker.list')}>
        {!text.trim() && here && (
          <Row
            organisation={here}
            name={t('picker.allOf', { name: here.name })}
            chosen={chosen === here.organisationId}
            onChoose={() => choose(here)}
          />
        )}
        {found.map((row) => (
          <Row
            key={row.organisationId}
            organisation={row}
            name={row.name}
            under={text.trim() ? tree.pathTo(row.parentId ?? undefined).at(-1)?.name : undefined}
            chosen={chosen === row.organisationId}
            onChoose={() => choose(row)}
            onEnter={
              tree.childrenOf(row.organisationId).length > 0
                ? () => {
                    setText('')
                    setAt(row)
                  }
                : undefined
            }
          />
        ))}
        {found.length === 0 && text.trim() !== '' && <li className="quiet picker-none">{t('picker.none')}</li>}
      </ul>
    </div>
  )
}

type RowProps = { organisation: Organisation; name: string; under?: string; chosen: boolean; onChoose: () => void; onEnter?: () => void }

function Row({ organisation, name, under, chosen, onChoose, onEnter }: RowProps) {
  const { t } = useText()
  return (
    <li className={chosen ? 'picker-row picker-chosen' : 'picker-row'}>
      <button type="button" className="bare" aria-pressed={chosen} onClick={onChoose}>
        <span>
          {name}
          {under && <small className="quiet"> {under}</small>}
        </span>
        <span className="quiet figure">{formatCount(organisation.vehicles)}</span>
      </button>
      {onEnter && (
        <button type="button" className="bare picker-enter" aria-label={t('picker.enter', { name: organisation.name })} onClick={onEnter}>
          <RightOutlined />
        </button>
      )}
    </li>
  )
}
