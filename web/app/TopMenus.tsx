// The small menus at the right end of the top bar.
import { BulbOutlined, IdcardOutlined, LogoutOutlined, MoonOutlined, SunOutlined, UserOutlined } from '@ant-design/icons'
import { useNavigate } from '@tanstack/react-router'
import { Button, Dropdown, message } from 'antd'
import { errorText } from '../kit/api/errorText.ts'
import { signOut, useAccount } from '../kit/api/session.ts'
import { chooseLocale } from '../kit/i18n/i18n.ts'
import { usePhone } from '../kit/theme/media.ts'
import { chooseTheme, type ThemeChoice, themeChoices, useThemeChoice } from '../kit/theme/preference.ts'
import { useText } from './texts.ts'

export function LanguageSwitch() {
  const { locale } = useText()
  const other = locale === 'en' ? 'zh-CN' : 'en'
  return (
    <Button type="text" lang={other} title={other === 'en' ? 'English' : '中文'} onClick={() => chooseLocale(other)}>
      {other === 'en' ? 'EN' : '中'}
    </Button>
  )
}

const themeIcons: Record<ThemeChoice, React.ReactNode> = { system: <BulbOutlined />, light: <SunOutlined />, dark: <MoonOutlined /> }

export function ThemeMenu() {
  const { t } = useText()
  const choice = useThemeChoice()
  const items = themeChoices.map((key) => ({ key, icon: themeIcons[key], label: t(`theme.${key}`) }))
  return (
    <Dropdown trigger={['click']} menu={{ items, selectedKeys: [choice], onClick: ({ key }) => chooseTheme(key as ThemeChoice) }}>
      <Button type="text" icon={themeIcons[choice]} aria-label={t('theme.label')} />
    </Dropdown>
  )
}

export function AccountMenu() {
  const { t, locale } = useText()
  const account = useAccount()
  const phone = usePhone()
  const navigate = useNavigate()
  const [messages, holder] = message.useMessage()
  const leave = () => signOut().catch((error: unknown) => messages.error(errorText(error, t, locale)))
  const who = (
    <div className="account-who">
      <strong>{account.displayName}</strong>
      <span className="quiet">
        {t(`role.${account.role}`)} · {account.organisation.name}
      </span>
    </div>
  )
  const items = [
    { key: 'who', type: 'group' as const, label: who },
    { key: 'me', icon: <IdcardOutlined />, label: t('page.me') },
    { key: 'leave', icon: <LogoutOutlined />, label: t('account.signOut') },
  ]
  return (
    <>
      {holder}
      <Dropdown
        trigger={['click']}
        placement="bottomRight"
        menu={{ items, onClick: ({ key }) => void (key === 'leave' ? leave() : key === 'me' && navigate({ to: '/me' } as never)) }}
      >
        <Button type="text" icon={<UserOutlined />} aria-label={t('account.label', { name: account.displayName })}>
          {phone ? null : account.displayName}
        </Button>
      </Dropdown>
    </>
  )
}
