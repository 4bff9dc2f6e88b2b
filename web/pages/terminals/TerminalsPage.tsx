// 车载终端: what is registered, and who knocked without being. Which of the two is shown is in the URL. What was just issued takes the
// place of both until it is left, and is nowhere after that.
import { Tabs } from 'antd'
import { useState } from 'react'
import { may, useAccount } from '../../kit/api/session.ts'
import { useUrl, withEntries } from '../../kit/useUrl.ts'
import type { Issued } from './issued.ts'
import { KnocksPage } from './KnocksPage.tsx'
import { SecretSheet } from './SecretSheet.tsx'
import { TerminalList } from './TerminalList.tsx'
import { useText } from './texts.ts'
import './terminals.css'

export function TerminalsPage() {
  const account = useAccount()
  const { url } = useUrl()
  const [issued, setIssued] = useState<Issued | null>(null)
  const manages = may(account, 'terminal.manage')
  if (issued) return <SecretSheet issued={issued} onDone={() => setIssued(null)} />
  if (manages && url.list === 'knocks') return <KnocksPage key="knocks" switcher={<ListTabs />} onIssued={setIssued} />
  return <TerminalList key="terminals" switcher={manages && <ListTabs />} onIssued={setIssued} />
}

function ListTabs() {
  const { t } = useText()
  const { url, change } = useUrl()
  return (
    <Tabs
      className="terminals-tabs"
      activeKey={url.list === 'knocks' ? 'knocks' : 'terminals'}
      onChange={(key) => change(() => withEntries({}, { list: key === 'knocks' ? 'knocks' : undefined }))}
      items={[
        { key: 'terminals', label: t('terminals.tab') },
        { key: 'knocks', label: t('knocks.tab') },
      ]}
    />
  )
}
