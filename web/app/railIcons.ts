// The sign of each group of pages in the rail. Apart from the list of pages, which is read before anybody has signed in.
import {
  AuditOutlined,
  BarChartOutlined,
  CarOutlined,
  EnvironmentOutlined,
  FormOutlined,
  SafetyOutlined,
  ScheduleOutlined,
  SettingOutlined,
  ToolOutlined,
} from '@ant-design/icons'
import type { ComponentType } from 'react'
import type { Group } from './pages.ts'

export const railIcons: Record<Group, ComponentType> = {
  live: EnvironmentOutlined,
  dispatch: ScheduleOutlined,
  trips: FormOutlined,
  fleet: CarOutlined,
  oversight: SafetyOutlined,
  audit: AuditOutlined,
  reports: BarChartOutlined,
  operations: ToolOutlined,
  system: SettingOutlined,
}
