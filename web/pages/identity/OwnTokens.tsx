// 我的账号: the tokens that act for oneself. Nobody else is ever shown a secret: it is collected here, once, and replaced here.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Modal } from 'antd'
import { useState } from 'react'
import type { TokenRow } from '../../../services/contracts/api/identity.ts'
import { errorText } from '../../kit/api/errorText.ts'
import { call } from '../../kit/api/session.ts'
import { ErrorState } from '../../kit/State.tsx'
import { OneTime } from './OneTime.tsx'
import { TokenItem } from './TokenItem.tsx'
import { useText } from './texts.ts'

type Act = 'collect' | 'rotate' | 'revoke'
const offered: Record<TokenRow['state'], readonly Act[]> = {
  permitted: ['collect', 'revoke'],
  valid: ['rotate', 'revoke'],
  lapsed: [],
  expired: [],
  revoked: [],
}

export function OwnTokens() {
  const { t } = useText()
  const cache = useQueryClient()
  const { data, error, refetch } = useQuery({ queryKey: ['me', 'tokens'], queryFn: ({ signal }) => call('listOwnTokens', { signal }) })
  const [asked, setAsked] = useState<{ act: Act; row: TokenRow } | null>(null)
  const [secret, setSecret] = useState<string | null>(null)
  const renew = () => void cache.invalidateQueries({ queryKey: ['me', 'tokens'] })
  return (
    <section className="card" aria-labelledby="me-tokens">
      <h2 id="me-tokens">{t('tokens.title')}</h2>
      <p className="quiet">{t(data?.rows.length === 0 ? 'tokens.noneOwn' : 'tokens.mine')}</p>
      {error && !data && <ErrorState error={error} retry={() => void refetch()} />}
      <ul className="identity-list">
        {data?.rows.map((row) => (
          <TokenItem key={row.tokenId} row={row}>
            {offered[row.state].map((act) => (
              <Button
                key={act}
                size="small"
                type={act === 'collect' ? 'primary' : 'default'}
                danger={act === 'revoke'}
                onClick={() => setAsked({ act, row })}
              >
                {t(`tokens.${act}`)}
              </Button>
            ))}
          </TokenItem>
        ))}
      </ul>
      {asked && (
        <Confirm
          {...asked}
          onClose={() => {
            setAsked(null)
            renew()
          }}
          onSecret={setSecret}
        />
      )}
      {secret !== null && (
        <OneTime title={t('tokens.shown')} text={t('tokens.shownText')} secret={secret} onClose={() => setSecret(null)} />
      )}
    </section>
  )
}

type ConfirmProps = { act: Act; row: TokenRow; onClose: () => void; onSecret: (secret: string) => void }

function Confirm({ act, row, onClose, onSecret }: ConfirmProps) {
  const { t, locale } = useText()
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const works: Record<Act, () => Promise<unknown>> = {
    collect: async () => onSecret((await call('collectOwnToken', { params: { tokenId: row.tokenId } })).token),
    rotate: async () => onSecret((await call('rotateOwnToken', { params: { tokenId: row.tokenId } })).token),
    revoke: () => call('revokeOwnToken', { params: { tokenId: row.tokenId } }),
  }
  async function submit() {
    setBusy(true)
    setError(null)
    try {
      await works[act]()
      onClose()
    } catch (failure) {
      setError(failure)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Modal
      open
      title={`${t(`tokens.${act}`)} · ${row.name}`}
      okText={t(`tokens.${act}`)}
      okButtonProps={{ danger: act !== 'collect', loading: busy }}
      onOk={() => void submit()}
      onCancel={onClose}
    >
      <p>{t(`tokens.${act}Text`)}</p>
      <div role="alert">{error !== null && <p className="alarm">{errorText(error, t, locale)}</p>}</div>
    </Modal>
  )
}
