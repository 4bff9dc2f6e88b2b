// The sign of each page in the rail. Apart from the list of pages, which is read before anybody has signed in.
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
  WifiOutlined,
} from '@ant-design/icons'
import type { ComponentType } from 'react'
import type { RailPath } from './pages.ts'

export const railIcons: Record<RailPath, ComponentType> = {
  '/live': EnvironmentOutlined,
  '/fleet': CarOutlined,
  '/ledger': IdcardOutlined,
  '/flows': SolutionOutlined,
  '/quota': PieChartOutlined,
  '/organisations': ApartmentOutlined,
  '/drivers': UserOutlined,
  '/terminals': WifiOutlined,
  '/suppliers': ShopOutlined,
  '/places': PushpinOutlined,
  '/calendar': CalendarOutlined,
  '/exchange': SwapOutlined,
  '/secrecy': EyeInvisibleOutlined,
  '/own': UserOutlined,
  '/audit': AuditOutlined,
  '/accounts': TeamOutlined,
  '/security': SafetyOutlined,
  '/operations': ToolOutlined,
}
