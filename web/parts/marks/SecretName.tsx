// What stands where a plate would: a sensitive vehicle that the reader sees coarsely.
import { EyeInvisibleOutlined } from '@ant-design/icons'
import { useText } from '../texts.ts'

export function SecretName() {
  const { t } = useText()
  return (
    <span className="secret-name">
      <EyeInvisibleOutlined aria-hidden="true" /> {t('secret.vehicle')}
    </span>
  )
}
