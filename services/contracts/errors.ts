// The one catalogue of refusals: code → HTTP status and sentence. Every error answer has the shape of contracts/errorAnswer.ts.
export const errorCatalogue = {
  VALIDATION_FAILED: { status: 400, zh: '请求内容不符合要求', en: 'The request does not have the required form' },
  NOT_SIGNED_IN: { status: 401, zh: '请先登录', en: 'Sign in first' },
  BAD_CREDENTIALS: { status: 401, zh: '用户名或密码不正确', en: 'The user name or password is incorrect' },
  BAD_CODE: { status: 401, zh: '验证码不正确或已使用过', en: 'The code is incorrect or has already been used' },
  ACCOUNT_LOCKED: {
    status: 423,
    zh: '失败次数过多，已暂时锁定。请稍后再试，或联系系统管理员解锁',
    en: 'Too many failed attempts: the account is locked for a while. Try again later, or ask the system administrator',
  },
  ACCOUNT_NOT_ACTIVE: {
    status: 403,
    zh: '账号尚未授权、已停用或授权已到期，请联系安全管理员',
    en: 'The account has no role yet, was disabled, or its role has expired; ask the security administrator',
  },
  TOTP_REQUIRED: { status: 403, zh: '请输入动态口令', en: 'Enter the code of your second factor' },
  TOTP_ENROLMENT_REQUIRED: { status: 403, zh: '请先绑定动态口令', en: 'Enrol a second factor first' },
  ENTRY_CODE_REQUIRED: { status: 403, zh: '请输入另一名管理员签发的启用码', en: 'Enter the entry code that another administrator issued' },
  PASSWORD_CHANGE_REQUIRED: { status: 403, zh: '请先修改密码', en: 'Change your password first' },
  NOTICE_REQUIRED: { status: 403, zh: '请先阅读并确认告知书', en: 'Read and acknowledge the notice first' },
  OIDC_REFUSED: { status: 401, zh: '统一身份认证未能登录', en: 'Single sign-on failed' },
  TWO_PERSON_RULE: {
    status: 403,
    zh: '须由另一人办理：不得办理本人的账号，也不得一人办完须由两人办理的事项',
    en: 'Another person must do this: nobody does it for themselves, or alone what two people must do',
  },
  SEPARATED_ROLES: {
    status: 409,
    zh: '三员分立：同一人不得兼任系统、安全、审计管理员；须先终止原角色',
    en: 'No person holds two of the system, security and audit administrators; end the other role first',
  },
  FORBIDDEN: { status: 403, zh: '您的角色无权进行此操作', en: 'Your role does not permit this' },
  CSRF_FAILED: {
    status: 403,
    zh: '页面已过期，请刷新后重试；若仍如此，当前访问地址可能未列入系统允许的地址',
    en: 'The page has expired; reload it and try again. If that does not help, this address may not be one the service is set up for',
  },
  PURPOSE_REQUIRED: { status: 403, zh: '查看前须填写查看事由', en: 'State a purpose first' },
  CASE_REQUIRED: { status: 403, zh: '轨迹须在案卷内查看', en: 'Tracks are looked at within a case' },
  NOT_FOUND: { status: 404, zh: '未找到，或不在您的管辖范围内', en: 'Not found, or outside your scope' },
  TOO_SLOW: {
    status: 408,
    zh: '数据传输过慢，连接已断开，请换用更好的网络后重试',
    en: 'The data came too slowly and the connection was closed; try again on a better line',
  },
  /** Somebody was faster: what the caller saw (a version, a preview, a dry run) is no longer what is there. Nothing else is this. */
  CHANGED_MEANWHILE: { status: 409, zh: '数据已被他人修改', en: 'The data has been changed by someone else' },
  /** What is on record does not permit it: a state, something taken, something full. The reason always says which. */
  CONFLICT: { status: 409, zh: '与已登记的内容冲突，未作任何更改', en: 'What is on record does not permit this; nothing was changed' },
  TOO_LARGE: { status: 413, zh: '请求内容过大', en: 'The request is too large' },
  RATE_LIMITED: { status: 429, zh: '操作过于频繁，请稍后再试', en: 'Too many requests; try again shortly' },
  INTERNAL: { status: 500, zh: '服务器内部错误，已记录', en: 'Internal error; it has been recorded' },
  /** The database fell silent while it was asked to keep something: nobody knows yet whether it is kept. */
  OUTCOME_UNKNOWN: {
    status: 503,
    zh: '数据库未及时答复，操作可能已经完成；请先查看结果，再决定是否重试',
    en: 'The database did not answer in time: it may have been done; look before you try again',
  },
  UNAVAILABLE: { status: 503, zh: '服务暂不可用，请稍后再试', en: 'The service is not available at the moment; try again later' },
} as const satisfies Record<string, { status: number; zh: string; en: string }>

export type ErrorCode = keyof typeof errorCatalogue

/** A sentence of a schema in both languages, the Chinese first. */
export const BOTH_LANGUAGES = /^([“\p{Script=Han}].*) \/ (.*)$/u

/** Where input was wrong, or what stands in the way: the path in it, and the name and the figures of a sentence (contracts/refusals.ts). */
export type Issue = { path: string; message: string; reason?: string | undefined; values?: Record<string, string | number> | undefined }

/** Refuses input that a schema alone cannot judge; the path is like a schema's: `query.from`. */
export const invalidInput = (path: string, message: string): Refusal => new Refusal('VALIDATION_FAILED', undefined, [{ path, message }])

/** An expected refusal on its way to the client; everything else that is thrown is a bug or an outage. */
export class Refusal extends Error {
  readonly code: ErrorCode
  readonly issues: Issue[] | undefined
  /** A CONFLICT is never without its reason: what is it that stands in the way. */
  constructor(code: Exclude<ErrorCode, 'CONFLICT'>, message?: string, issues?: Issue[])
  constructor(code: ErrorCode, message: string, issues: Issue[])
  constructor(code: ErrorCode, message: string = errorCatalogue[code].en, issues?: Issue[]) {
    super(message)
    this.name = 'Refusal'
    this.code = code
    this.issues = issues
  }
}
