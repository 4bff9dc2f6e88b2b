// Within which case one looks; or, where there is none, the way to one.

import { useNavigate } from '@tanstack/react-router'
import { Button, Select } from 'antd'
import { useText } from '../texts.ts'
import type { CaseOf } from './caseOf.ts'

export function CasePart({ vehicleId, within: { cases, chosen, choose } }: { vehicleId: number; within: CaseOf }) {
  const { t } = useText()
  const navigate = useNavigate()
  if (!cases) return <div className="bone bone-strip" aria-hidden="true" />
  if (!chosen)
    return (
      <div className="case-needed">
        <p className="quiet">{t('case.needed')}</p>
        <Button type="primary" onClick={() => void navigate({ to: '/cases', search: { open: String(vehicleId) } } as never)}>
          {t('case.openOne')}
        </Button>
      </div>
    )
  return (
    <div className="case-within">
      <span className="quiet">{t('case.within')}</span>
      <Select
        aria-label={t('case.within')}
        value={chosen.caseId}
        options={cases.map(({ caseId, number, purpose }) => ({ value: caseId, label: `${number} ${purpose}` }))}
        onChange={choose}
      />
    </div>
  )
}
