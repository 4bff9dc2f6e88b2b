// One integration token in a list: what it may, until when, and how it stands.
import type { ReactNode } from 'react'
import type { TokenRow } from '../../../services/contracts/api/identity.ts'
import type { TokenCapability } from '../../../services/domain/permissions.ts'
import { formatInstant } from '../../kit/format/time.ts'
import { useText } from './texts.ts'

const time = (instant: string) => formatInstant(Date.parse(instant)).slice(0, 16)
const badges = { permitted: 'pending', valid: 'active', lapsed: 'disabled', expired: 'disabled', revoked: 'disabled' } as const

export function TokenItem({ row, children }: { row: TokenRow; children?: ReactNode }) {
  const { t } = useText()
  return (
    <li>
      <span>
        <strong>{row.name}</strong> · {row.username} · {row.organisation.name}
        <br />
        <span className="quiet">
          {row.capabilities.map((each) => t(`capability.${each as TokenCapability}`)).join(t('search.comma'))} · {t('tokens.expiresAt')}{' '}
          {time(row.expiresAt)} ·{' '}
          {row.state === 'permitted'
            ? t('tokens.collectUntil', { time: time(row.collectUntil!) })
            : row.lastUsedAt
              ? t('tokens.lastUsed', { time: time(row.lastUsedAt) })
              : t('tokens.neverUsed')}
        </span>
        {row.state === 'valid' && row.collectedAt === null && <span className="stale"> {t('tokens.seenByOthers')}</span>}
      </span>
      <span className={`account-badge account-${badges[row.state]}`}>{t(`tokens.${row.state}`)}</span>
      {children}
    </li>
  )
}
