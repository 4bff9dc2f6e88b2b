// 我的: one's account, and a driver's own file.
import { OwnAccount } from '../parts/account/OwnAccount.tsx'
import { OwnDriver } from '../parts/driver/OwnDriver.tsx'
import type { ScreenProps } from './screen.ts'
import { useText } from './texts.ts'

const parts = { own: { name: 'own.title', Part: OwnDriver }, account: { name: 'page.me', Part: OwnAccount } } as const

export function MeScreen({ account, rest: [name] }: ScreenProps) {
  const { t } = useText()
  if (account.role !== 'driver') return <OwnAccount />
  const here = name === 'account' ? 'account' : 'own'
  const { Part } = parts[here]
  return (
    <>
      <nav className="phone-parts" aria-label={t('tab.me')}>
        {(['own', 'account'] as const).map((part) => (
          <a key={part} href={`#me/${part}`} aria-current={part === here ? 'page' : undefined}>
            {t(parts[part].name)}
          </a>
        ))}
      </nav>
      <Part />
    </>
  )
}
