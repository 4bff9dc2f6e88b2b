// Drivers and the demo accounts. Names are drawn from two lists and belong to nobody; telephone numbers start with 100, which no operator uses.
import type { Role } from '../../domain/permissions.ts'
import type { DemoVehicle } from './fleet.ts'
import type { DemoOrganisation } from './organisations.ts'
import type { Random } from './random.ts'

const surnames = '王李张刘陈杨赵黄周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾萧田董潘袁蔡蒋余于杜叶程魏苏吕丁任沈'
const given = '伟强磊军洋勇杰涛超明刚平辉鹏华飞鑫波斌宇浩凯健俊帆帅旭宁龙林欢阳建亮成畅卓然子博文昊天乐瑞'
const mongolian = [
  '巴特尔',
  '苏和',
  '那日苏',
  '呼格吉乐',
  '阿古拉',
  '朝鲁',
  '哈斯',
  '格日勒图',
  '乌力吉',
  '特木尔',
  '宝音',
  '布和',
  '额尔敦',
  '毕力格',
  '达来',
  '孟和',
  '斯日古楞',
  '其其格',
]

export type DemoDriver = { driverId: number; name: string; phone: string; organisationId: number; vehicleId: number | null }

/** Four drivers for five vehicles, each with a usual vehicle of their unit. */
export function buildDrivers(fleet: readonly DemoVehicle[], random: Random): DemoDriver[] {
  const name = () =>
    random.next() < 0.17
      ? random.pick(mongolian)
      : `${random.pick([...surnames])}${random.pick([...given])}${random.next() < 0.6 ? random.pick([...given]) : ''}`
  return fleet
    .filter((vehicle) => vehicle.class === 'leased' || random.next() < 0.8)
    .map((vehicle, i) => ({
      driverId: i + 1,
      name: name(),
      phone: `100${String(random.int(0, 99_999_999)).padStart(8, '0')}`,
      organisationId: vehicle.userUnitId,
      vehicleId: vehicle.vehicleId,
    }))
}

export type DemoAccount = { username: string; displayName: string; role: Role; organisationId: number; driverId: number | null }

/** The one password of all demo accounts. They exist only where the demo was seeded. */
export const DEMO_PASSWORD = 'Morin-demo-2026'

/** One account per role, dispatchers at each of the three tiers, and the bureau of a league beside the region's. */
export function buildAccounts(organisations: readonly DemoOrganisation[], drivers: readonly DemoDriver[]): DemoAccount[] {
  const at = (kind: DemoOrganisation['kind'], name: string) => {
    const found = organisations.find((o) => o.kind === kind && o.name === name)
    if (!found) throw new Error(`the demo region has no ${kind} named ${name}`)
    return found.organisationId
  }
  const region = organisations[0]!.organisationId
  const unit = at('unit', '呼和浩特市农牧局')
  const driver = drivers.find((d) => d.organisationId === unit) ?? drivers[0]!
  const account = (
    username: string,
    displayName: string,
    role: Role,
    organisationId: number,
    driverId: number | null = null,
  ): DemoAccount => ({
    username,
    displayName,
    role,
    organisationId,
    driverId,
  })
  return [
    account('dispatcher', '自治区调度员', 'dispatcher', region),
    account('dispatcher.hohhot', '呼和浩特市调度员', 'dispatcher', at('league', '呼和浩特市')),
    account('dispatcher.xincheng', '新城区调度员', 'dispatcher', at('banner', '新城区')),
    account('bureau', '自治区级别管理员', 'bureau_admin', region),
    account('bureau.hohhot', '呼和浩特市机关事务管理员', 'bureau_admin', at('league', '呼和浩特市')),
    account('inspector', '纪检监察员', 'inspector', region),
    account('inspector.two', '纪检监察复核员', 'inspector', region),
    account('finance', '财务审核员', 'finance', region),
    account('fleet', '单位车管员', 'fleet_manager', unit),
    account('approver', '单位审批人', 'unit_approver', unit),
    account('applicant', '用车申请人', 'applicant', unit),
    account('driver', driver.name, 'driver', unit, driver.driverId),
    account('sysadmin', '系统管理员', 'system_admin', region),
    account('secadmin', '安全管理员', 'security_admin', region),
    account('auditadmin', '审计管理员', 'audit_admin', region),
    // What one of a level fills another reviews.
    account('bureau.two', '自治区级别复核员', 'bureau_admin', region),
    account('bureau.hohhot.two', '呼和浩特市机关事务复核员', 'bureau_admin', at('league', '呼和浩特市')),
    account('bureau.xincheng', '新城区机关事务管理员', 'bureau_admin', at('banner', '新城区')),
    account('bureau.xincheng.two', '新城区机关事务复核员', 'bureau_admin', at('banner', '新城区')),
  ]
}
