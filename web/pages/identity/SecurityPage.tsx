// 安全策略: the limits in force and to come, integration tokens, and the notice on positions.
import { useText } from './texts.ts'
import '../../kit/panel/cards.css'
import '../../parts/signIn/signIn.css'
import './identity.css'
import { NoticePart } from './NoticePart.tsx'
import { PolicyPart } from './PolicyPart.tsx'
import { TokenPart } from './TokenPart.tsx'

export function SecurityPage() {
  const { t } = useText()
  return (
    <div className="cards-page">
      <h1>{t('page.security')}</h1>
      <PolicyPart />
      <TokenPart />
      <NoticePart />
    </div>
  )
}
