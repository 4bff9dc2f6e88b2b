// Texts of this page.
import { type RoomText, roomTexts } from '../../kit/i18n/i18n.ts'
import { historyTexts } from '../../parts/history/texts.ts'

export const auditTexts = roomTexts(historyTexts, {
  'audit.title': ['审计日志', 'Audit log'],
  'audit.ownOnly': ['仅显示您本人的操作记录', 'Only what you did yourself'],
  'audit.search': ['搜索记录内容', 'Search in records'],
  'audit.actor': ['操作人账号', 'User name'],
  'audit.action': ['操作', 'Action'],
  'audit.subjectType': ['对象类别', 'Kind of subject'],
  'audit.subjectId': ['对象编号', 'Subject number'],
  'audit.from': ['起始时间', 'From'],
  'audit.to': ['截止时间', 'To'],
  'audit.columnTime': ['时间', 'Time'],
  'audit.columnActor': ['操作人', 'Who'],
  'audit.columnAction': ['操作', 'What'],
  'audit.columnSubject': ['对象', 'On what'],
  'audit.columnPurpose': ['事由', 'Why'],
  'audit.columnSeq': ['序号', 'No.'],
  'audit.emptyTitle': ['没有相符的记录', 'No records match'],
  'audit.emptyText': [
    '登录、授权、修改、查看轨迹和导出都会在这里留下记录。',
    'Sign-ins, grants, changes, reads of tracks and exports leave their records here.',
  ],
  'audit.emptyFiltered': ['请放宽时间或条件。', 'Widen the time range or the filters.'],
  'audit.searchedTo': ['已查到 {{time}}，更早的记录尚未查找', 'Searched back to {{time}}; earlier records have not been searched yet'],
  'audit.more': ['继续查看更早的记录', 'Earlier records'],
  'audit.export': ['导出', 'Export'],
  'audit.exportText': [
    '按当前条件导出（JSON Lines），导出行为将被记录',
    'Export the filtered records (JSON Lines); the export itself is recorded',
  ],
  'audit.record': ['第 {{seq}} 条记录', 'Record {{seq}}'],
  'audit.organisation': ['所在机构', 'Organisation'],
  'audit.role': ['角色', 'Role'],
  'audit.changes': ['变更内容', 'What changed'],
  'audit.details': ['其他信息', 'Further details'],
  'audit.chain': ['在链上的位置', 'Place in the chain'],
  'audit.hash': ['本条散列', 'Hash'],
  'audit.prevHash': ['上一条散列', 'Previous hash'],
  'audit.algorithm': ['算法', 'Algorithm'],
  'audit.signedAt': ['签名存证', 'Signed'],
  'audit.notSigned': ['尚未签名', 'not yet'],
  'audit.verifyTitle': ['核验审计日志', 'Verify the audit log'],
  'audit.verifyText': [
    '逐条重算散列，并与数据库之外的签名存证比对，查明有无改动、删除、插入、调换、截断或另行编造。',
    'Recomputes every hash and compares the log with the signed heads kept outside the database, to find what was changed, deleted, inserted, swapped, truncated or forged.',
  ],
  'audit.retention': [
    '按策略至少保存 {{days}} 天；系统不删除审计记录，最早一条为 {{oldest}}。',
    'Kept at least {{days}} days by policy. Nothing removes a record; the oldest dates from {{oldest}}.',
  ],
  'audit.verifyAll': ['核验全部', 'Verify all'],
  'audit.verifyLast': ['核验最近 1 万条', 'Verify the last 10,000'],
  'audit.verifyNever': ['尚未在本服务器上核验过', 'Not yet verified by this server'],
  'audit.verifyRunning': ['正在核验：{{checked}} / {{total}} 条', 'Verifying: {{checked}} of {{total}} records'],
  'audit.verifyWhole': [
    '完好：第 {{from}} 至 {{to}} 条，共 {{checked}} 条，未发现改动',
    'Intact: records {{from}} to {{to}}, {{checked}} in all, no changes found',
  ],
  'audit.verifyBroken': ['发现 {{n}} 处问题，日志已不是原样', '{{n}} findings: the log is no longer intact'],
  'audit.verifyFailed': ['核验未能完成，请稍后重试', 'The verification could not be finished; try again'],
  'audit.verifyHeads': [
    '签名存证 {{n}} 份；最近 {{unsigned}} 条尚无存证覆盖',
    '{{n}} signed heads; the last {{unsigned}} records are not covered by one yet',
  ],
  'audit.verifyNoHeads': [
    '没有签名存证：截断或整段重写无法仅凭日志查出',
    'No signed heads: truncation or rewriting cannot be detected from the log alone',
  ],
  'audit.verifyEnded': ['{{time}} 完成', 'Ended {{time}}'],
  'audit.finding.changed': ['第 {{seq}} 条被改动：内容与散列不符', 'Record {{seq}} was changed: its hash does not match its content'],
  'audit.finding.column': [
    '第 {{seq}} 条被改动：检索字段与记录内容不一致',
    'Record {{seq}} was changed: a search column disagrees with the record',
  ],
  'audit.finding.missing': ['从第 {{seq}} 条起有记录缺失', 'Records are missing from {{seq}} on'],
  'audit.finding.order': ['第 {{seq}} 条的次序不对', 'Record {{seq}} is out of order'],
  'audit.finding.link': ['第 {{seq}} 条与上一条不衔接', 'Record {{seq}} does not follow from the one before'],
  'audit.finding.beginning': ['首条记录不是本系统日志的开端', 'The first record is not the beginning of this log'],
  'audit.finding.fork': [
    '第 {{seq}} 条与签名存证不符：日志曾被整段重写',
    'Record {{seq}} is not the one that was signed: the log was written anew',
  ],
  'audit.finding.truncated': ['日志在第 {{seq}} 条处被截断', 'The log was cut off at record {{seq}}'],
  'audit.finding.format': ['第 {{seq}} 条无法读取', 'Record {{seq}} cannot be read'],
  'audit.finding.act': ['有数据的写入操作在日志中没有记录：{{says}}', 'Something was written that the log has no record of: {{says}}'],
  'audit.finding.head': ['签名存证有缺失或不可信：{{says}}', 'A signed head is missing or cannot be trusted: {{says}}'],
})

export const useText = auditTexts.useText
export type Text = RoomText<typeof auditTexts>
export type TextKey = Parameters<Text>[0]
