// 我的账号: what concerns every account, and its tokens.
import { OwnAccount } from '../../parts/account/OwnAccount.tsx'
import './identity.css'
import { OwnTokens } from './OwnTokens.tsx'

export function MePage() {
  return (
    <OwnAccount>
      <OwnTokens />
    </OwnAccount>
  )
}
