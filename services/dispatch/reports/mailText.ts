// What a mail with a report says: whose it is, of what days, how many rows, and how to have no more of them. Figures stand in the file alone.
type Told = {
  name: string
  to: string
  from: string
  until: string
  rows: number
  locale: 'zh-CN' | 'en'
  leaveUrl: string | undefined
  site: string | undefined
}

export function textOf({ name, to, from, until, rows, locale, leaveUrl, site }: Told): string {
  const days = from === until ? from : `${from} – ${until}`
  const lines =
    locale === 'en'
      ? [
          `${to},`,
          `the report “${name}” of ${days} is attached (rows: ${rows}). It holds what your account may see at this moment.`,
          'The last line of the file has your name and a number; please do not pass it on.',
          leaveUrl ? `No more of it: ${leaveUrl}` : `To have no more of it, sign in${site ? ` at ${site}` : ''} and open Reports.`,
        ]
      : [
          `${to}：`,
          `定期报告“${name}”（${days}）见附件，共 ${rows} 行，内容以您账号当前的权限为准。`,
          '附件末行载有您的姓名和水印编号，请勿外传。',
          leaveUrl ? `退订：${leaveUrl}` : `如需退订，请登录系统${site ? `（${site}）` : ''}，在“定期报告”中办理。`,
        ]
  return `${lines.join('\n\n')}\n`
}
