// Words of the files of a package, in the language that was asked for.
export const packageTexts = {
  tracks: ['轨迹', 'tracks'],
  maps: ['地图', 'maps'],
  report: ['报告.pdf', 'report.pdf'],
  orders: ['派车单与审批.json', 'orders-and-approvals.json'],
  exhibits: ['对照轨迹', 'comparison-tracks'],
  exhibitFile: ['对照轨迹.json', 'comparison-tracks.json'],
  audit: ['审计记录.jsonl', 'audit-records.jsonl'],
  caseFile: ['案卷.json', 'case.json'],
  readme: ['说明.txt', 'readme.txt'],
  title: ['公务用车审计证据报告', 'Evidence report on official vehicles'],
  number: ['证据包编号', 'Package'],
  caseNumber: ['案号', 'Case'],
  purpose: ['事由', 'Purpose'],
  basis: ['依据', 'Basis'],
  period: ['期间', 'Period'],
  datum: ['坐标与时间', 'Coordinates, times'],
  datumSaid: ['坐标为 WGS-84；本报告中的时间为东八区（UTC+08:00）', 'Coordinates are WGS-84; times in this report are UTC+08:00'],
  madeBy: ['制作人', 'Made by'],
  madeAt: ['制作时间', 'Made'],
  vehicles: ['车辆', 'Vehicles'],
  leftOut: ['未入包的车辆', 'Vehicles left out'],
  plate: ['号牌号码', 'Plate'],
  unit: ['使用单位', 'Unit'],
  positions: ['定位点', 'Positions'],
  positionsSaid: ['{} 个，其中 {} 个不采信（原因见表）', '{}, of which {} are not believed (the table says why)'],
  noPositions: ['期间内没有定位点', 'No positions in the period'],
  trips: ['行程', 'Trips'],
  tripsSaid: ['{} 次，共 {} 公里', '{}, {} km together'],
  tripLine: ['{} 至 {}，{} 公里', '{} to {}, {} km'],
  more: ['其余 {} 项见证据包内文件', '{} more are in the files of the package'],
  map: ['轨迹图', 'Map'],
  mapSaid: ['绿点为起点，蓝点为终点；中断处不连线', 'Green is where it begins, blue where it ends; no line crosses a gap'],
  orders2: ['派车单', 'Orders'],
  none: ['无', 'None'],
  findings: ['疑点与核实', 'Findings'],
  auditSaid: ['审计记录', 'Audit records'],
  auditPlace: ['审计日志至第 {} 条，哈希（{}）{}', 'The log stands at record {}, hash ({}) {}'],
  files: ['文件与哈希（SHA-256）', 'Files and hashes (SHA-256)'],
  filesSaid: ['本报告与清单的哈希在清单 manifest.json 中', 'The hash of this report is in manifest.json'],
  key: ['签名', 'Signature'],
  keySaid: ['{}，公钥指纹（SHA-256）{}', '{}, fingerprint of the public key (SHA-256) {}'],
  watermark: ['{} {} 制作', 'Made by {} {}'],
  page: ['第 {} 页，共 {} 页', 'Page {} of {}'],
  'why.waits': ['待放行', 'awaits release'],
  'why.refused': ['未获放行', 'was not released'],
  'why.period': ['超出已放行的期间', 'beyond what was released'],
  'why.chosen': ['未选', 'not chosen'],
} as const satisfies Record<string, readonly [string, string]>

export type PackageLanguage = 'zh-CN' | 'en'
export type PackageWord = (key: keyof typeof packageTexts, ...values: (string | number)[]) => string

export const wordsIn =
  (language: PackageLanguage): PackageWord =>
  (key, ...values) =>
    values.reduce<string>((text, value) => text.replace('{}', () => String(value)), packageTexts[key][language === 'en' ? 1 : 0])

export const readmeText = `莫林（Morin）证据包 / Evidence package

一、核验 / Verify
  用核验页（evidence-verify.html，断网可用）或核验程序（npm run evidence:verify -- 文件 --key 公钥）打开本文件。
  公钥或其指纹须从平台管理单位另行取得，不要以包内所述为准。
  Open this file in the verification page (evidence-verify.html, works without network) or with the program
  (npm run evidence:verify -- FILE --key KEY). Get the public key, or its fingerprint, from those who keep the platform,
  by another way than with this file.

二、内容 / What is in it
  坐标均为 WGS-84。CSV 为全部定位点（含不采信的及原因）；GPX、GeoJSON、KML 为采信的轨迹线，中断处不连线。
  GPX、KML、GeoJSON 的时间为 UTC（以 Z 结尾）；CSV 两列分别为 UTC 与东八区时间。
  Coordinates are WGS-84. The CSV has every stored position, those not believed with the reason; GPX, GeoJSON and KML
  have the line of what counts, and no line across a gap. Times in them are UTC (ending in Z); the CSV has both UTC and UTC+08:00.

三、审计记录 / Audit records
  每行一条，与审计日志导出相同，可用 npm run audit:verify -- --file 文件 --excerpt true 逐条核验。
  One a line, as an export of the audit log has them; npm run audit:verify -- --file FILE --excerpt true checks each.

四、签名 / Signature
  manifest.sig 是对 manifest.json 全部字节的签名（base64）；算法、曲线、杂凑、用户标识、密钥形式与编码均在 manifest.json 中。
  manifest.sig is the signature (base64) over the bytes of manifest.json, which names algorithm, curve, hash, ID, key form and encoding.
`
