// A sensitive vehicle as those see it who are not named: why there is no more, and how to ask for more.
import { CloseOutlined } from '@ant-design/icons'
import { useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { may, useAccount } from '../../kit/api/session.ts'
import { SecretName } from '../marks/SecretName.tsx'
import { useText } from '../texts.ts'

export function SecretPanel({ secretNo, onClose }: { secretNo: number; onClose: () => void }) {
  const { t } = useText()
  const account = useAccount()
  const navigate = useNavigate()
  return (
    <aside className="panel" aria-label={t('secret.vehicle')}>
      <header className="panel-head">
        <h2>
          <SecretName />
        </h2>
        <Button type="text" icon={<CloseOutlined />} aria-label={t('action.close')} onClick={onClose} />
        <p className="panel-kind figure">{t('secret.number', { no: secretNo })}</p>
      </header>
      <div className="panel-body panel-part secret-panel">
        <p>{t('secret.why')}</p>
        {may(account, 'unmask.request') && (
          <Button onClick={() => void navigate({ to: '/secrecy', search: { tab: 'own', ask: String(secretNo) } } as never)}>
            {t('secrecy.ask')}
          </Button>
        )}
      </div>
    </aside>
  )
}
