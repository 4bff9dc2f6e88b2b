// One word a value: what every closed list of the product is called, in both languages, wherever it is shown – pages, files that go out
// and come in, records of the audit log, refusals. `others` are what imports understand beside the two: older words of ours, and habits.

export type Word = readonly [zh: string, en: string, ...others: string[]]

export const wordLists = {
  class: {
    official: ['公务用车', 'Official'],
    law_enforcement: ['执法执勤用车', 'Law enforcement'],
    leased: ['租赁用车', 'Leased', '租赁平台服务用车'],
  },
  category: {
    CONFIDENTIAL_COURIER: ['机要通信用车', 'Confidential courier'],
    EMERGENCY_SUPPORT: ['应急保障用车', 'Emergency support'],
    LAW_ENFORCEMENT: ['执法执勤用车', 'Law enforcement'],
    SPECIAL_TECHNICAL: ['特种专业技术用车', 'Special technical'],
    OTHER_APPROVED: ['其他按规定配备用车', 'Other approved'],
    LEASED_SERVICE: ['租赁平台服务用车', 'Leased service'],
  },
  energy: {
    petrol: ['汽油', 'Petrol'],
    diesel: ['柴油', 'Diesel'],
    electric: ['纯电动', 'Electric', '电动'],
    plug_in_hybrid: ['插电混动', 'Plug-in hybrid', '插电式混合动力', '插混'],
  },
  plateColour: {
    blue: ['蓝牌', 'Blue', '蓝', '蓝色'],
    yellow: ['黄牌', 'Yellow', '黄', '黄色'],
    green: ['绿牌', 'Green', '绿', '绿色', '新能源'],
    white: ['白牌', 'White', '白', '白色'],
  },
  body: {
    sedan: ['轿车', 'Sedan'],
    off_road: ['越野车', 'Off-road'],
    small_bus: ['小型客车', 'Small bus'],
    medium_bus: ['中型客车', 'Medium bus'],
    large_bus: ['大型客车', 'Large bus'],
    truck: ['货车', 'Truck'],
    special: ['专用车', 'Special'],
  },
  origin: {
    domestic: ['国产自主', 'Domestic brand', '自主'],
    joint: ['合资', 'Joint venture'],
    imported: ['进口', 'Imported'],
  },
  status: {
    moving: ['行驶', 'Moving'],
    idle: ['怠速', 'Idling'],
    parked: ['停放', 'Parked'],
    offline: ['离线', 'Offline'],
  },
  vehicleState: {
    AVAILABLE: ['可用', 'Available'],
    RESERVED: ['已预约', 'Reserved', '已预留'],
    IN_USE: ['使用中', 'In use', '出车中'],
    MAINTENANCE: ['维修保养', 'In maintenance', '维修', 'Maintenance'],
    SEALED: ['封存停驶', 'Sealed', '封存'],
    SUSPENDED: ['停驶', 'Suspended', '停用'],
    DISPOSAL_PENDING: ['处置中', 'Disposal pending', '待处置'],
    DISPOSED: ['已处置', 'Disposed of', 'Disposed'],
  },
  vehicleAction: {
    sendToMaintenance: ['送修', 'Send to maintenance'],
    endMaintenance: ['维修完毕', 'Return from maintenance'],
    seal: ['封存', 'Seal'],
    unseal: ['启封', 'Unseal'],
    suspend: ['停驶', 'Suspend'],
    resume: ['恢复使用', 'Resume'],
    proposeDisposal: ['申请处置', 'Propose disposal'],
    keep: ['不予处置', 'Keep'],
    dispose: ['处置', 'Dispose of'],
  },
  quotaState: {
    DRAFT: ['草稿', 'Draft'],
    UNIT_SUBMITTED: ['单位已报', 'Submitted', '单位已提交'],
    BUREAU_REVIEW: ['主管部门审核', 'In review', 'Under review'],
    APPROVED: ['已批准', 'Approved'],
    RETURNED: ['已退回', 'Returned', '退回'],
  },
  quotaAction: {
    submit: ['上报', 'Submit'],
    withdraw: ['撤回', 'Withdraw'],
    review: ['受理审核', 'Start review'],
    approve: ['批准', 'Approve'],
    giveBack: ['退回', 'Return'],
  },
  flow: {
    acquisition: ['购置更新', 'Acquisition', '购置'],
    transfer: ['调拨', 'Transfer'],
    disposal: ['处置', 'Disposal'],
  },
  flowState: {
    PLAN: ['计划', 'Planned'],
    APPROVED: ['已批准', 'Approved'],
    PURCHASED: ['已购置', 'Bought'],
    REGISTERED: ['已登记入编', 'Registered'],
    REFUSED: ['不予批准', 'Refused', '未批准'],
    WITHDRAWN: ['已撤回', 'Withdrawn'],
    PROPOSED: ['已提出', 'Proposed'],
    CONSENTED: ['调入单位已同意', 'Receiver agreed', 'Consented to'],
    TRANSFERRED: ['已调拨', 'Transferred'],
    APPLIED: ['已申请', 'Applied for'],
    APPRAISED: ['已评估', 'Appraised'],
    EXECUTED: ['已执行', 'Executed'],
    INCOME_REMITTED: ['收入已上缴', 'Income remitted'],
    CLOSED: ['已办结', 'Closed'],
  },
  flowAction: {
    start: ['发起', 'Started'],
    approve: ['批准', 'Approve'],
    refuse: ['不予批准', 'Refuse'],
    purchase: ['登记采购', 'Record the purchase'],
    register: ['登记入编', 'Register'],
    withdraw: ['撤回', 'Withdraw'],
    consent: ['同意调入', 'Consent'],
    decline: ['不同意调入', 'Decline'],
    appraise: ['登记评估', 'Record the appraisal'],
    execute: ['登记处置结果', 'Record the disposal'],
    remit: ['登记上缴', 'Record the remittance'],
    close: ['办结', 'Close'],
  },
  method: {
    auction: ['公开拍卖', 'Auction'],
    trade_in: ['厂家置换', 'Trade-in'],
    transfer: ['调拨', 'Transfer'],
    scrap: ['报废', 'Scrapping'],
  },
  organisationKind: {
    region: ['自治区', 'Region'],
    league: ['盟市', 'League', '盟', '市'],
    banner: ['旗县', 'Banner', '旗县区', '旗', '县', '区'],
    unit: ['单位', 'Unit'],
  },
  driverState: {
    active: ['在册', 'Active', '在岗', 'On the books'],
    suspended: ['停岗', 'Suspended', '暂停'],
    retired: ['离岗', 'Left', 'Retired'],
  },
  leave: {
    annual: ['年休假', 'Annual leave', '年假'],
    sick: ['病假', 'Sick leave'],
    personal: ['事假', 'Personal leave'],
    training: ['培训', 'Training'],
    other: ['其他', 'Other'],
  },
  weekday: {
    '0': ['周一', 'Mon', '一', 'Mo', '星期一'],
    '1': ['周二', 'Tue', '二', 'Tu', '星期二'],
    '2': ['周三', 'Wed', '三', 'We', '星期三'],
    '3': ['周四', 'Thu', '四', 'Th', '星期四'],
    '4': ['周五', 'Fri', '五', 'Fr', '星期五'],
    '5': ['周六', 'Sat', '六', 'Sa', '星期六'],
    '6': ['周日', 'Sun', '日', 'Su', '星期日', '星期天'],
  },
  placeKind: {
    compound: ['集中办公区', 'Office compound', 'Compound'],
    designated_lot: ['定点停车场', 'Designated car park', 'Designated lot'],
    fuel_station: ['加油站', 'Fuel station'],
    charging_station: ['充电站', 'Charging station'],
    sensitive: ['敏感场所', 'Sensitive place'],
    border: ['区域边界', 'Border'],
  },
  sensitiveKind: {
    school: ['学校', 'School'],
    hotel: ['宾馆饭店', 'Hotel', '宾馆'],
    entertainment: ['娱乐场所', 'Entertainment'],
    scenic: ['旅游景区', 'Scenic area', '景区', 'Scenic spot'],
    residential: ['居民小区', 'Residential', 'Residential area'],
  },
  supplierKind: {
    fuel: ['加油', 'Fuel'],
    charging: ['充电', 'Charging'],
    repair: ['维修', 'Repair', '维修保养'],
    insurance: ['保险', 'Insurance'],
    wash: ['洗车', 'Car wash', 'Wash'],
    parking: ['停车', 'Parking'],
    rental: ['租赁', 'Rental'],
  },
  cardState: {
    active: ['正常', 'Active'],
    frozen: ['冻结', 'Frozen'],
    lost: ['已挂失', 'Lost', '挂失'],
    cancelled: ['已注销', 'Cancelled', '注销'],
  },
  calendar: {
    workday: ['工作日', 'Working day'],
    holiday: ['休息日', 'Day off', '节假日', 'Holiday'],
    makeup: ['调休上班', 'Make-up working day', 'Worked weekend'],
  },
  overPolicy: {
    refuse: ['拒绝', 'Refuse'],
    flag: ['允许并标记', 'Flag'],
  },
  sight: {
    hidden: ['不显示', 'Not shown'],
    coarse: ['仅显示大致位置', 'Approximate position only', 'Rough position only'],
  },
  unmaskingState: {
    pending: ['待批准', 'Pending', 'Waiting'],
    approved: ['已批准', 'Approved'],
    refused: ['不予批准', 'Refused'],
    withdrawn: ['已撤回', 'Withdrawn'],
    ended: ['已收回', 'Ended'],
    expired: ['已到期', 'Expired'],
  },
  role: {
    applicant: ['用车人', 'Applicant'],
    unit_approver: ['单位审批人', 'Unit approver'],
    fleet_manager: ['单位车管员', 'Unit fleet manager'],
    dispatcher: ['平台调度员', 'Dispatcher'],
    driver: ['驾驶员', 'Driver'],
    bureau_admin: ['机关事务管理局管理员', 'Bureau administrator'],
    finance: ['财务人员', 'Finance'],
    inspector: ['纪检监察人员', 'Discipline inspector'],
    system_admin: ['系统管理员', 'System administrator'],
    security_admin: ['安全管理员', 'Security administrator'],
    audit_admin: ['审计管理员', 'Audit administrator'],
  },
} as const satisfies Record<string, Record<string, Word>>

export type WordList = keyof typeof wordLists
/** `vehicleState.RESERVED`: by this key the dictionaries of the web have the word. */
export type WordKey = { [L in WordList]: `${L}.${keyof (typeof wordLists)[L] & string}` }[WordList]

/** The word of a value in its list; undefined for a value that is not of it. */
export function wordOf(list: WordList, value: string, locale: 'zh-CN' | 'en'): string | undefined {
  const words: Record<string, Word> = wordLists[list]
  return Object.hasOwn(words, value) ? words[value]![locale === 'en' ? 1 : 0] : undefined
}
