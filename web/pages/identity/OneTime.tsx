// A secret that is shown once: a one-time password, a new token.
import { Button, Modal } from 'antd'
import { useText } from './texts.ts'

export function OneTime({ title, text, secret, onClose }: { title: string; text: string; secret: string; onClose: () => void }) {
  const { t } = useText()
  return (
    <Modal
      open
      title={title}
      mask={{ closable: false }}
      footer={
        <Button type="primary" onClick={onClose}>
          {t('account.copied')}
        </Button>
      }
      onCancel={onClose}
    >
      <p>{text}</p>
      <p>
        <code className="one-time">{secret}</code>
      </p>
    </Modal>
  )
}
