// 我的账号: what concerns every account, and its tokens.
import { may, useAccount } from '../../kit/api/session.ts'
import { OwnAccount } from '../../parts/account/OwnAccount.tsx'
import './identity.css'
import { FeedPart } from './FeedPart.tsx'
import { OwnTokens } from './OwnTokens.tsx'

export function MePage() {
  const account = useAccount()
  return (
    <OwnAccount>
      <OwnTokens />
      {may(account, 'order.view') && account.role !== 'applicant' && <FeedPart />}
    </OwnAccount>
  )
}
