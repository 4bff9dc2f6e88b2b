// What health says is wrong, in both languages. The answer carries the code and its values; the web says the sentence, a monitor reads the English one.
import { ZONE_OFFSET_MS } from '../domain/days.ts'

type Sentence = readonly [zh: string, en: string]

const faultSentences = {
  'database.late': ['数据库在 {{seconds}} 秒内没有应答', 'The database did not answer within {{seconds}} s.'],
  'broker.down': ['与消息服务器的连接已断开，实时地图不再更新', 'The link to the broker is down; the live map stands still.'],
  'router.failing': [
    '自 {{since}} 起路径规划服务未正常应答，行车时间按估算',
    'The router has not answered as it should since {{since}}; travel times are estimated.',
  ],
  'disk.unreadable': ['无法读取数据目录', 'The data directory cannot be read.'],
  'disk.low': ['数据目录所在磁盘仅剩 {{gigabytes}} GB', 'The disk of the data directory has {{gigabytes}} GB left.'],
  'database.role': [
    '本服务所用的数据库角色可以改写审计日志；请改用 npm run migrate 所列的角色连接',
    'This service connects as a database role that could rewrite the audit log; connect it as the role that npm run migrate names.',
  ],
  'audit.head': ['审计日志的签名存证写入失败：{{error}}', 'The signed head of the audit log could not be written: {{error}}.'],
  'stored.silent': ['自 {{since}} 起没有定位点入库', 'No position has been stored since {{since}}.'],
  'conservation.elements': ['守恒计数相差 {{n}} 条', 'The conservation counters differ by {{n}} elements.'],
  'conservation.messages': ['守恒计数相差 {{n}} 条报文', 'The conservation counters differ by {{n}} messages.'],
  'rows.positions': ['有 {{n}} 个已计为入库的定位点不在表中', '{{n}} positions that were counted as stored are not in the table.'],
  'rows.messages': ['有 {{n}} 条已计为隔离的报文不在隔离区', '{{n}} messages that were counted as quarantined are not in quarantine.'],
  'session.unattended': [
    '消息服务器的会话 {{session}}（最近由采集进程 {{worker}} 处理）自 {{since}} 起无人处理：发到该会话的报文积压至有采集进程运行为止',
    "Nobody attends the broker's session {{session}} (last of ingest worker {{worker}}) since {{since}}: what terminals send to it waits there until a worker runs.",
  ],
  'broker.held': [
    '一分钟以来，消息服务器上至少积压 {{n}} 条报文未被采集入库',
    'For a minute the broker has held at least {{n}} messages that no ingest worker has committed.',
  ],
  'accounts.unkept': [
    '自 {{since}} 起，{{place}} 处的消息服务器账号无人维护：此后登记的终端无法连接，已停用的终端也未被断开；请在该处执行 npm run mosquitto:accounts 并加 --watch',
    "Nobody keeps the broker's accounts at {{place}} since {{since}}: terminals that were registered since cannot connect, and revoked ones are not cut off. Run npm run mosquitto:accounts with --watch there.",
  ],
  'job.failed': ['{{job}}的任务最近一次执行失败：{{error}}', 'The job that {{job}} failed at its last run: {{error}}.'],
  'job.off': ['{{job}}的任务已停用；npm run migrate 会重新设置', 'The job that {{job}} is switched off; npm run migrate sets it up again.'],
  'job.late': ['{{job}}的任务逾期未执行；最近一次执行于 {{since}}', 'The job that {{job}} is overdue; it last ran at {{since}}.'],
  'job.never': ['{{job}}的任务逾期未执行；从未执行过', 'The job that {{job}} is overdue; it has never run.'],
  'job.missing': [
    '没有{{job}}的任务，磁盘将被写满；请执行 npm run migrate',
    'There is no job that {{job}}: the disk will fill. Run npm run migrate.',
  ],
  'jobs.noWorkers': [
    'TimescaleDB 不能启动后台进程（timescaledb.max_background_workers = 0），其任务都不会执行',
    'TimescaleDB may start no background workers (timescaledb.max_background_workers = 0): none of its jobs runs.',
  ],
  'jobs.noScheduler': [
    'TimescaleDB 的调度进程没有在本数据库中运行，其任务都不会执行（max_worker_processes 不足，或恢复数据后没有结束恢复状态）',
    'TimescaleDB’s scheduler does not run in this database, so none of its jobs runs (max_worker_processes, or a restore that was not ended).',
  ],
  'jobs.open': [
    '本数据库的任何角色都能添加任务：请由超级用户执行 npm run migrate -- --print-superuser true 所输出的语句',
    'Every role of this database may add jobs to it: a superuser runs what npm run migrate -- --print-superuser true prints.',
  ],
} as const satisfies Record<string, Sentence>

export type HealthFaultCode = keyof typeof faultSentences
export type HealthFault = { code: HealthFaultCode; values: Record<string, string | number> }
export const healthFaultCodes = Object.keys(faultSentences) as [HealthFaultCode, ...HealthFaultCode[]]

/** What a job does, as the rest of its sentence; of any other job its procedure stands there. */
const jobs: Record<string, Sentence> = {
  compression: ['压缩历史定位点', 'compresses positions'],
  retention: ['清理过期定位点', 'drops old positions'],
}

type Locale = 'zh-CN' | 'en'
function valueIn(name: string, value: string | number | undefined, locale: Locale): string {
  const said = String(value ?? '')
  const k = locale === 'en' ? 1 : 0
  if (name === 'job') return (Object.hasOwn(jobs, said) ? jobs[said] : [`运行 ${said} `, `runs ${said}`])![k]!
  if (name === 'worker' && said === '') return ['不明', 'unknown'][k]!
  // Whoever reads Chinese reads the clock on the wall; a monitor reads instants.
  if (name === 'since' && locale === 'zh-CN')
    return new Date(Date.parse(said) + ZONE_OFFSET_MS).toISOString().slice(0, 19).replace('T', ' ')
  return said
}

export const faultSentence = ({ code, values }: HealthFault, locale: Locale): string =>
  faultSentences[code][locale === 'en' ? 1 : 0].replace(/\{\{(\w+)\}\}/g, (_, name: string) => valueIn(name, values[name], locale))
