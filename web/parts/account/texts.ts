// Texts of the door and of one’s own account.
import { roomTexts } from '../../kit/i18n/i18n.ts'
import { kitTexts } from '../../kit/texts.ts'

export const accountTexts = roomTexts(kitTexts, {
  'password.submit': ['修改密码', 'Change password'],

  'enrol.begin': ['开始绑定', 'Begin'],

  'password.done': ['密码已修改，其他会话已退出', 'The password was changed; other sessions have ended'],
  'password.end': ['密码到期时间', 'Password expires'],
  'password.never': ['长期有效', 'Never'],

  'enrol.renew': ['更换设备', 'Replace'],
  'enrol.required': ['您的角色须使用', 'Required for your role'],
  'enrol.left': ['剩余恢复码 {{n}} 个', '{{n}} recovery codes left'],

  'me.password': ['密码', 'Password'],
  'me.factor': ['动态口令', 'Second factor'],
  'me.notices': ['告知书', 'Notices'],
  'me.noNotices': ['没有需要阅知的告知书', 'No notice concerns you'],
  'me.readAt': ['{{time}} 已阅知', 'Read at {{time}}'],
  'me.roleExpiresAt': ['授权有效期至 {{time}}', 'Your role expires at {{time}}'],

  'session.own': ['本次会话', 'This session'],
  'session.seen': ['最近活动 {{time}}', 'Last active {{time}}'],
  'session.begun': ['登录 {{time}}', 'Signed in {{time}}'],
  'session.pending': ['登录未完成', 'Sign-in not complete'],
  'session.end': ['退出', 'End'],
  'session.endOthers': ['退出其他所有会话', 'Sign out everywhere else'],
  'session.none': ['没有会话', 'No sessions'],

  'product.title': ['公务用车全区一张网', "One network for the region's official vehicles"],
  'product.goal.service': ['公务出行分类保障', 'Every travel need properly served'],
  'product.goal.cost': ['运行费用节约可控', 'Running costs economical and under control'],
  'product.goal.order': ['公车管理规范透明', 'Vehicles managed by rule and in the open'],
  'product.goal.supervision': ['监管问责科学有效', 'Effective supervision and accountability'],

  'signIn.title': ['登录', 'Sign in'],
  'signIn.username': ['用户名', 'User name'],
  'signIn.password': ['密码', 'Password'],
  'signIn.showPassword': ['显示', 'Show'],
  'signIn.hidePassword': ['隐藏', 'Hide'],
  'signIn.capsLock': ['大写锁定已打开', 'Caps Lock is on'],
  'signIn.submit': ['登录', 'Sign in'],
  'signIn.busy': ['正在登录…', 'Signing in…'],
  'signIn.demoTitle': ['演示账号', 'Demo accounts'],
  'signIn.demoText': [
    '本系统以演示方式运行，车辆与人员均为虚构。选择一个角色即可进入。',
    'This system runs as a demo; vehicles and people are made up. Choose a role to enter.',
  ],
  'signIn.notice': [
    '仅限授权人员使用。查看车辆位置和轨迹的行为均被记录。',
    "For authorised staff only. Every look at a vehicle's position or track is recorded.",
  ],

  'password.fault.too-short': ['至少 {{n}} 个字符', 'At least {{n}} characters'],
  'password.fault.too-few-classes': ['含大写字母、小写字母、数字、符号中的 {{n}} 类', '{{n}} of: capitals, small letters, digits, signs'],
  'password.fault.holds-user-name': ['不含用户名', 'Without the user name'],
  'password.fault.too-common': ['不是常见密码', 'Not a common password'],
  'password.fault.used-before': ['与最近 {{n}} 次的密码不同', 'Different from the last {{n}} passwords'],

  'again.title': ['登录已失效', 'Your session has ended'],
  'again.text': [
    '{{name}}，请重新登录。填写的内容仍在，登录后可继续办理。',
    '{{name}}, sign in again. What you entered is still there, and you can go on.',
  ],
  'again.leave': ['放弃填写的内容，退出', 'Discard what I entered and sign out'],

  'step.of': ['正在登录：{{name}}', 'Signing in: {{name}}'],
  'step.cancel': ['退出，换账号登录', 'Sign out and use another account'],
  'step.totp.title': ['动态口令', 'Second factor'],
  'step.totp.text': ['请输入身份验证器应用中的 6 位动态口令。', 'Enter the six digits that your authenticator app shows.'],
  'step.totp.code': ['动态口令', 'Code'],
  'step.totp.recovery': ['恢复码', 'Recovery code'],
  'step.totp.useRecovery': ['手机不在身边？使用恢复码', 'Without your phone? Use a recovery code'],
  'step.totp.useCode': ['使用动态口令', 'Use a code'],
  'step.confirm': ['确认', 'Confirm'],
  'step.entry.title': ['启用码', 'Entry code'],
  'step.entry.text': [
    '首次登录或重置之后，除一次性密码外，还须输入另一名管理员签发给您的启用码。',
    'At the first sign-in and after a reset you need, besides the password, the code that another administrator gave you.',
  ],
  'step.entry.code': ['启用码（XXXX-XXXX-XXXX-XXXX）', 'Entry code (XXXX-XXXX-XXXX-XXXX)'],
  'step.password.title': ['修改密码', 'Change password'],
  'step.password.text': ['一次性密码或已到期的密码须修改后才能继续。', 'A one-time or expired password must be changed first.'],
  'step.enrol.title': ['绑定动态口令', 'Enrol a second factor'],
  'step.enrol.text': [
    '您的角色登录时除密码外还须使用动态口令。请用手机上的身份验证器应用扫描二维码。',
    'Your role signs in with a second factor. Scan the picture with an authenticator app on your phone.',
  ],
  'step.notice.accept': ['已阅读并知悉', 'I have read this'],
  'step.oidc': ['统一身份认证登录', 'Single sign-on'],
  'step.oidc.refused': ['统一身份认证未能登录：没有与您对应的有效账号', 'Single sign-on failed: there is no active account for you'],
  'step.oidc.inactive': ['账号尚未授权、已停用或授权已到期', 'The account has no role yet, was disabled, or its role has expired'],
  'step.oidc.unavailable': ['统一身份认证服务暂不可用，请使用密码登录', 'Single sign-on is not available; use your password'],

  'password.current': ['当前密码', 'Current password'],
  'password.next': ['新密码', 'New password'],
  'password.again': ['再次输入新密码', 'New password again'],
  'password.differs': ['两次输入的新密码不一致', 'The two new passwords differ'],
  'password.endsAt': ['密码将于 {{time}} 到期，请及时修改', 'Your password must be changed by {{time}}'],

  'enrol.qr': ['动态口令二维码', 'QR code for the authenticator app'],
  'enrol.secret': ['无法扫描时手工输入密钥', 'If you cannot scan it, type this secret'],
  'enrol.code': ['应用显示的 6 位动态口令', 'The six digits that the app shows'],
  'enrol.oldCode': ['当前设备的动态口令或恢复码', 'A code from your current device, or a recovery code'],
  'enrol.codesTitle': ['恢复码', 'Recovery codes'],
  'enrol.codesText': [
    '手机遗失时，每个恢复码可代替动态口令使用一次。仅显示这一次，请抄录并妥善保管。',
    'Each code can be used once in place of the second factor if the phone is lost. They are shown only now: write them down and keep them safe.',
  ],
  'enrol.codesKept': ['已妥善保存，继续', 'I have saved them; continue'],
})

export const useText = accountTexts.useText
