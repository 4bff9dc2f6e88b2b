// 涉密车辆: the register of who may see them, requests to look for a while, and what everybody else sees. Which tab is shown is in the URL.
import { Tabs } from 'antd'
import { may, useAccount } from '../../kit/api/session.ts'
import { useUrl, withEntries } from '../../kit/useUrl.ts'
import { useText } from './texts.ts'
import '../../kit/panel/cards.css'
import { DecidePart } from './DecidePart.tsx'
import { OwnPart } from './OwnPart.tsx'
import { PolicyPart } from './PolicyPart.tsx'
import { RegisterPart } from './RegisterPart.tsx'
import './secrecy.css'

export function SecrecyPage() {
  const { t } = useText()
  const account = useAccount()
  const { url, change } = useUrl()
  const keeps = may(account, 'unmask.approve')
  const tabs = [
    ...(keeps ? [{ key: 'decide', label: t('secrecy.tab.decide'), children: <DecidePart /> }] : []),
    ...(may(account, 'unmask.request') ? [{ key: 'own', label: t('secrecy.tab.own'), children: <OwnPart /> }] : []),
    ...(keeps
      ? [
          { key: 'register', label: t('secrecy.tab.register'), children: <RegisterPart /> },
          { key: 'policy', label: t('secrecy.tab.policy'), children: <PolicyPart /> },
        ]
      : []),
  ]
  const active = tabs.find(({ key }) => key === url.tab)?.key ?? tabs[0]?.key
  return (
    <div className="cards-page secrecy-page">
      <h1>{t('page.secrecy')}</h1>
      <p className="quiet">{t('secrecy.text')}</p>
      <Tabs
        activeKey={active}
        items={tabs}
        destroyOnHidden
        onChange={(key) => change((old) => withEntries(old, { tab: key, ask: undefined }))}
      />
    </div>
  )
}
