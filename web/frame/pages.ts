// The pages of the rail and which capability opens each. One literal list; the rail shows what the account may use.
import {
  ApartmentOutlined,
  AuditOutlined,
  CalendarOutlined,
  CarOutlined,
  EnvironmentOutlined,
  EyeInvisibleOutlined,
  IdcardOutlined,
  PieChartOutlined,
  PushpinOutlined,
  SafetyOutlined,
  ShopOutlined,
  SolutionOutlined,
  SwapOutlined,
  TeamOutlined,
  ToolOutlined,
  UserOutlined,
} from '@ant-design/icons'
import type { ComponentType } from 'react'
import type { Account } from '../../services/contracts/api.ts'
import type { Capability, Role } from '../../services/contracts/permissions.ts'
import { may } from '../api/session.ts'
import type { TextKey } from '../i18n/i18n.ts'

type Page = {
  path: string
  name: TextKey
  icon: ComponentType
  needs: Capability /** Or this. */
  or?: Capability /** Only for this role. */
  role?: Role
}

const pages: Page[] = [
  { path: '/live', name: 'page.live', icon: EnvironmentOutlined, needs: 'live.view' },
  { path: '/fleet', name: 'page.fleet', icon: CarOutlined, needs: 'live.view' },
  { path: '/ledger', name: 'page.ledger', icon: IdcardOutlined, needs: 'ledger.view' },
  { path: '/flows', name: 'page.flows', icon: SolutionOutlined, needs: 'ledger.view' },
  { path: '/quota', name: 'page.quota', icon: PieChartOutlined, needs: 'ledger.view' },
  { path: '/organisations', name: 'page.organisations', icon: ApartmentOutlined, needs: 'ledger.view' },
  { path: '/drivers', name: 'page.drivers', icon: UserOutlined, needs: 'driver.view' },
  { path: '/suppliers', name: 'page.suppliers', icon: ShopOutlined, needs: 'ledger.view' },
  { path: '/places', name: 'page.places', icon: PushpinOutlined, needs: 'place.view' },
  { path: '/calendar', name: 'page.calendar', icon: CalendarOutlined, needs: 'driver.view' },
  { path: '/exchange', name: 'page.exchange', icon: SwapOutlined, needs: 'ledger.export' },
  { path: '/secrecy', name: 'page.secrecy', icon: EyeInvisibleOutlined, needs: 'unmask.request', or: 'unmask.approve' },
  { path: '/own', name: 'own.title', icon: UserOutlined, needs: 'live.view', role: 'driver' },
  { path: '/audit', name: 'page.audit', icon: AuditOutlined, needs: 'audit.view' },
  { path: '/accounts', name: 'page.accounts', icon: TeamOutlined, needs: 'account.view' },
  { path: '/security', name: 'page.security', icon: SafetyOutlined, needs: 'policy.manage' },
  { path: '/operations', name: 'page.operations', icon: ToolOutlined, needs: 'operations.view' },
]

export const pagesOf = (account: Account): Page[] =>
  pages.filter(
    ({ needs, or, role }) =>
      (may(account, needs) || (or !== undefined && may(account, or))) && (role === undefined || role === account.role),
  )

/** The name of the page at `path`; undefined when no page of the rail is there. */
export const nameOfPage = (path: string): TextKey | undefined => pages.find((page) => page.path === path)?.name
