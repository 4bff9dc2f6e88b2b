// Texts that every room may use: of the kit itself, the words of enumerations and fields, and what the shell and the pages share.
import { type RoomText, roomTexts } from './i18n/i18n.ts'
import { wordTexts } from './i18n/wordTexts.ts'

export const kitTexts = roomTexts(null, {
  ...wordTexts,

  'account.signOut': ['退出登录', 'Sign out'],

  'shell.pages': ['功能', 'Pages'],

  'search.open': ['搜索', 'Search'],

  'theme.label': ['外观', 'Appearance'],
  'theme.system': ['跟随系统', 'System'],
  'theme.light': ['浅色', 'Light'],
  'theme.dark': ['深色', 'Dark'],

  'page.live': ['实时地图', 'Live map'],
  'page.fleet': ['车辆', 'Fleet'],
  'page.requests': ['用车申请', 'Requests'],
  'page.dispatch': ['派车', 'Dispatch'],
  'page.orders': ['派车单', 'Orders'],
  'page.leaves': ['请假审批', 'Leave'],
  'page.loans': ['车辆借用', 'Loans'],
  'page.cases': ['审计案卷', 'Cases'],
  'page.explanations': ['情况说明', 'Explanations'],
  'page.supervision': ['监督线索', 'Findings'],
  'page.handovers': ['交接班', 'Shifts'],
  'page.sealing': ['封存停驶', 'Sealing'],
  'page.mishaps': ['事故违章', 'Accidents'],
  'page.upkeep': ['维修保养', 'Upkeep'],
  'page.replay': ['轨迹回放', 'Replay'],
  'page.whereabouts': ['车辆行踪', 'Whereabouts'],
  'page.compare': ['行程对照', 'Trip against order'],
  'page.statistics': ['统计报表', 'Statistics'],
  'page.filings': ['统计填报', 'Filings'],
  'page.publications': ['用车公示', 'Publications'],
  'page.boards': ['驾驶舱', 'Dashboards'],
  'page.letters': ['监督月报', 'Monthly letters'],
  'page.reports': ['定期报告', 'Scheduled reports'],
  'page.looks': ['查看情况', 'Who looked'],
  'page.costs': ['费用核算', 'Costs'],
  'page.operations': ['运维', 'Operations'],

  'search.comma': ['、', ', '],
  'kit.colon': ['：', ': '],
  /** Between parts of a sentence; things of a list have search.comma. */
  'kit.clause': ['，', ', '],
  'kit.stop': ['；', '. '],
  /** One thing, and beside it what tells which or whose it is. */
  'kit.aside': ['{{what}}（{{aside}}）', '{{what}} ({{aside}})'],

  'action.retry': ['重试', 'Try again'],
  'action.close': ['关闭', 'Close'],

  'error.title': ['未能完成', 'Something went wrong'],
  'error.unexpected': [
    '页面出现意外错误，数据未受影响。请重试；若仍出现，请联系系统管理员',
    'The page met an unexpected error; no data is affected. Try again, and tell the system administrator if it stays',
  ],
  'error.offline': [
    '无法连接服务器，数据未受影响。请检查网络后重试',
    'The server cannot be reached; no data is affected. Check the network and try again',
  ],
  'error.retryAfter': ['操作过于频繁，请在 {{seconds}} 秒后再试', 'Too many attempts; try again in {{seconds}} seconds'],

  'roleFor.applicant': ['提出用车申请，查看自己行程所用的车辆。', 'Requests vehicles and sees the vehicle of their own trip.'],
  'roleFor.unit_approver': [
    '审批本单位的用车申请，查看本单位车辆的位置与轨迹。',
    "Approves the unit's requests; sees positions and tracks of the unit's vehicles.",
  ],
  'roleFor.fleet_manager': [
    '管理本单位车辆，查看其位置、轨迹与台账。',
    "Manages the unit's vehicles; sees their positions, tracks and ledger.",
  ],
  'roleFor.dispatcher': [
    '在平台范围内派车、调度，查看车辆位置与轨迹。',
    'Assigns vehicles and drivers in the pool; sees positions and tracks.',
  ],
  'roleFor.driver': ['执行派车任务，查看自己驾驶的车辆。', 'Carries out the trips assigned to them and sees their own vehicle.'],
  'roleFor.bureau_admin': [
    '管理本级公务用车，查看管辖范围内的车辆、轨迹与系统运行情况。',
    'Manages the official vehicles of this level; sees vehicles, tracks and how the system runs.',
  ],
  'roleFor.finance': ['单车核算与费用审核，查看车辆台账。', 'Keeps the costs of each vehicle and checks expenses; sees the ledger.'],
  'roleFor.inspector': [
    '监督公务用车使用情况。每次查看位置和轨迹均须填写事由并记录。',
    'Supervises the use of official vehicles. Every look at positions or tracks needs a purpose and is recorded.',
  ],
  'roleFor.system_admin': [
    '建立账号，维护系统运行。不接触车辆位置与轨迹。',
    'Creates accounts and keeps the system running. Has no access to positions or tracks.',
  ],
  'roleFor.security_admin': [
    '授予角色，管理安全策略。不接触业务数据。',
    'Grants roles and sets the security policy. Has no access to business data.',
  ],
  'roleFor.audit_admin': [
    '查阅审计日志并核验其完整性。不接触业务数据。',
    'Reads the audit log and verifies its integrity. Has no access to business data.',
  ],

  'kit.details': ['详情', 'Details'],
  'kit.save': ['保存', 'Save'],
  'kit.cancel': ['取消', 'Cancel'],
  'kit.unsaved': ['填写的内容尚未保存', 'What you entered is not saved'],
  'kit.unsavedLeave': ['填写的内容尚未保存，确定离开？', 'What you entered is not saved. Leave anyway?'],
  'kit.discard': ['放弃', 'Discard'],
  'kit.keepEditing': ['继续填写', 'Keep editing'],
  'kit.conflictText': [
    '您填写的内容没有写入，他人的修改没有被覆盖。请载入最新内容后重新办理。',
    'Your changes were not saved; theirs were kept. Load the latest version and try again.',
  ],
  'kit.conflictReload': ['载入最新内容', 'Load the latest'],

  'page.drivers': ['驾驶员', 'Drivers'],

  'own.title': ['我的档案', 'My file'],

  'exchange.export': ['导出', 'Export'],
  'exchange.export.xlsx': ['Excel 工作簿（.xlsx）', 'Excel workbook (.xlsx)'],
  'exchange.export.regularly': ['定期发送…', 'Send regularly…'],
  'exchange.export.csv': ['CSV（UTF-8）', 'CSV (UTF-8)'],

  'page.accounts': ['账号授权', 'Accounts'],
  'page.security': ['安全策略', 'Security'],
  'page.me': ['我的账号', 'My account'],
  'page.ledger': ['台账', 'Ledger'],
  'page.organisations': ['机构', 'Organisations'],
  'page.flows': ['办理事项', 'Procedures'],

  'reason.title': ['办理理由', 'Reason'],
  'reason.hint': ['4 至 200 字，将记入变更记录和审计日志', '4 to 200 characters; recorded with the change'],

  'page.places': ['地点', 'Places'],
  'page.suppliers': ['定点', 'Suppliers'],

  'places.map': ['地点地图', 'Map of places'],

  'place.corner': ['第 {{n}} 个顶点，可拖动', 'Corner {{n}}, can be dragged'],

  'page.quota': ['编制', 'Quota'],
  'page.secrecy': ['涉密车辆', 'Sensitive vehicles'],
  'page.webhooks': ['外部接口', 'Webhooks'],
  'page.terminals': ['车载终端', 'Terminals'],

  'kit.unit': ['所属单位', 'Unit'],
  'kit.noMatch': ['没有符合条件的记录，请调整筛选条件', 'Nothing matches; change the filters'],
  'kit.clear': ['清除筛选', 'Clear filters'],
  'kit.openEnd': ['长期', 'until further notice'],
  'kit.none': ['无', 'None'],

  'driver.phone': ['电话', 'Telephone'],
  'driver.licenceNo': ['驾驶证号', 'Licence number'],
  'driver.licenceClass': ['准驾车型', 'Licence class'],
  'driver.licenceIssued': ['初次领证', 'First issued'],
  'driver.licenceExpires': ['有效期止', 'Valid until'],
  'driver.vehicle': ['常用车', 'Usual vehicle'],
  'driver.lentTo': ['借调至', 'Lent to'],

  'duty.byOffice': ['按单位工作时间出勤', 'By the unit’s working hours'],
  'duty.shifts': ['班次', 'Shifts'],
  'duty.leaves': ['请假', 'Leave'],

  'password.setAt': ['密码修改时间', 'Password changed'],

  'enrol.on': ['已绑定', 'Enrolled'],
  'enrol.off': ['未绑定', 'Not enrolled'],

  'me.sessions': ['登录会话', 'Sessions'],
})

export const useText = kitTexts.useText
export type Text = RoomText<typeof kitTexts>
