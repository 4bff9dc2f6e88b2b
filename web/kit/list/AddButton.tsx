// Enters something new into a list; nothing to roles that may not.
import { PlusOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import type { Capability } from '../../../services/domain/permissions.ts'
import { may, useAccount } from '../api/session.ts'

export function AddButton({ needs, onClick, children }: { needs: Capability; onClick: () => void; children: string }) {
  const account = useAccount()
  if (!may(account, needs)) return null
  return (
    <Button type="primary" icon={<PlusOutlined />} onClick={onClick}>
      {children}
    </Button>
  )
}
