// The demo roles, one click each. Only a demo server names any.
import type { AnswerOf } from '../../../services/contracts/api.ts'
import { useText } from '../account/texts.ts'

type Accounts = AnswerOf<'listDemoAccounts'>['accounts']

export function DemoAccounts({ accounts, busy, onChoose }: { accounts: Accounts; busy: boolean; onChoose: (username: string) => void }) {
  const { t } = useText()
  return (
    <section className="door-demo" aria-labelledby="demo-title">
      <h2 id="demo-title">{t('signIn.demoTitle')}</h2>
      <p className="quiet">{t('signIn.demoText')}</p>
      <ul>
        {accounts.map((account) => (
          <li key={account.username}>
            <button type="button" disabled={busy} onClick={() => onChoose(account.username)}>
              <strong>{t(`role.${account.role}`)}</strong>
              <span>{account.organisation}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
